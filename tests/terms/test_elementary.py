"""One table of elementary functions: it is the only place, it loads nothing heavy, and its columns agree with one another."""

import ast
import math
import subprocess
import sys
from fractions import Fraction

import pytest
import sympy

from derive.balls.elementary import BALLS
from derive.balls.evaluation import Point, evaluate
from derive.latex.reading import read_formula
from derive.latex.symbols.table import SymbolTable
from derive.normal.functions.elementary import LAWS, NotDifferentiable, is_smooth, slope
from derive.terms.context import Context
from derive.terms.elementary import BY_KEY, BY_OP, BY_WORD, ROWS, head_of, row_of
from derive.terms.terms import Partial, scalar
from derive.writing.writer import latex
from tests import sources

# The table, and what it leaves to others: how a function is computed rigorously, its derivative and its normal form, its laws
# in Coq, and its text in C. Each is a registry by the key of the row (in C and Coq by the name that the row has there).
PLACES = (
    "terms/elementary.py",
    "balls/elementary.py",
    "normal/functions/elementary.py",
    "certify/script/forms/elementary.py",
    "code/c/library/functions.py",
)
NAMES = {
    name
    for row in ROWS
    for name in (
        row.key,
        row.head,
        row.written,
        row.op,
        row.c,
        row.math,
        row.coq,
        *row.commands,
        *(spelling.word for spelling in row.spellings),
    )
} - {""}
# Inside their domains, where every function has a value and a derivative.
AT = {"acosh": 1.75, "asec": 1.75, "acsc": 1.75}
X = scalar("x")
WITH_HEAD = [row for row in ROWS if row.head]


def named(tree):
    """The elementary functions that a module names as text, as ``sympy.f``, or in a text of several words."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.removeprefix("\\").split() if len(node.value) < 200 else []
            found |= NAMES & set(words) if len(words) < 2 or NAMES.issuperset(words) else set()
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sympy":
            found |= NAMES & {node.attr}
    return found


def test_the_table_is_the_only_place():
    """No other module names three functions or more."""
    assert {path: named(tree) for path, tree in sources.named().items() if path not in PLACES and len(named(tree)) > 2} == {}


@pytest.mark.parametrize(
    "code",
    [
        "NAMES = {'sin': 1, 'cos': 2, 'arctan': 3}",
        "def f(name):\n    return name in ('\\\\sinh', '\\\\cosh', '\\\\tanh')",
        "NAMES = frozenset('log ln exp'.split())",
        "import sympy\nTABLE = {sympy.sin: 1, sympy.cos: 2, sympy.tan: 3}",
    ],
)
def test_a_planted_table_is_found(code):
    assert len(named(ast.parse(code))) == 3


@pytest.mark.parametrize("code", ["'''The sin of cos and tan.'''", "f('exp', 'log')", "f('max', 'min', 'sum', 'pi')"])
def test_two_names_and_prose_are_no_table(code):
    assert len(named(ast.parse(code))) < 3


def test_the_table_loads_nothing_heavy():
    script = "import sys, derive.terms.elementary, derive.terms.relations; print('sympy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=sources.ROOT)
    assert run.stdout.strip() == "False"


def test_no_name_stands_for_two_functions():
    for name in ("key", "op"):
        values = [getattr(row, name) for row in ROWS if getattr(row, name)]
        assert len(values) == len(set(values))
    words = [word for row in ROWS for word in (*row.commands, *(spelling.word for spelling in row.spellings))]
    assert len(words) == len(set(words))
    assert {row.ratio[1] for row in ROWS if row.ratio} <= set(BY_KEY)


@pytest.mark.parametrize("row", WITH_HEAD, ids=lambda row: row.key)
def test_every_function_has_a_value_and_laws(row):
    assert row_of(head_of(row)(X)) is row
    assert row.key in BALLS and row.key in LAWS


def test_registries_hold_no_other_functions():
    assert set(BALLS) == set(LAWS) == {row.key for row in WITH_HEAD}


@pytest.mark.parametrize("row", [row for row in WITH_HEAD if LAWS[row.key].slope], ids=lambda row: row.key)
def test_the_derivative_is_that_of_the_balls_and_that_of_sympy(row):
    term = head_of(row)(X)
    assert slope(term, 1) == term.fdiff(1)
    at = AT.get(row.key, 0.375)
    assert _value(Partial(term, X), at) == pytest.approx(_value(slope(term, 1), at), rel=1e-12)


@pytest.mark.parametrize(
    "row", [row for row in WITH_HEAD if not (LAWS[row.key].slope or LAWS[row.key].beside)], ids=lambda row: row.key
)
def test_a_kink_has_no_derivative(row):
    with pytest.raises(NotDifferentiable, match="kink"):
        slope(head_of(row)(X), 1)


@pytest.mark.parametrize("at", [0.375, -0.375])
def test_the_derivative_beside_a_kink_is_that_of_the_balls(at):
    term = head_of(BY_KEY["abs"])(X)
    assert _value(slope(term, 1), at) == pytest.approx(_value(Partial(term, X), at), rel=1e-12)
    assert not is_smooth(term)


def test_a_logarithm_of_two_arguments_has_no_derivative_here():
    with pytest.raises(NotDifferentiable, match="several"):
        slope(sympy.log(X, 10, evaluate=False), 1)


@pytest.mark.parametrize("row", [row for row in WITH_HEAD if row.ratio], ids=lambda row: row.key)
def test_a_ratio_is_what_it_says(row):
    above, below = (_value(head_of(BY_KEY[name])(X), 0.375) if name else 1.0 for name in row.ratio)
    assert _value(head_of(row)(X), 0.375) == pytest.approx(above / below, rel=1e-12)


@pytest.mark.parametrize("row", [row for row in WITH_HEAD if row.math], ids=lambda row: row.key)
def test_math_has_the_function(row):
    assert getattr(math, row.math)(0.375) == pytest.approx(_value(head_of(row)(X), 0.375), rel=1e-12)


@pytest.mark.parametrize("op", sorted(op for op, row in BY_OP.items() if "{" not in row.called("numpy")))
def test_numpy_has_the_function(op):
    import numpy as np

    from derive.code.functions.interpret import operation

    assert getattr(np, BY_OP[op].called("numpy"))(0.375) == pytest.approx(operation(op)(0.375), rel=1e-15)


@pytest.mark.parametrize(
    ("command", "word"),
    [("\\" + word, word) for word in sorted(BY_WORD)]
    + [(f"\\operatorname{{{word}}}", word) for word in sorted(BY_WORD)]
    + [("\\" + command, row.spellings[0].word) for row in ROWS for command in row.commands],
)
def test_every_spelling_is_read_as_its_function(command, word):
    row, read = BY_WORD[word], read_formula(f"{command}(x) = 1").claims[0].left
    if row.complement:
        assert read == sympy.pi / 2 - head_of(BY_KEY[row.complement])(_x(read))
    elif word == "lg":
        assert read == sympy.log(_x(read)) / sympy.log(10)
    else:
        assert row_of(read) is row
        assert read_formula(f"{latex(read)} = 1").claims[0].left == read


def test_what_only_looks_like_a_spelling_is_not_read_as_one():
    claims = read_formula("\\operatorname{tgh}(x) = 1", SymbolTable()).claims
    assert not claims or row_of(claims[0].left) is None


@pytest.mark.parametrize(
    ("formula", "relation"),
    [
        ("\\tan x = 1", "!="),
        ("\\coth x = 2", "!="),
        ("\\arcsin x = 1", ">="),
        ("\\artanh x = 1", ">"),
        ("\\ln x = 1", ">"),
        ("\\operatorname{arcosh} x = 1", ">="),
    ],
)
def test_a_domain_becomes_an_obligation(formula, relation):
    assert [demand.relation for demand in read_formula(formula).claims[0].obligations] == [relation]


@pytest.mark.parametrize("formula", ["\\sin x = 1", "\\tanh x = 1", "\\arctan x = 1", "\\operatorname{sech} x = 1"])
def test_what_has_a_value_everywhere_demands_nothing(formula):
    assert read_formula(formula).claims[0].obligations == ()


def _x(read):
    (symbol,) = read.free_symbols
    return symbol


def _value(term, at):
    return float(evaluate(term, Point(scalars={"x": Fraction(at)}), Context()).mid())


def test_an_argument_of_an_expression_stays_whole(monkeypatch):
    """Where a library's function is an expression, what it is of may be one too."""
    from derive.code.python import library

    row = BY_KEY["tanh"].__class__("sinc", op="sinc", numpy="{library}.sinc({x} / {library}.pi)")
    monkeypatch.setitem(library.BY_OP, "sinc", row)
    assert library.Library().applied("sinc", ["x"]) == "np.sinc(x / np.pi)"
    assert library.Library().applied("sinc", ["x + 1"]) == "np.sinc((x + 1) / np.pi)"
    assert library.Library().applied("nothing", ["x"]) is None
