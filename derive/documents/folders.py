"""The documents below a folder: in the order of the names, without what is hidden, ignored by Git or excluded.

What cannot be looked into is told, not passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from derive.documents.parts.document import Unopened
from derive.documents.reading import SUFFIXES

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".gitignore"


@dataclass(frozen=True)
class Patterns:
    """Lines as in a ``.gitignore`` file; paths are matched relative to `folder`."""

    folder: Path
    spec: GitIgnoreSpec

    def decides(self, path: Path, is_folder: bool) -> bool | None:
        """True if `path` is left out, False if a line takes it back in, None if no line speaks of it."""
        relative = path.relative_to(self.folder).as_posix()
        return self.spec.check_file(relative + "/" if is_folder else relative).include


@dataclass(frozen=True)
class Walk:
    """How a folder is searched: which suffixes count, the patterns `exclude`, and whether ``.gitignore`` files count."""

    suffixes: tuple[str, ...] = SUFFIXES
    exclude: tuple[Patterns, ...] = ()
    ignore: bool = True

    def below(self, folder: Path) -> Iterator[Path | Unopened]:
        """Every document below `folder`, and what could not be opened there."""
        yield from self._below(folder, _above(folder) if self.ignore else ())

    def _below(self, folder: Path, ignored: tuple[Patterns, ...]) -> Iterator[Path | Unopened]:
        try:
            with os.scandir(folder) as entries:
                found = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
            if self.ignore:
                ignored = (*ignored, *_patterns_in(folder))
        except OSError as error:
            yield Unopened(str(folder), f"cannot be opened: {error.strerror or error}")
            return
        for entry in found:
            path = folder / entry.name
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                linked = not is_folder and entry.is_symlink() and path.is_dir()  # a linked folder may lead back here
            except OSError as error:
                yield Unopened(str(path), f"cannot be opened: {error.strerror or error}")
                continue
            if linked or self.leaves_out(path, is_folder, ignored):
                continue
            if is_folder:
                yield from self._below(path, ignored)
            elif path.suffix.lower() in self.suffixes and (entry.is_file() or not path.exists()):
                yield path  # a link that leads nowhere is told when it is opened

    def leaves_out(self, path: Path, is_folder: bool, ignored: tuple[Patterns, ...] = ()) -> bool:
        """Whether `path` is excluded or ignored: of nested files with patterns the innermost that speaks of it decides."""
        for rows in (self.exclude, ignored):
            place = absolute(path)
            answers = (row.decides(place, is_folder) for row in reversed(rows) if place.is_relative_to(row.folder))
            if next((answer for answer in answers if answer is not None), False):
                return True
        return False


def below(folder: Path) -> Iterator[Path]:
    """Every document below `folder` that can be opened; nothing is ignored but what is hidden."""
    yield from (path for path in Walk(ignore=False).below(folder) if isinstance(path, Path))


def absolute(path: Path) -> Path:
    """`path` from the root, without ``..``; links are not followed."""
    return Path(os.path.abspath(path))


def patterns(folder: Path, lines: list[str] | tuple[str, ...]) -> Patterns:
    """The lines as patterns for what is below `folder`; raises ValueError if one is no pattern."""
    from pathspec import GitIgnoreSpec

    return Patterns(absolute(folder), GitIgnoreSpec.from_lines(lines))


def _patterns_in(folder: Path) -> tuple[Patterns, ...]:
    """The patterns of the ``.gitignore`` file in `folder`, if there is one that can be read."""
    path = folder / IGNORE_FILE
    if not path.is_file():
        return ()
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        return (patterns(folder, lines),)
    except ValueError:
        return ()  # Git too passes over lines that it cannot read


def _above(folder: Path) -> tuple[Patterns, ...]:
    """The patterns of the folders above, down from the root of the repository; none if `folder` is in no repository.

    Where they ignore `folder` itself, it was named in spite of them, and they do not count.
    """
    folder = absolute(folder)
    above: list[Path] = []
    for each in (folder, *folder.parents):
        if each != folder:
            above.insert(0, each)
        if (each / ".git").exists():
            break
    else:
        return ()
    try:
        found = tuple(each for place in above for each in _patterns_in(place))
    except OSError:
        return ()
    return () if Walk().leaves_out(folder, True, found) else found
