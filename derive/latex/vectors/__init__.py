"""Vectors and matrices without indices: their shapes, and their entries as claims with indices."""
