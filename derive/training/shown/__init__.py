"""Curves in a line of text and as pictures."""
