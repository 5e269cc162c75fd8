"""The package's files and their syntax trees, which are read once for all of the tests that look at them."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "derive"


@cache
def sources():
    """The files of the package, without the library that a built one holds."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "library" not in path.relative_to(PACKAGE).parts[:1])


@cache
def parsed():
    """Each file with its syntax tree."""
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sources()]


@cache
def named():
    """The files by their names in the package, each with its syntax tree."""
    return {path.relative_to(PACKAGE).as_posix(): tree for path, tree in parsed()}
