"""What is remembered of each run: its verdict, findings and facts. Never rows, never values."""
