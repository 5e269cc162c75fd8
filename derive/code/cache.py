"""Generated text that is kept in the user's cache folder, under a key of all that it depends on.

The key is a hash of what the caller names (documents, target, sizes), of every source file of this program, and of the version
of SymPy. A file holds the hash of its text in its first line; one that is damaged, or that somebody else could have written,
is made anew. What cannot be written is not kept. With the environment variable ``DERIVE_NO_CACHE`` nothing is read or written.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

OFF = "DERIVE_NO_CACHE"


def off() -> bool:
    """Whether the user wants nothing to be kept."""
    return bool(os.environ.get(OFF))


@contextmanager
def without() -> Iterator[None]:
    """While it lasts nothing is read or written."""
    before = os.environ.get(OFF)
    os.environ[OFF] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[OFF]
        else:
            os.environ[OFF] = before


def folder() -> Path:
    """``$XDG_CACHE_HOME/derive`` or ``~/.cache/derive``; it need not exist."""
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base) / "derive" if base and os.path.isabs(base) else Path(os.path.expanduser("~")) / ".cache" / "derive"


def kept(parts: Sequence[str], make: Callable[[], str]) -> str:
    """The text that `make` gives, kept under the key `parts`."""
    if off():
        return make()
    path = folder() / f"{key(parts)}.txt"
    text = _read(path)
    if text is None:
        text = make()
        _write(path, text)
    return text


def key(parts: Sequence[str]) -> str:
    """The name under which a text is kept."""
    digest = hashlib.sha256()
    for part in (_program(), *parts):
        data = part.encode()
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


def own(path: Path) -> bool:
    """Whether nobody but this user (or the superuser) can have written what is there."""
    if not hasattr(os, "getuid"):
        return True
    known = path.stat()
    return known.st_uid in (os.getuid(), 0) and not known.st_mode & 0o022


def _read(path: Path) -> str | None:
    try:
        if not own(path) or not own(path.parent):
            return None
        first, _, text = path.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if first == _hash(text) else None


def _write(path: Path, text: str) -> None:
    """Write beside the file and put it in its place, or leave all as it is."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".text.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(f"{_hash(text)}\n{text}")
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def _program() -> str:
    """A hash of this program's source and of the version of SymPy: both decide what is generated."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes() + b"\0")
    with suppress(PackageNotFoundError):
        digest.update(version("sympy").encode())
    return digest.hexdigest()
