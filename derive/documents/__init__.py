"""Where the mathematics is: documents as blocks with places, whatever the format."""

from derive.documents.document import (
    Block,
    Declaration,
    Document,
    DocumentError,
    Formula,
    Heading,
    Macro,
    Note,
    Prose,
)
from derive.documents.reading import SUFFIXES, Loaded, below, load, read, text_or_file

__all__ = [
    "SUFFIXES",
    "Block",
    "Declaration",
    "Document",
    "DocumentError",
    "Formula",
    "Heading",
    "Loaded",
    "Macro",
    "Note",
    "Prose",
    "below",
    "load",
    "read",
    "text_or_file",
]
