"""The laws of single functions: their slopes, and their normal forms."""
