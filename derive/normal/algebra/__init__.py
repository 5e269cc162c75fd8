"""Polynomials in atoms, and what is known of the atoms: the ring in which normal forms are made."""
