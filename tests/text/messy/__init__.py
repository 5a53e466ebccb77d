"""Messy text files by seed, and what must come of them."""
