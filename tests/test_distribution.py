"""The name to install by is one, and is said wherever an extra is named."""

import re
import tomllib
from pathlib import Path

from derive.distribution import NAME, install

ROOT = Path(__file__).resolve().parents[1]
EXTRA = re.compile(r"pip install '([\w-]+)\[(\w+)\]'")


def pages():
    return [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *(ROOT / "derive").rglob("*.py")]


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_name_is_that_of_the_project():
    assert project()["name"] == NAME != "derive"


def test_every_page_names_it_and_an_extra_that_there_is():
    found = {match.groups() for page in pages() for match in EXTRA.finditer(page.read_text(encoding="utf-8"))}
    assert found and {name for name, _ in found} == {NAME}
    assert {extra for _, extra in found} <= set(project()["optional-dependencies"])


def test_the_name_stands_in_the_code_once():
    named = [path for path in (ROOT / "derive").rglob("*.py") if f'"{NAME}"' in path.read_text(encoding="utf-8")]
    assert named == [ROOT / "derive" / "distribution.py"]


def test_messages_use_it():
    assert EXTRA.fullmatch(install("plot")).groups() == (NAME, "plot")
    assert not EXTRA.fullmatch("pip install plot")


def missing(included, names):
    """The names at the root of the project that a source distribution would lack."""
    return sorted(name for name in names if name not in included)


def test_the_source_distribution_has_what_the_tests_and_the_pages_read():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    needed = {
        "derive",
        "docs",
        "proofs",
        "tests",
        ".ci",
        ".pre-commit-hooks.yaml",
        "action.yml",
        "LICENSE",
        *(page.name for page in ROOT.glob("*.md")),
    }
    assert missing(build["include"], needed) == []
    assert missing(build["include"], needed | {"planted"}) == ["planted"]
    assert all((ROOT / name).exists() for name in build["include"])
