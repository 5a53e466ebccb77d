"""Suites on small drawn tables, run by `walkaround.gx.rows` and by stock Great Expectations on pandas, side by side."""
