"""Servers that speak SQL: what they have in common. Each is a dialect, in a module of its own beside this folder."""
