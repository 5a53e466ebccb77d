"""Measures of whole rows."""
