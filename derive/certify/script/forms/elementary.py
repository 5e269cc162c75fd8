"""The laws of ``Laws.v`` for functions of Coq's reals, by their name there: slopes, and the exponentials that they are."""

from __future__ import annotations

from collections.abc import Callable

from derive.certify.statement.syntax import Apply, Minus, Negative, Number, Over, Plus, Term, Times

SLOPES: dict[str, Callable[[Term, Term], Term]] = {
    "exp": lambda inner, at: Times(inner, Apply("exp", at)),
    "ln": Over,
    "sqrt": lambda inner, at: Over(inner, Times(Number(2), Apply("sqrt", at))),
    "sin": lambda inner, at: Times(inner, Apply("cos", at)),
    "cos": lambda inner, at: Times(inner, Negative(Apply("sin", at))),
    "sinh": lambda inner, at: Times(inner, Apply("cosh", at)),
    "cosh": lambda inner, at: Times(inner, Apply("sinh", at)),
    "tanh": lambda inner, at: Times(inner, Minus(Number(1), Times(Apply("tanh", at), Apply("tanh", at)))),
}
"""f(u)' from u' and u, as the laws write it."""

EXPONENTIALS: dict[str, tuple[Callable[[Term, Term], Term], str]] = {
    "sinh": (lambda up, down: Over(Minus(up, down), Number(2)), "reflexivity"),
    "cosh": (lambda up, down: Over(Plus(up, down), Number(2)), "reflexivity"),
    "tanh": (lambda up, down: Over(Minus(up, down), Plus(up, down)), "apply tanh_exp"),
}
"""The function by e^u and e^-u, and what proves it."""

POSITIVE = frozenset(("exp", "cosh"))
ABSOLUTE = "Rabs"
NONNEGATIVE = frozenset(("sqrt", ABSOLUTE))


def by_exponentials(node: Apply) -> Term:
    """A function of :data:`EXPONENTIALS` by exponentials."""
    return EXPONENTIALS[node.function][0](Apply("exp", node.term), Apply("exp", Negative(node.term)))
