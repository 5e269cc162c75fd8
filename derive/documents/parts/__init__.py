"""What every format of documents is read with: blocks with places, delimiters, macros, comments."""
