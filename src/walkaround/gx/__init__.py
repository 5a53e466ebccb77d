"""Great Expectations: suites of facts, and judging them. Nothing here imports GX until it is used."""
