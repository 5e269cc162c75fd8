"""Pages: formulas as MathML, style and script."""
