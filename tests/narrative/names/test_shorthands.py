"""Commands that a document takes from a file of its own: read as custom has them, and never the base of a verdict."""

import pytest

from derive.documents import read
from derive.jobs.check import check
from derive.narrative.names.shorthands import shorthands


def claims(text):
    return check(text).claims


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("Vx", "\\mathbf{x}"),
        ("MW", "\\mathbf{W}"),
        ("Vtheta", "\\mathbf{\\theta}"),
        ("vx", "\\mathbf{x}"),
        ("mW", "\\mathbf{W}"),
        ("SetR", "\\mathbb{R}"),
        ("Tsp", "\\top"),
        ("mu", ""),
        ("mp", ""),
        ("bar", ""),
        ("oslash", ""),
        ("vW", ""),
    ],
)
def test_a_command_is_read_by_its_prefix(command, body):
    found = shorthands(read("a.md", f"$a = \\{command} b$\n").formulas, ())
    assert [macro.body for macro in found] == ([body] if body else [])


def test_a_command_with_an_argument_or_a_definition_is_none():
    assert shorthands(read("a.md", "$\\vb{x} = 1$ and $\\vb y$\n").formulas, ()) == ()
    assert shorthands(read("a.md", "$\\Vx = 1$\n").formulas, ("Vx",)) == ()


def test_what_rests_on_a_shorthand_is_neither_proved_nor_refuted():
    text = "$$s = \\Vw^\\top \\Vx$$\n\n"
    true, false = "$$\\nabla_{\\Vx} s = \\Vw$$\n", "$$\\nabla_{\\Vx} s = 2 \\Vw$$\n"
    assert [claim.verdict for claim in claims(text + true)] == ["definition", "unread"]
    assert claims(text + true)[-1].reason == "other-reading"
    assert claims(text + false)[-1].verdict == "doubtful"
    own = "$$\\newcommand{\\Vx}{\\mathbf{x}} \\newcommand{\\Vw}{\\mathbf{w}}$$\n\n"
    assert claims(own + text + true)[-1].verdict == "proved"
    assert claims(own + text + false)[-1].verdict == "refuted"
