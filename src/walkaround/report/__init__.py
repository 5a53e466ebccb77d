"""The report: one `Run`, as a page, as JSON, and in the forms that other tools read."""
