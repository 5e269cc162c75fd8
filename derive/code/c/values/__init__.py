"""What of an array program is kept in C variables, and its nodes as C expressions."""
