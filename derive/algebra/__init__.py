"""Terms, contexts, calculus, the normal form that proves and the balls that refute."""
