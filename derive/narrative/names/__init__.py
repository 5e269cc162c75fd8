"""What a document tells of its names: declarations, macros, ranges, spaces, letters."""
