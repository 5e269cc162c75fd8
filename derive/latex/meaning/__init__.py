"""Syntax trees to terms, with the obligations that only the tree shows."""
