"""The probability space over which expectations are taken: finite, with positive probabilities of which nothing else is known.

The probabilities of its outcomes are a family, and so are the values of each random variable.
"""

from __future__ import annotations

from sympy import Dummy, Expr, IndexedBase, Integer, Sum, Symbol

from derive.terms import terms
from derive.terms.context import Fact, Range

OUTCOMES = terms.size("n_{\\Omega}")
"""The number of outcomes."""
_LAW = "\\mathbb{P}"
_VALUES = "^{(\\omega)}"
_OUTCOME: Dummy = terms.bound("\\omega")


def probabilities(law: str = "") -> IndexedBase:
    """The probabilities of the outcomes, of a space for each distribution that is named."""
    return terms.family(f"{_LAW}^{{{law}}}" if law else _LAW)


def values(name: str) -> IndexedBase:
    """The values of a random variable at the outcomes."""
    return terms.family(name + _VALUES)


def is_probability(name: str) -> bool:
    """Whether a family holds the probabilities of outcomes."""
    return name.startswith(_LAW)


def variable_of(name: str) -> str:
    """The random variable whose values a family holds; "" for any other family."""
    return name.removesuffix(_VALUES) if name.endswith(_VALUES) else ""


def laws(family: str) -> tuple[tuple[Fact, ...], dict[Symbol, Range]]:
    """What is known of the probabilities in a family, with the range of the outcome that it speaks of."""
    weights = terms.family(family)
    total = Sum(weights[_OUTCOME], (_OUTCOME, Integer(1), OUTCOMES))
    each: Expr = weights[_OUTCOME]
    facts = (
        Fact(total, "=", Integer(1), latex="\\sum_{\\omega} \\mathbb{P}_{\\omega} = 1"),
        Fact(each, ">", Integer(0), (_OUTCOME,), latex="\\mathbb{P}_{\\omega} > 0"),
    )
    return facts, {_OUTCOME: Range(Integer(1), OUTCOMES)}
