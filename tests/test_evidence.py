"""Where the code calls a claim true, and that it does so with assertions on and off."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import derive
from tests.sources import named

PACKAGE = Path(derive.__file__).parent


@cache
def sources():
    """The files of the package by name, each with the nodes of its syntax tree."""
    return tuple((name, tuple(ast.walk(tree))) for name, tree in named().items())


def makers(nodes):
    """The functions that make a Proof, and those that make a verdict of truth or change the kind of one."""
    imported = {
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("derive.judge")
        for alias in node.names
    }
    for function in nodes:
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            kinds = {
                part.attr
                for each in given
                for part in ast.walk(each)
                if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "Kind"
            }
            if name == "Proof":
                yield function.name, "Proof"
            if name == "Verdict" and (kinds & {"PROVED", "CONDITIONAL"} or not kinds):
                yield function.name, "Verdict"
            if (
                name == "replace"
                and "Kind" in imported
                and any(keyword.arg == "kind" and not _less(keyword.value) for keyword in node.keywords)
            ):
                yield function.name, "kind"


def _less(kind):
    """Whether `kind` is written out, and is none that calls a claim true."""
    return (
        isinstance(kind, ast.Attribute)
        and isinstance(kind.value, ast.Name)
        and kind.value.id == "Kind"
        and kind.attr not in ("PROVED", "CONDITIONAL")
    )


def test_the_places_that_make_a_proof_or_call_a_claim_true():
    found = {(path, *maker) for path, nodes in sources() for maker in makers(nodes)}
    assert found == {
        ("judge/kernel.py", "prove", "Proof"),
        ("judge/kernel.py", "enclosed", "Proof"),
        ("judge/kernel.py", "entrywise", "Proof"),
        ("judge/kernel.py", "by_parts", "Proof"),
        ("judge/kernel.py", "by_chain_rule", "Proof"),
        ("judge/kernel.py", "by_induction", "Proof"),
        ("judge/kernel.py", "holding_fixed", "Proof"),
        ("judge/decide.py", "decide", "Verdict"),
        ("judge/decide.py", "_proved", "Verdict"),
        ("judge/decide.py", "_conditional", "Verdict"),
        ("judge/decide.py", "_chained", "Verdict"),
        ("judge/decide.py", "_by_parts", "kind"),
        ("jobs/resting.py", "remembered", "kind"),
    }


def test_a_planted_place_is_found():
    planted = (
        "from derive.judge.verdict import Kind\ndef f(kind):\n    Verdict(Kind.PROVED)\n    Verdict(kind)\n"
        "    replace(v, kind=k)\n    replace(v, kind=Kind.TESTED)\n"
        "    replace(v, kind=Kind.CONDITIONAL)\n    Verdict(Kind.TESTED)\n    Proof()"
    )
    nodes = tuple(ast.walk(ast.parse(planted)))
    assert sorted(makers(nodes)) == [("f", "Proof"), ("f", "Verdict"), ("f", "Verdict"), ("f", "kind"), ("f", "kind")]


def test_the_seal_is_known_to_one_module():
    def names(nodes):
        return {getattr(node, "id", getattr(node, "attr", "")) for node in nodes}

    assert [path for path, nodes in sources() if "_SEAL" in names(nodes)] == ["judge/kernel.py"]


def test_nothing_goes_round_the_checks_of_a_verdict():
    """``object.__setattr__`` and ``object.__new__`` would; no module of the judge or above it uses them."""
    forbidden = {"__setattr__", "__new__", "__reduce__", "__setstate__"}
    below = ("terms/", "normal/", "balls/")
    used = [
        (path, node.attr)
        for path, nodes in sources()
        if not path.startswith(below)
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in forbidden
    ]
    assert used == []
    # The folders that are left out are there, and use them: the rule does not hold for want of something to hold.
    assert {
        path.split("/")[0] + "/"
        for path, nodes in sources()
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in forbidden
    } <= set(below)
    assert all(any(path.startswith(folder) for path, _ in sources()) for folder in (*below, "judge/"))


# -- the same without assertions ----------------------------------------------------------------------------------


def test_no_assertion_in_the_package():
    assert [
        (path, node.lineno)
        for path, nodes in sources()
        for node in nodes
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Name) and node.id == "__debug__")
    ] == []


TABLE = """
from sympy import *
from derive.terms.context import *
from derive.terms.terms import *
from derive.judge.decide import decide
from derive.judge.kernel import Proof
from derive.judge.verdict import Kind, Verdict
i, j, k, n, x = index("i"), index("j"), index("k"), size("n"), scalar("x")
z, a, y = family("z"), family("a"), family("y")
S = summation(exp(z[k]), k, Integer(1), n)
soft = Context().define(Definition(a[i], exp(z[i]) / S))
claims = [
    ((x + 1)**2, "=", x**2 + 2*x + 1), ((x + 1)**2, "=", x**2 + 1), (sqrt(x**2), "=", x), (log(x**2), "=", 2*log(x)),
    (Partial(a[j], z[i]), "=", a[j]*(KroneckerDelta(i, j) - a[i])), (Partial(a[j], z[i]), "=", -a[i]*a[j]),
    (a[i], "<", Integer(1)), (a[i], "<=", Integer(1)), (a[i], ">", Integer(1)),
    (summation(y[k], k, Integer(1), n), "=", Integer(1)),
    (exp(1), "<", Integer(3)), (exp(1), ">", Integer(3)), (Vector([x, x]), "=", Vector([x, 2*x])), (1/x, "=", x),
    (Partial(a[j], S), "=", -exp(z[j])/S**2), (floor(x), "=", x), (x, "!=", x), (exp(x), "!=", Integer(0)),
]
for left, relation, right in claims:
    v = decide(Claim(left, relation, right), soft)
    print(v.kind.value, v.reason, v.conditions, v.obligations, v.witness, v.mended, v.rules)
for attempt in (lambda: Verdict(Kind.PROVED), lambda: Proof(None, (), (), (), None)):
    try:
        print("made", attempt())
    except TypeError as problem:
        print("refused", problem)
"""


@pytest.mark.slow
def test_the_verdicts_are_the_same_without_assertions_and_docstrings():
    printed = []
    for options in ([], ["-O"], ["-OO"]):
        process = subprocess.run(
            [sys.executable, *options, "-c", TABLE],
            capture_output=True,
            check=True,
            env={"PYTHONPATH": str(PACKAGE.parent), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        printed.append(process.stdout)
    assert printed[0] == printed[1] == printed[2]
    lines = printed[0].decode().splitlines()
    kinds = [line.split()[0] for line in lines]
    assert kinds == [
        "proved",
        "refuted",
        "conditional",
        "tested",
        "proved",
        "conditional",
        "conditional",
        "proved",
        "refuted",
        "conditional",
        "proved",
        "refuted",
        "refuted",
        "refuted",
        "conditional",
        "unread",
        "refuted",
        "proved",
        "refused",
        "refused",
    ]
