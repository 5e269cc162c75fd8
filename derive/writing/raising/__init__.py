"""Index terms raised to matrix notation: sums over shared indices as products, a delta as I, a lone index as a column."""
