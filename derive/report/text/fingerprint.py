"""What a claim is known by from one run to the next: its document, its formula, and which of equal ones it is."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

from derive.jobs.outcome import DocumentReport


def fingerprints(document: DocumentReport) -> tuple[str, ...]:
    """16 hexadecimal digits for each claim of the document; they depend on no line number.

    SHA-256 of the relative path, the LaTeX without differences of white space, and the number of the occurrence.
    """
    seen: Counter[str] = Counter()
    found = []
    for claim in document.claims:
        formula = " ".join(claim.latex.split())
        seen[formula] += 1
        text = "\0".join((relative_path(document.path), formula, str(seen[formula])))
        found.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16])
    return tuple(found)


def relative_path(path: str) -> str:
    """`path` from the working folder on, with forward slashes; as it is where it lies elsewhere."""
    whole = Path(path)
    if whole.is_absolute() and whole.is_relative_to(Path.cwd()):
        whole = whole.relative_to(Path.cwd())
    return whole.as_posix()
