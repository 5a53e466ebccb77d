"""Measures of one column."""
