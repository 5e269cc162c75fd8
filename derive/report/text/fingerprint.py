"""What a claim is known by from one run to the next: its document, its formula, and which of equal ones it is."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from derive.jobs.outcome import DocumentReport


def fingerprints(document: DocumentReport, folder: Path | None = None) -> tuple[str, ...]:
    """16 hexadecimal digits for each claim of the document; they depend on no line number.

    SHA-256 of the path relative to `folder`, or to the working folder, the LaTeX without differences of white space, and the
    number of the occurrence.
    """
    return _marks(document.path, [claim.latex for claim in document.claims], folder)


def structure_fingerprints(document: DocumentReport, folder: Path | None = None) -> tuple[str, ...]:
    """The same for each structure finding of the document: of its kind and formula."""
    return _marks(document.path, [f"{each.kind}: {each.latex}" for each in document.structure], folder)


def _marks(path: str, formulas: Iterable[str], folder: Path | None) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    found = []
    for latex in formulas:
        formula = " ".join(latex.split())
        seen[formula] += 1
        text = "\0".join((relative_path(path, folder), formula, str(seen[formula])))
        found.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16])
    return tuple(found)


def relative_path(path: str, folder: Path | None = None) -> str:
    """`path` with forward slashes, from `folder` on, by ``..`` where it lies beside it; else from the working folder on."""
    whole = Path(path)
    if folder is not None:
        with suppress(ValueError):  # on another drive
            return Path(os.path.relpath(whole, folder)).as_posix()
    if whole.is_absolute() and whole.is_relative_to(Path.cwd()):
        whole = whole.relative_to(Path.cwd())
    return whole.as_posix()
