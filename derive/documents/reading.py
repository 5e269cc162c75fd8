"""Opens a document: the file's name says how it is read."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from derive.documents.encoding import decode
from derive.documents.formats.markdown import read_markdown
from derive.documents.formats.notebook import read_notebook
from derive.documents.formats.restructured import read_restructured
from derive.documents.formats.tex import read_tex
from derive.documents.formats.text import read_text
from derive.documents.formats.webpage import read_webpage
from derive.documents.parts.builder import Builder
from derive.documents.parts.document import Document, DocumentError
from derive.documents.parts.includes import included
from derive.documents.parts.passage import Source

SUFFIXES = (".md", ".markdown", ".tex", ".txt", ".ipynb", ".html", ".htm", ".mdx", ".qmd", ".rmd", ".rst")
STANDARD_INPUT = "-"
_LARGEST = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Loaded:
    """The text of a document that nothing was looked for in yet; `path` is what it is called, `suffix` how it is read.

    `encoding` is named where it was guessed. `declared` are lines as in front matter that hold before those of the text.
    `by_option` says that the text is a claim or a goal of the command line. `included` are the files that the text
    includes: their names as it writes them, and their texts.
    """

    path: str
    suffix: str
    text: str
    encoding: str = ""
    declared: tuple[str, ...] = ()
    by_option: bool = False
    included: tuple[tuple[str, str], ...] = ()

    def document(self) -> Document:
        """The document. How long this takes is decided by the text.

        Raises:
            DocumentError: if the text is not what the suffix says.
        """
        return _document(self)


def read(path: str | Path, text: str | None = None) -> Document:
    """The document at `path`, or `text` read as if it stood there; ``-`` is standard input, read as Markdown.

    Raises DocumentError, with one line that names the path and the reason, where there is no such file, its name has
    a suffix that is no document's, or its content is no text, or text in an encoding that is neither UTF-8 nor certain.
    """
    return load(path, text).document()


def load(path: str | Path, text: str | None = None) -> Loaded:
    """The text of the document at `path`, or `text`, in time that only its length decides; raises as :func:`read` does."""
    name = str(path)
    suffix = Path(name).suffix.lower()
    if name == STANDARD_INPUT or (text is not None and not suffix):
        suffix = ".md"
    if suffix not in SUFFIXES:
        raise DocumentError(f"{name}: cannot be read: {suffix or 'no suffix'} is none of {' '.join(SUFFIXES)}")
    if text is not None:
        return Loaded(name, suffix, text)
    decoded = decode(_load(name), name)
    files = included(name, decoded.text) if suffix == ".tex" else ()
    return Loaded(name, suffix, decoded.text, decoded.guessed, included=files)


def text_or_file(given: str | Path, name: str, caller: str) -> Loaded:
    """The text `given`, called `name`, or the file at the path `given`.

    Raises:
        ValueError: if what is given as a text is the name of a file; it says what to call instead.
        DocumentError: as :func:`load` does.
    """
    if isinstance(given, Path):
        return load(given)
    if _names_a_file(given):
        raise ValueError(
            f"{given!r} is the name of a file, and text was expected; for the file: {caller}(pathlib.Path({given!r}))"
        )
    return load(name, given)


def _names_a_file(text: str) -> bool:
    """Whether a text without a formula is one line that names a file, whether it is there or not."""
    if not text.strip() or len(text) > 1000 or any(mark in text for mark in ("\n", "\0", "$", "\\(", "\\[", "=")):
        return False
    if Path(text).suffix.lower() in SUFFIXES and len(text.split()) == 1:
        return True
    return Path(text).is_file()


def _document(loaded: Loaded) -> Document:
    name, suffix = loaded.path, loaded.suffix
    source = Source(loaded.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    builder = Builder(name, source)
    if loaded.declared:
        builder.shared(loaded.declared)
    if loaded.encoding:
        builder.note(f"read as {loaded.encoding}, since it is not UTF-8", 0)
    if not source.text.strip():
        return builder.finish()
    if suffix == ".ipynb":
        read_notebook(builder, source, name)
    elif suffix in (".html", ".htm"):
        read_webpage(builder, source)
    elif suffix == ".tex":
        read_tex(builder, source.lines(), dict(loaded.included))
    elif suffix == ".rst":
        read_restructured(builder, source.lines())
    elif suffix == ".txt":
        read_text(builder, source.lines())
    else:
        read_markdown(builder, source.lines())
    return builder.finish()


def _load(name: str) -> bytes:
    if name == STANDARD_INPUT:
        return sys.stdin.buffer.read(_LARGEST + 1)
    try:
        if Path(name).is_dir():
            raise DocumentError(f"{name}: cannot be opened: it is a folder")
        with open(name, "rb") as file:
            data = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DocumentError(f"{name}: cannot be opened: {reason}") from error
    if len(data) > _LARGEST:
        raise DocumentError(f"{name}: cannot be read: larger than {_LARGEST // 2**20} MiB")
    return data
