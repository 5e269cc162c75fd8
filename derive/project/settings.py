"""The settings of ``derive check``: the keys of ``derive.toml``, or of ``[tool.derive]`` in ``pyproject.toml``.

A key is a row of :data:`KEYS`. One that is unknown, or has a value of another kind, is an error with its place.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derive.documents import Walk
from derive.documents.folders import absolute, patterns
from derive.report import FORMATS

NAME, SHARED, TABLE = "derive.toml", "pyproject.toml", "tool.derive"


class SettingsError(Exception):
    """A file of settings that cannot be used; the message says where, what is wrong, and what was expected."""


@dataclass(frozen=True)
class Settings:
    """What a file says, or what holds without one. None: nothing is said.

    `timeout` is in seconds for each claim, `memory` in MiB; `exclude` has lines as in a ``.gitignore`` file, relative to
    `folder`, where the file lies, and `baseline` is a file of known findings (:mod:`derive.project.baseline`).
    """

    strict: bool = False
    timeout: float | None = None
    memory: int | None = None
    jobs: int = 1
    format: str = "terminal"
    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    baseline: Path | None = None
    given: tuple[str, ...] = ()
    folder: Path | None = None

    def walk(self) -> Walk:
        """How folders are searched."""
        exclude = (patterns(self.folder or Path(), self.exclude),) if self.exclude else ()
        return Walk(exclude=exclude, ignore=self.gitignore)


@dataclass(frozen=True)
class Key:
    """A key: which values it takes, in a test and in words."""

    name: str
    fits: Callable[[Any], bool]
    expected: str


def _number(lowest: float, *kinds: type) -> Callable[[Any], bool]:
    return lambda value: type(value) in kinds and bool(value >= lowest)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _patterns(value: Any) -> bool:
    try:
        return _texts(value) and bool(patterns(Path(), value))
    except ValueError:
        return False


KEYS = (
    Key("strict", _flag, "true or false"),
    Key("timeout", _number(0.1, int, float), "a number of seconds, at least 0.1"),
    Key("memory", _number(256, int), "a whole number of MiB, at least 256"),
    Key("jobs", _number(1, int), "a whole number, at least 1"),
    Key("format", lambda value: value in FORMATS, f"one of {', '.join(FORMATS)}"),
    Key("exclude", _patterns, 'a list of patterns as in .gitignore, such as ["drafts/"]'),
    Key("gitignore", _flag, "true or false"),
    Key("baseline", lambda value: isinstance(value, str) and bool(value), "the name of a file"),
    Key("given", _texts, 'a list of statements in LaTeX, such as ["x > 0"]'),
)


def settings_for(folder: Path) -> Settings:
    """The settings of the nearest file from `folder` up to the root of its repository, or of all folders; else the default.

    Raises:
        SettingsError: if the file cannot be used.
    """
    for each in (absolute(folder), *absolute(folder).parents):
        for path in (each / NAME, each / SHARED):
            found = _read(path) if path.is_file() else None
            if found is not None:
                return found
        if (each / ".git").exists():
            break
    return Settings()


def _read(path: Path) -> Settings | None:
    """The settings in the file; None for a ``pyproject.toml`` that has none.

    Raises:
        SettingsError: if the file cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if path.name == SHARED and TABLE not in text:
            return None  # it says nothing to this program, and is for others to complain of
        raise SettingsError(f"{path}: no valid TOML: {error}") from error
    if path.name == SHARED:
        values = values.get("tool", {}).get("derive")
        if not isinstance(values, dict):
            return None
    _checked(path, text, values)
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    if "baseline" in values:
        values["baseline"] = path.parent / values["baseline"]
    return Settings(**values, folder=path.parent)


def _checked(path: Path, text: str, values: Mapping[str, Any]) -> None:
    """Raises SettingsError for the first key that is unknown or has a value that does not fit."""
    known = {key.name: key for key in KEYS}
    for name, value in values.items():
        place = f"{path}:{_line(text, name, path.name == SHARED)}"
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            remedy = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
            raise SettingsError(f"{place}: unknown key {name}: {remedy}")
        if not known[name].fits(value):
            raise SettingsError(f"{place}: {name}: expected {known[name].expected}, found {value!r}")


def _line(text: str, name: str, shared: bool) -> int:
    """The line of the key `name`, from 1; that of the table, or the first, where it is not found."""
    lines = text.splitlines()
    heads = (number for number, line in enumerate(lines) if line.split("#")[0].strip() == f"[{TABLE}]")
    start = next(heads, 0) if shared else 0
    key = re.compile(rf"""\s*\[?\s*(?:{TABLE.replace(".", r"[.]")}[.])?["']?{re.escape(name)}["']?\s*[=.\]]""")
    return 1 + next((number for number, line in enumerate(lines[start:], start) if key.match(line)), start)
