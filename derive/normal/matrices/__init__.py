"""Matrices as arrays of entries: inverses, determinants, exponentials."""
