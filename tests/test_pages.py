"""The pages: a README of one screen or two whose example is what the program says, and links that lead somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#\s]+)\)")
MOST_LINES = 120


def pages():
    return [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def dead(folder, text):
    """The relative links of `text` that lead nowhere from `folder`."""
    return [link for link in LINK.findall(text) if "://" not in link and not (folder / link).exists()]


def block(after, kind=""):
    """The first fence of the README behind the line `after`."""
    return re.search(rf"```{kind}\n(.*?)```", README.partition(after)[2], re.DOTALL)[1]


def test_the_readme_is_short_and_names_every_page():
    assert len(README.splitlines()) <= MOST_LINES
    assert {f"docs/{path.name}" for path in ROOT.glob("docs/*.md")} <= set(LINK.findall(README))


def test_links_lead_somewhere():
    assert [(page.name, link) for page in pages() for link in dead(page.parent, page.read_text(encoding="utf-8"))] == []


def test_a_link_that_leads_nowhere_is_found():
    assert dead(ROOT, "[a](README.md) [b](nowhere.md) [c](https://example.org)") == ["nowhere.md"]


def test_two_commands_catch_an_error_and_run_the_tests():
    first, second = block("## Start").splitlines()
    assert first.endswith("derive check docs/example.md") and "pip install ." in first
    assert "pip install '.[test]'" in second and "-m pytest" in second


def test_the_example_is_what_the_program_says():
    assert block("## A caught error", "markdown") == (ROOT / "docs" / "example.md").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "derive", "check", "docs/example.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "COLUMNS": "100"},
    )
    shown, found = block("The second is false").splitlines(), done.stdout.splitlines()
    assert done.returncode == 1 and found[:-1] == shown[:-1]
    assert found[-1].rpartition(",")[0] == shown[-1].rpartition(",")[0]  # without the seconds
