"""What the words around formulas say."""
