"""Generated tables in the pages of ``docs/``: a command writes its table between two markers of a page."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def publish(page: str, name: str, text: str) -> Path:
    """Replace the table `name` of ``docs/<page>`` by `text`.

    Returns:
        The path of the page.

    Raises:
        ValueError: if the page has no place, or more than one, for a table of this name.
    """
    path = DOCS / page
    before, _, after = _split(path.read_text(encoding="utf-8"), name)
    path.write_text(f"{before}\n{text.strip()}\n{after}", encoding="utf-8")
    return path


def published(page: str, name: str) -> str:
    """The table `name` as ``docs/<page>`` shows it.

    Raises:
        ValueError: if the page has no place, or more than one, for a table of this name.
    """
    return _split((DOCS / page).read_text(encoding="utf-8"), name)[1].strip()


def _split(text: str, name: str) -> tuple[str, str, str]:
    """The page up to and with the opening marker, the table, and the page from the closing marker on."""
    opening, closing = f"<!-- table: {name} -->", f"<!-- end of table: {name} -->"
    if text.count(opening) != 1 or text.count(closing) != 1 or text.index(closing) < text.index(opening):
        raise ValueError(f"one pair of markers for a table {name!r} was expected")
    start, end = text.index(opening) + len(opening), text.index(closing)
    return text[:start], text[start:end], text[end:]
