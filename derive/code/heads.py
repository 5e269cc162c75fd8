"""What the definitions of a context say of a head."""

from __future__ import annotations

from sympy import Expr

from derive.algebra.context import Context, Definition
from derive.algebra.terms import Call
from derive.algebra.unfold import instantiate, match, name_of
from derive.prover.dependence import defined_by


def definition_of(head: Expr, context: Context) -> Definition | None:
    """The latest definition that applies to `head`, of the same name.

    >>> from derive.algebra.terms import scalar
    >>> x = scalar("x")
    >>> known = Context().define(Definition(Call("f", [x]), x), Definition(Call("g", [x]), 2 * x))
    >>> definition_of(Call("f", [x]), known).body
    x
    """
    alike = tuple(d for d in context.definitions if name_of(d.head) == name_of(head))
    return defined_by(head, Context(definitions=alike))


def body_of(head: Expr, context: Context) -> Expr | None:
    """What the definition of `head` says at its indices and arguments; None if it is not defined."""
    definition = definition_of(head, context)
    if definition is None or isinstance(head, Call) and any(head.orders):
        return None
    return instantiate(definition.body, match(definition.head, head) or {})
