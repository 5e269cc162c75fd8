"""Finite sums with symbolic limits."""
