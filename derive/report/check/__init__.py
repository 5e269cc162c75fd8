"""The outcome of a check: one file for each format."""
