"""The table of names, and what the formulas of a document show of them."""
