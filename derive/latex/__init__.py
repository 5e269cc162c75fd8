"""LaTeX in and out."""
