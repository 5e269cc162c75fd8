"""What is written reads back with the same value: random terms, written, parsed, and both evaluated at numbers."""

from __future__ import annotations

import math
import random

import pytest
import sympy
from sympy import Add, Integer, KroneckerDelta, Mul, Ne, Pow, Rational, Sum, exp, log

from derive.latex.grammar import expressions, syntax
from derive.latex.symbols import table
from derive.latex.tokens import lexer
from derive.terms.terms import Cases, bound, family, index, scalar, size
from derive.writing.writer import latex

SIZE = 3
NAMES = {"x": 0.7, "c": 1.3, "k": 2, "i": 1, "j": 3, "m": 1, "n": SIZE, "eta": 0.9, "\\eta": 0.9, "Loss": 1.1}
FAMILIES = {"a": lambda p: 0.3 + 0.2 * p, "y": lambda p: 1.7 - 0.4 * p, "\\theta": lambda p: 0.1 + p * p / 7}


def of_term(term, names):
    """The value of a term."""
    if isinstance(term, Add):
        return sum(of_term(argument, names) for argument in term.args)
    if isinstance(term, Mul):
        return math.prod(of_term(argument, names) for argument in term.args)
    if isinstance(term, Pow):
        return of_term(term.base, names) ** of_term(term.exp, names)
    if isinstance(term, Sum):
        *inner, (variable, low, high) = term.limits
        body = Sum(term.function, *inner) if inner else term.function
        span = range(int(of_term(low, names)), int(of_term(high, names)) + 1)
        return sum(of_term(body, {**names, variable: value}) for value in span)
    if isinstance(term, KroneckerDelta):
        return float(of_term(term.args[0], names) == of_term(term.args[1], names))
    if isinstance(term, Cases):
        return next(of_term(value, names) for value, condition in term.args if holds(condition, names))
    if isinstance(term, sympy.Indexed):
        return FAMILIES[str(term.base.label)](of_term(term.indices[0], names))
    if isinstance(term, exp | log | sympy.sin):
        return getattr(math, type(term).__name__)(of_term(term.args[0], names))
    return names[term] if term in names else NAMES[term.name] if isinstance(term, sympy.Symbol) else float(term)


def holds(condition, names):
    if isinstance(condition, sympy.And):
        return all(holds(part, names) for part in condition.args)
    if condition in (sympy.true, sympy.false):
        return bool(condition)
    left, right = (of_term(side, names) for side in condition.args)
    return (left == right) == isinstance(condition, sympy.Eq)


def of_node(node, names):
    """The value of a syntax tree."""
    if isinstance(node, syntax.Number):
        return float(node.text)
    if isinstance(node, syntax.Name):
        return names[node.text]
    if isinstance(node, syntax.Subscripted) and node.name.text == "\\delta":
        return float(of_node(node.indices[0], names) == of_node(node.indices[1], names))
    if isinstance(node, syntax.Subscripted):
        return FAMILIES[node.name.text](of_node(node.indices[0], names))
    if isinstance(node, syntax.Add):
        return sum(of_node(summand, names) for summand in node.terms)
    if isinstance(node, syntax.Neg):
        return -of_node(node.operand, names)
    if isinstance(node, syntax.Mul):
        return math.prod(of_node(factor, names) for factor in node.factors)
    if isinstance(node, syntax.Frac):
        return of_node(node.numerator, names) / of_node(node.denominator, names)
    if isinstance(node, syntax.Root):
        return math.sqrt(of_node(node.radicand, names))
    if isinstance(node, syntax.Power):
        base = math.e if isinstance(node.base, syntax.Name) and node.base.text == "e" else of_node(node.base, names)
        return base ** of_node(node.exponent, names)
    if isinstance(node, syntax.Apply | syntax.Log):
        function = math.log if isinstance(node, syntax.Log) else getattr(math, node.function.lstrip("\\"))
        return function(of_node(node.argument, names)) ** (of_node(node.power, names) if node.power else 1)
    if isinstance(node, syntax.SumOver):
        name = node.conditions[0].name
        low = next((of_node(c.other, names) for c in node.conditions if c.relation == "="), 1)
        high = of_node(node.high, names) if node.high else SIZE
        out = [of_node(c.other, names) for c in node.conditions if c.relation == "!="]
        span = (value for value in range(int(low), int(high) + 1) if value not in out)
        return sum(of_node(node.body, {**names, name: value}) for value in span)
    if isinstance(node, syntax.Cases):
        return next(
            of_node(value, names)
            for value, conditions in node.rows
            if all((of_node(c.left, names) == of_node(c.right, names)) == (c.relation == "=") for c in conditions)
        )
    raise NotImplementedError(type(node).__name__)


def random_term(source, depth, indices):
    """A positive or negative term over the names above; `indices` are those in scope."""

    def below():
        return random_term(source, depth - 1, indices)

    def leaf():
        member = family(source.choice(["a", "y", "\\theta"]))[source.choice(indices)]
        scalars = [scalar(name) for name in ("x", "c", "eta", "Loss")]
        return source.choice(
            [
                member,
                member,
                *scalars,
                Integer(2),
                Rational(-3, 2),
                KroneckerDelta(source.choice(indices), source.choice(indices)),
            ]
        )

    def total():
        variable = bound(source.choice("kkjm"))
        body = random_term(source, depth - 1, [*indices, variable, variable])
        if source.random() < 0.3:
            body = Cases((body, Ne(variable, source.choice(indices))), (0, True))
        return Sum(body, (variable, 1, source.choice([size("n"), size("n"), Integer(2)])))

    def positive():
        return exp(below() / 5)

    heads = [
        total,
        total,
        positive,
        lambda: below() + below(),
        lambda: below() - below(),
        lambda: below() * below(),
        lambda: -below(),
        lambda: below() / positive(),
        lambda: below() ** 2,
        lambda: log(1 + positive()),
        lambda: sympy.sin(below()) ** 2,
        lambda: sympy.sin(below()),
        lambda: sympy.sqrt(positive() + 1),
        lambda: positive() ** Rational(-3, 2),
    ]
    return leaf() if depth == 0 else source.choice(heads)()


@pytest.mark.parametrize("seed", range(300))
def test_a_random_term_reads_back_with_its_value(seed):
    source = random.Random(seed)
    term = random_term(source, source.choice([2, 3, 3, 4]), [index("i"), index("j"), index("k")])
    assert not term.atoms(sympy.Dummy) & term.free_symbols  # no condition leaves the sum that binds its index
    written = latex(term)
    symbols = table.SymbolTable(names=frozenset({"Loss"}), scalars=frozenset({"Loss", "x", "c"}))
    tree = expressions.Parser(lexer.tokens(written), written, symbols).whole()
    names = dict(NAMES)
    try:
        expected = of_term(term, {})
    except (OverflowError, ZeroDivisionError):
        pytest.skip("too large a number")
    assert of_node(tree, names) == pytest.approx(expected, rel=1e-9, abs=1e-9), written
