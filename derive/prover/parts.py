"""Rebuilding a term from its parts, those in the branches of a case split included."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Basic, Expr

from derive.algebra.terms import Branch


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

    result: Expr = term.func(*(changed(argument) for argument in term.args))
    return result


def parts(term: Expr) -> Iterator[Expr]:
    """The parts of `term` that are terms."""
    for argument in term.args:
        if isinstance(argument, Branch):
            yield argument.expr
        elif isinstance(argument, Expr):
            yield argument
