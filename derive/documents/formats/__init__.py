"""The formats of documents, one file each: where a file has its formulas, its words and its declarations."""
