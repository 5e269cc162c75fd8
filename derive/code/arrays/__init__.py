"""Array programs, and terms to array programs."""
