"""Where the mathematics is: documents as blocks with places, whatever the format."""

from derive.documents.folders import Walk, below
from derive.documents.parts.document import (
    Block,
    Declaration,
    Directive,
    Document,
    DocumentError,
    Formula,
    Heading,
    Macro,
    Note,
    Prose,
    Unopened,
)
from derive.documents.reading import SUFFIXES, Loaded, load, read, text_or_file

__all__ = [
    "SUFFIXES",
    "Block",
    "Declaration",
    "Directive",
    "Document",
    "DocumentError",
    "Formula",
    "Heading",
    "Loaded",
    "Macro",
    "Note",
    "Prose",
    "Unopened",
    "Walk",
    "below",
    "load",
    "read",
    "text_or_file",
]
