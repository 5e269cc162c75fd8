"""A proof in print: one file for each format."""
