"""Rebuilding a term from its parts, those in the branches of a case split included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sympy import Basic, Expr, Mul, Sum

from derive.terms.terms import Branch, Cases


def rebuild(term: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """`term` with each of its parts changed; conditions of cases and limits of sums stay.

    >>> from sympy import Symbol
    >>> x, y = Symbol("x"), Symbol("y")
    >>> rebuild(x + 1, lambda part: y if part == x else part)
    y + 1
    """

    def changed(node: Basic) -> Basic:
        if isinstance(node, Branch):
            return Branch(change(node.expr), node.cond)
        return change(node) if isinstance(node, Expr) else node

    if isinstance(term, Mul) and term != term.func(*term.args):
        return Mul(*(change(argument) for argument in term.args), evaluate=False)
    return term.func(*(changed(argument) for argument in term.args))


def with_kept_products(term: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """`term` with symbols replaced, products that were kept as written kept so."""
    if term in values:
        return values[term]
    if not term.args or not term.free_symbols & set(values):
        return term
    if isinstance(term, Mul) and term != term.func(*term.args):
        return Mul(*(with_kept_products(a, values) for a in term.args), evaluate=False)
    holds_tuples = isinstance(term, (Cases, Sum))
    if holds_tuples:
        return term.func(*(_in_branch(a, values) for a in term.args))
    return term.xreplace(dict(values))


def _in_branch(node: Basic, values: Mapping[Expr, Expr]) -> Basic:
    if isinstance(node, Branch):
        return Branch(with_kept_products(node.expr, values), node.cond.xreplace(dict(values)))
    return with_kept_products(node, values) if isinstance(node, Expr) else node.xreplace(dict(values))


def parts(term: Expr) -> Iterator[Expr]:
    """The parts of `term` that are terms."""
    for argument in term.args:
        if isinstance(argument, Branch):
            yield argument.expr
        elif isinstance(argument, Expr):
            yield argument
