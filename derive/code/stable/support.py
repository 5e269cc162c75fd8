r"""Products with a logarithm where the other factor is 0: :math:`y \ln x` is 0 there, also where the logarithm is infinite.

This is the limit as x goes to 0 with y, which is why a distribution with zeros has an entropy. A computer says 0 · ∞ = NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sympy import Add, Expr, Function, Indexed, Mul, Pow, Symbol, log

from derive.terms.context import Context, Fact
from derive.terms.heads import name_of
from derive.terms.terms import Call


class OnSupport(Function):
    """The value (the second argument) where the weight (the first) is not 0, and 0 elsewhere."""

    nargs = 2
    is_commutative = True


def logarithm(term: Expr, body: Callable[[Expr], Expr | None]) -> bool:
    """Whether a factor is a logarithm that can be infinite, or is called by a name that stands for a sum with one."""
    if isinstance(term, Symbol | Indexed | Call):
        definition = body(term)
        return definition is not None and any(
            logarithm(Mul(*(f for f in Mul.make_args(part) if not f.is_number)), body)
            for part in Add.make_args(definition)
            if part != term
        )
    return isinstance(term, log) and not term.is_number and not (isinstance(term.args[0], Add) and term.args[0].is_positive)


def nonzero(factor: Expr, context: Context) -> bool:
    """Whether a factor of a product is known not to be 0."""
    if factor.is_nonzero:
        return True
    if not isinstance(factor, Symbol | Indexed):
        return False
    signs = (a for a in context.assumptions if isinstance(a, Fact) and a.relation in (">", "<", "!="))
    return any({name_of(factor), "0"} == {_plain(fact.left), _plain(fact.right)} for fact in signs)


def is_positive(name: str, context: Context) -> bool:
    """Whether a name is assumed to stand for numbers above 0."""
    return any(
        (_plain(fact.left), fact.relation, _plain(fact.right)) in ((name, ">", "0"), ("0", "<", name))
        for fact in context.assumptions
        if isinstance(fact, Fact)
    )


def unmarked(term: Expr) -> Expr:
    """The term as it would be without this convention."""
    return term.replace(lambda node: isinstance(node, OnSupport), lambda node: unmarked(node.args[1]))


def weight_of(factors: Collection[Expr], context: Context, body: Callable[[Expr], Expr | None]) -> Expr:
    """What of the `factors` beside a logarithm may be 0: names, and sums of arguments; 1 if there is nothing of the kind."""
    found = []
    for factor in factors:
        base = factor.base if isinstance(factor, Pow) and factor.exp.is_positive else factor
        names = [node for node in base.atoms(Symbol, Indexed) if not node.is_integer]
        plain = isinstance(base, Symbol | Indexed) or isinstance(base, Add) and all(body(name) is None for name in names)
        if plain and not nonzero(base, context):
            found.append(base)
    return Mul(*found)


def _plain(term: Expr) -> str:
    return name_of(term) if isinstance(term, Symbol | Indexed) else str(term)
