"""Examples with labels, from files of several formats."""
