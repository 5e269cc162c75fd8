"""C functions that generated code is written with."""
