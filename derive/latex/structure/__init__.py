"""Faults of a formula that show without knowing what it means: indices, brackets, operators, differentials."""
