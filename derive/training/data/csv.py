"""Examples from CSV: one a line, numbers separated by commas, the label in one column; a first line of names is understood.

The label is in the column called ``label``, ``class``, ``target`` or ``y``, if the first line has names; otherwise in the last
one, or in the first if the last has the same number in every line (as in some CSV files of MNIST).
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from derive.training.data.dataset import Table
from derive.training.settings.errors import DataError

NAMES = ("label", "class", "target", "y")


def read_csv(path: Path) -> Table:
    """The examples of a CSV file, compressed or not.

    Raises:
        DataError: if it cannot be read, or a line has another number of columns or something that is no number.
    """
    return parse_csv(_text(path), str(path))


def parse_csv(text: str, source: str) -> Table:
    """The examples of the text of a CSV file."""
    import numpy as np

    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise DataError(f"{source}: expected examples, found none")
    names = [cell.strip().strip('"').lower() for cell in lines[0][1].split(",")]
    has_names = not all(_is_number(name) for name in names)
    rows = lines[1:] if has_names else lines
    if not rows:
        raise DataError(f"{source}: expected examples, found none below the line of names")
    columns = len(names)
    for number, line in rows:
        found = line.count(",") + 1
        if found != columns:
            raise DataError(f"{source}:{number}: expected {columns} columns as in the first line, found {found}")
    if columns < 2:
        raise DataError(f"{source}: expected at least one input and the label in each line, found {columns} column")
    try:
        values = np.loadtxt([line for _, line in rows], delimiter=",", ndmin=2, comments=None)
    except ValueError as error:
        raise DataError(_not_a_number(rows, source)) from error
    constant = bool((values[:, -1] == values[0, -1]).all())
    label = next((names.index(name) for name in NAMES if has_names and name in names), 0 if constant else columns - 1)
    return Table(np.delete(values, label, axis=1), values[:, label], source, "line {}", rows[0][0])


def _not_a_number(rows: list[tuple[int, str]], source: str) -> str:
    for number, line in rows:
        for column, cell in enumerate(line.split(","), 1):
            if not _is_number(cell):
                return f"{source}:{number}: expected a number in column {column}, found {cell.strip()[:40]!r}"
    return f"{source}: expected numbers separated by commas"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected a text of numbers, found bytes that are no text") from error
    except (EOFError, zlib.error) as error:
        raise DataError(f"{path}: expected a gzip file, found a damaged one") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
