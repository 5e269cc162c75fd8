"""The command that measures the core: what a guard is, and that what is listed as equivalent is still there."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tests.mutation.core import CORE, JUDGE, NORMAL, ROOT, equivalents, row, table
from tests.mutation.guards import guards, texts

SOURCE = """
def f(x):
    if x < 0:
        raise ValueError("negative")
    for part in x:
        if part is None:
            continue
        if part:
            x = part
    if x and x > 1:
        x = 2
        return x
    elif x == 3:
        return 4
    return x

class C:
    def g(self):
        return [1 for _ in self if self] if self else None
"""


def test_a_guard_is_a_condition_that_ends_the_way():
    found = guards(SOURCE)
    assert [(g.qualified, g.text) for g in found] == [
        ("f", "if x < 0: raise ValueError('negative')"),
        ("f", "if part is None: continue"),
        ("f", "if x and x > 1: x = 2; return x"),
        ("f", "if x == 3: return 4"),
    ]
    assert texts(SOURCE) == {g.text for g in found}
    assert "if False:\n        raise ValueError('negative')" in found[0].without
    for guard in found:
        assert guard.without.count("if False:") == 1
        assert ast.unparse(ast.parse(SOURCE)) != guard.without


def test_the_core_is_made_of_modules_that_exist():
    assert len(set(CORE)) == len(JUDGE) + len(NORMAL)
    for module in CORE:
        assert (ROOT / (module.replace(".", "/") + ".py")).exists()


@cache
def _texts(module):
    """The lines and the parameters of the functions of each name."""
    tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    found = {}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        lines = {line.strip() for line in ast.unparse(function).splitlines()}
        found.setdefault(function.name, set()).update(lines | {ast.unparse(function.args)})
    return found


@cache
def _guards(module):
    return texts((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", equivalents(), ids=lambda key: f"{key[0]} {key[1]}")
def test_what_is_listed_as_equivalent_is_still_in_the_code(key):
    module, where, removed, added = key
    assert removed in _texts(module).get(where.split(".")[-1], ()) or removed in _guards(module)
    assert removed != added
    assert equivalents()[key].strip()


def test_the_table_counts_what_was_killed():
    results = [
        {"name": "m", "module": "a", "where": "f", "removed": str(n), "added": "", "status": status}
        for n, status in enumerate(("killed", "killed", "timeout", "survived", "no tests"))
    ]
    results += [
        {"module": "a", "where": "f", "removed": "if x: return", "added": "", "status": status}
        for status in ("killed", "survived")
    ]
    made = row("a", results)
    assert list(made.values()) == ["a", "all", "5", "2", "1", "2", "0", "60.0", "2", "1"]
    assert row("a", results, 4)["tried"] == "1 in 4"
    assert table([made, made]).splitlines()[-1] == "| all |  | 10 | 4 | 2 | 4 | 0 | 60.0 | 4 | 2 |"
