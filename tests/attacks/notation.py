"""Claims and what they rest on, written in the notation of Python: names, members, sums, calls. Nothing is evaluated as code.

The letters are those of :data:`LETTERS`; an integer is SymPy's; `inner` is a bound index.

>>> term("exp(z[i]) * delta(i, j)")
exp(z[i])*KroneckerDelta(i, j)
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import sympy
from sympy import Expr, Integer, KroneckerDelta

from derive.terms import context as contexts
from derive.terms import terms
from derive.terms.context import Claim, Context

LETTERS: tuple[tuple[Callable[[str], Any], str], ...] = (
    (terms.index, "ijklmq"),
    (terms.size, "nd"),
    (terms.family, "zabywhgpAP"),
    (terms.scalar, "xtucEL"),
)
OF_SYMPY = (
    "Abs",
    "And",
    "Eq",
    "KroneckerDelta",
    "Ne",
    "Rational",
    "Sum",
    "acos",
    "asin",
    "cos",
    "exp",
    "log",
    "pi",
    "sin",
    "sqrt",
)
OF_TERMS = ("Call", "Cases", "Partial", "Vector", "scalar")
OF_CONTEXTS = ("Definition", "Fact", "Obligation", "OneHot", "Range")
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
GIVEN = ("define", "assume", "with_range")


def total(
    body: Expr, variable: Expr | None = None, low: Expr | int = 1, high: Expr | None = None, excluded: Sequence[Expr] = ()
) -> Expr:
    """The sum of `body`, over k from 1 to n where nothing else is said."""
    names = _names()
    return terms.summation(
        body, names["k"] if variable is None else variable, sympy.sympify(low), names["n"] if high is None else high, excluded
    )


def f(*arguments: Expr, orders: Sequence[int] | None = None) -> Expr:
    """The function f of `arguments`, differentiated as often as `orders` says."""
    return terms.Call("f", arguments, orders)


def term(text: str) -> Any:
    """The term, or the fact or definition, that `text` writes.

    Raises:
        ValueError: for what the notation does not have.
    """
    return _value(ast.parse(text.strip(), mode="eval").body)


def claim(texts: Sequence[str], obligations: Sequence[str] = ()) -> Claim:
    """The claim of a left side, a relation and a right side."""
    left, relation, right = texts
    return Claim(term(left), relation, term(right), tuple(term(each) for each in obligations))


def context(given: Sequence[str]) -> Context:
    """The context to which each of `given` adds: a call of ``define``, ``assume`` or ``with_range``.

    Raises:
        ValueError: for any other.
    """
    found = Context()
    for text in given:
        call = ast.parse(text, mode="eval").body
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GIVEN):
            raise ValueError(f"{text}: expected a call of one of {', '.join(GIVEN)}")
        found = getattr(found, call.func.id)(*(_value(each) for each in call.args))
    return found


@cache
def _names() -> dict[str, Any]:
    found = {letter: make(letter) for make, letters in LETTERS for letter in letters}
    for module, names in ((sympy, OF_SYMPY), (terms, OF_TERMS), (contexts, OF_CONTEXTS)):
        found |= {name: getattr(module, name) for name in names}
    return found | {"total": total, "f": f, "delta": KroneckerDelta, "inner": terms.bound("k")}


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(bool() | str() as value):
            return value
        case ast.Constant(int() as value):
            return Integer(value)
        case ast.Name(name) if name in _names():
            return _names()[name]
        case ast.Tuple(elements):
            return tuple(_value(each) for each in elements)
        case ast.List(elements):
            return [_value(each) for each in elements]
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand)
        case ast.BinOp(left, operation, right) if type(operation) in OPERATORS:
            return OPERATORS[type(operation)](_value(left), _value(right))
        case ast.Subscript(base, place):
            return _value(base)[_value(place)]
        case ast.Call(ast.Name(name), arguments, keywords) if name in _names():
            return _names()[name](*(_value(each) for each in arguments), **{k.arg: _value(k.value) for k in keywords if k.arg})
    raise ValueError(f"{ast.unparse(node)} is not in this notation")
