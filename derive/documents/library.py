"""The proofs that come with the program: in the package as ``derive/library``, in a source checkout as ``proofs``."""

from __future__ import annotations

from pathlib import Path

from derive.documents.folders import below
from derive.documents.parts.document import DocumentError


def folder() -> Path:
    """Where the library is."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "library"
    return packaged if packaged.is_dir() else package.parent / "proofs"


def names() -> tuple[str, ...]:
    """The names by which the documents of the library can be asked for."""
    home = folder()
    return tuple(path.relative_to(home).with_suffix("").as_posix() for path in below(home)) if home.is_dir() else ()


def find(name: str) -> Path:
    """The library's document called `name`, without its suffix; raises DocumentError if there is none."""
    for path in below(folder()) if folder().is_dir() else ():
        if path.relative_to(folder()).with_suffix("").as_posix() == name or path.stem == name:
            return path
    known = ", ".join(names()) or "none"
    raise DocumentError(f"{name}: cannot be opened: no such file, and no such proof in the library (known: {known})")
