"""How terms and verdicts are written for people: LaTeX, plain text, and the words of a verdict."""
