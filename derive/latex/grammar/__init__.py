"""Tokens to syntax trees: what stands where, before anything is known to have a value."""
