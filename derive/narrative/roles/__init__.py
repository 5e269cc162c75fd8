"""The role of each relation of a document, by a table."""
