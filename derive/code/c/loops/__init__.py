"""The loops of a C function."""
