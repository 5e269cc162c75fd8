"""Jupyter notebooks (nbformat 3 and 4): the Markdown cells, with places in the notebook's own file.

The place of a character is the place of its escape in the JSON text, so that an editor that opens the file lands on it.
The standard library's decoder does not tell where a string stands; but it keeps the order of the text, so the n-th
string of the decoded value is the n-th string of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from derive.documents.formats.markdown import read_markdown
from derive.documents.parts.builder import Builder
from derive.documents.parts.document import DocumentError
from derive.documents.parts.passage import Passage, Source, join

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: no text that could be printed


class _Pairs(tuple[tuple[str, Any], ...]):
    """A JSON object as it stands in the text: its keys in order, repeated ones too."""


class _PlacedString(str):
    """A string of a JSON text that knows between which offsets it stands there."""

    __slots__ = ("start", "stop")
    start: int
    stop: int


def read_notebook(builder: Builder, source: Source, path: str) -> None:
    """The Markdown cells of a notebook into `builder`; raises DocumentError where the file is no notebook."""
    try:
        value = json.loads(source.text, object_pairs_hook=_Pairs, strict=False)
        notebook = _placed(value, _STRING.finditer(source.text))
    except json.JSONDecodeError as error:
        raise DocumentError(f"{path}: not a notebook: {error.msg} (line {error.lineno})") from error
    except (RecursionError, ValueError) as error:
        raise DocumentError(f"{path}: not a notebook: nested too deeply, or a number too long") from error
    for index, cell in enumerate(_cells(notebook, path)):
        if not isinstance(cell, dict):
            raise DocumentError(f"{path}: not a notebook: cell {index + 1} is no object")
        if cell.get("cell_type") not in ("markdown", "heading"):
            continue
        pieces = _pieces(cell.get("source"))
        if pieces is None:
            reason = f"the source of cell {index + 1} is neither a string nor a list of them"
            raise DocumentError(f"{path}: not a notebook: {reason}")
        if pieces:
            passage = join(_passage(piece, source) for piece in pieces)
            builder.cell = index
            builder.paragraph()
            read_markdown(builder, passage)
    builder.cell = None


def _placed(value: Any, strings: Iterator[re.Match[str]]) -> Any:
    if isinstance(value, str):
        match = next(strings)
        placed = _PlacedString(value)
        placed.start, placed.stop = match.start() + 1, match.end() - 1
        return placed
    if isinstance(value, _Pairs):
        fields: dict[str, Any] = {}
        for key, field in value:
            next(strings)
            fields[key] = _placed(field, strings)
        return fields
    if isinstance(value, list):
        return [_placed(entry, strings) for entry in value]
    return value


def _cells(notebook: Any, path: str) -> list[Any]:
    if isinstance(notebook, dict):
        if isinstance(notebook.get("cells"), list):
            return list(notebook["cells"])
        sheets = notebook.get("worksheets")
        if isinstance(sheets, list) and all(isinstance(s, dict) and isinstance(s.get("cells"), list) for s in sheets):
            return [cell for sheet in sheets for cell in sheet["cells"]]
    raise DocumentError(f"{path}: not a notebook: no list of cells")


def _pieces(value: Any) -> list[_PlacedString] | None:
    """The strings of a cell's source, which is one of them or a list; None if it is neither."""
    pieces = value if isinstance(value, list) else [value]
    strings = [piece for piece in pieces if isinstance(piece, _PlacedString)]
    return strings if len(strings) == len(pieces) else None


def _passage(string: _PlacedString, source: Source) -> Passage:
    """The decoded string; each escape, and what follows it, is a run of its own."""
    runs = [(0, string.start)]
    behind = 0  # how many more characters the JSON text has than the string, up to here
    for escape in _ESCAPE.finditer(source.text, string.start, string.stop):
        at = escape.start() - string.start - behind
        behind += len(escape.group()) - 1
        if runs[-1][0] != at:
            runs.append((at, escape.start()))
        runs.append((at + 1, escape.end()))
    return Passage(_SURROGATE.sub("\ufffd", string), tuple(runs), source)
