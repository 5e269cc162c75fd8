"""The reference: a function written out for a small number of classes, by SymPy's ``lambdify``.

Sums become explicit, deltas become numbers, logarithms of quotients differences: nothing here shares a line with the
array programs, so the two can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, Symbol

from derive.code.functions.build import Function
from derive.code.stable.stabiliser import size_name
from derive.normal.unfold import Unfolder, instantiate
from derive.terms.context import Context, OneHot
from derive.terms.terms import Cases, peel
from derive.terms.walking import mapped

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


def lambdified(function: Function, sizes: Mapping[str, int], label: int = 0) -> tuple[tuple[str, ...], Callable[..., Any]]:
    """The function for one example at fixed sizes, as numbers of numbers.

    Args:
        function: what is to be computed.
        sizes: the length of each size.
        label: the place of the label, from 0, where there is one.

    Returns:
        The names of the arguments (``z_1``, ``w_1_2``), and the function, whose results are lists of numbers, one list for
        each result of `function`, in the order of its axes.
    """
    signature = function.signature
    indices: dict[Symbol, int] = {} if signature.labels is None else {signature.labels.point: label + 1}
    results: list[list[Expr]] = []
    for wanted in signature.results:
        term = Unfolder(signature.context)(wanted.meaning, signature.independent)
        lengths = [_length(size_name(signature.context.range_of(letter)), sizes) for letter in wanted.letters]
        places = product(*(range(1, length + 1) for length in lengths))
        results.append(
            [
                explicit(term, {**indices, **dict(zip(wanted.letters, place, strict=True))}, sizes, signature.context)
                for place in places
            ]
        )
    names = sorted({s.name for result in results for entry in result for s in entry.free_symbols})
    arguments = [Symbol(name, real=True) for name in names]
    compiled: Callable[..., Any] = sympy.lambdify(arguments, results, modules="math", cse=True)
    return tuple(names), compiled


def argument(name: str, arrays: Mapping[str, Array], spelling: Mapping[str, str]) -> float:
    """The number that the argument `name` stands for, from arrays of one example."""
    for known, spelled in spelling.items():
        if name == spell(known, ()):
            return float(arrays[spelled])
        if name.startswith(f"{spell(known, ())}_") and spelled in arrays:
            positions = name.removeprefix(f"{spell(known, ())}_").split("_")
            if all(p.isdigit() for p in positions):
                return float(arrays[spelled][tuple(int(p) - 1 for p in positions)])
    raise KeyError(name)


def spell(name: str, positions: tuple[int, ...]) -> str:
    """The name of a member as a symbol: ``z_1``."""
    plain = "".join(c if c.isalnum() else "" for c in name)
    return "_".join((plain, *map(str, positions)))


def explicit(term: Expr, indices: Mapping[Symbol, int], sizes: Mapping[str, int], context: Context) -> Expr:
    """`term` with every sum written out and every index a number."""

    def visit(node: Expr) -> Expr:
        return explicit(node, indices, sizes, context)

    if isinstance(term, Sum):
        body, variable, low, high = peel(term)
        first, last = (_number(end, indices, sizes) for end in (low, high))
        return Add(*(explicit(body, {**indices, variable: place}, sizes, context) for place in range(first, last + 1)))
    if isinstance(term, Indexed):
        places = tuple(_number(p, indices, sizes) for p in term.indices)
        name = str(term.base.label)
        hot = next((a for a in context.assumptions if isinstance(a, OneHot) and str(a.family.label) == name), None)
        if hot is not None and isinstance(hot.at, Symbol) and hot.at in indices:
            return Integer(places[0] == indices[hot.at])
        return Symbol(spell(name, places), real=True)
    if isinstance(term, KroneckerDelta):
        first, second = (_number(p, indices, sizes) for p in term.args[:2])
        return Integer(first == second)
    if isinstance(term, Cases):
        for branch in term.args:
            if branch.cond.xreplace({s: Integer(p) for s, p in indices.items()}) == sympy.true:
                return visit(branch.expr)
        raise ValueError(f"no case of {term} holds")
    if isinstance(term, Symbol):
        if term.is_integer:
            return Integer(_number(term, indices, sizes))
        return Symbol(spell(term.name, ()), real=True)
    if isinstance(term, sympy.log):
        return _logarithm(visit(term.args[0]))
    if not term.args:
        return term
    return mapped(term, visit)


def _logarithm(argument: Expr) -> Expr:
    """ln(e^u v / w) = u + ln v - ln w, for positive v and w."""
    parts = []
    for factor in Mul.make_args(argument):
        if isinstance(factor, sympy.exp):
            parts.append(factor.args[0])
        elif isinstance(factor, Pow) and factor.exp.is_Integer:
            parts.append(factor.exp * sympy.log(factor.base))
        else:
            parts.append(sympy.log(factor))
    return Add(*parts)


def _number(term: Expr, indices: Mapping[Symbol, int], sizes: Mapping[str, int]) -> int:
    if isinstance(term, Symbol) and term in indices:
        return indices[term]
    if isinstance(term, Symbol) and term.name in sizes:
        return sizes[term.name]
    if term.is_Integer:
        return int(term)
    return int(instantiate(term, {s: Integer(_number(s, indices, sizes)) for s in term.free_symbols}))


def _length(size: str, sizes: Mapping[str, int]) -> int:
    return int(size) if size.isdigit() else sizes[size]
