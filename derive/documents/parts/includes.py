r"""The files that a TeX document includes: ``\input``, ``\include``, ``\subfile``, ``\import``, from its own folder only.

They are read when the document is loaded, so that whoever reads the text later opens no file. A name that leads out of
the folder, by ``..``, by an absolute path or by a link, is not opened; nor are more than :data:`MOST` files.
"""

from __future__ import annotations

import re
from pathlib import Path

INCLUDE = re.compile(r"\\(?:input|include|subfile|import)\s*\{([^{}\n]*)\}(?:\{([^{}\n]*)\})?|\\input[ \t]+([^\s{}\\%]+)")
MOST = 100
_LARGEST = 4 * 1024 * 1024  # bytes, all files together


def name_of(match: re.Match[str]) -> str:
    """The name of the file that a command includes, as it was written."""
    return ((match[1] or "") + (match[2] or "") or match[3] or "").strip()


def included(path: str | Path, text: str) -> tuple[tuple[str, str], ...]:
    """The names that `text`, the document at `path`, includes, each with the text of its file, where it may be opened."""
    own = Path(path).resolve()
    folder = own.parent
    found: dict[str, str] = {}
    waiting = [text]
    size = 0
    while waiting and len(found) < MOST:
        for match in INCLUDE.finditer(waiting.pop()):
            name = name_of(match)
            if name in found or len(found) >= MOST or (content := _content(own, folder, name)) is None:
                continue
            size += len(content)
            if size > _LARGEST:
                return tuple(found.items())
            found[name] = content
            waiting.append(content)
    return tuple(found.items())


def _content(own: Path, folder: Path, name: str) -> str | None:
    """The text of the file, None if there is none in the folder, it is no text, or it is the document itself."""
    try:
        file = (folder / (name if name.endswith(".tex") else name + ".tex")).resolve()
        if not name or file == own or not file.is_relative_to(folder) or not file.is_file() or file.stat().st_size > _LARGEST:
            return None
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
