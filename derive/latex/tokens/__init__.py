"""A formula cut into tokens, and tokens into rows and statements: all that reads the characters of LaTeX."""
