"""Which domain facts can be proved; nothing is written here."""

from __future__ import annotations

from typing import Any

from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.generators import GENERATORS
from derive.certify.script.forms.polynomials import added
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.statement.facts import ForAll, HasSlope, If, Reals
from derive.certify.statement.syntax import (
    Apply,
    Constant,
    Count,
    IfEqual,
    Inverse,
    Number,
    Over,
    Plus,
    Power,
    Ref,
    Slope,
    Sum,
    Term,
    Times,
)


def holds(normal: NormalForms, fact: Any, facts: Facts) -> bool:
    """Whether a domain fact is one that :mod:`derive.certify.script.assurances` can prove."""
    try:
        return _holds(normal, fact, facts)
    except NoProof:
        return False


def _holds(normal: NormalForms, fact: Any, facts: Facts) -> bool:
    if isinstance(fact, ForAll):
        return _holds(normal, fact.body, facts.ranging(fact.index, fact.low, fact.high))
    if isinstance(fact, If):
        return _holds(normal, fact.body, facts)
    if isinstance(fact, HasSlope):
        return True
    if not isinstance(fact, Reals):
        return False
    if fact.relation == "!=":
        shows = sign_of(normal, fact.left, facts) is not None or is_nonzero(normal, fact.left, facts)
    elif fact.relation == ">":
        shows = sign_of(normal, fact.left, facts) == 1
    elif fact.relation == ">=":
        shows = is_nonnegative(normal, fact.left, facts)
    else:
        return False
    return shows or is_visible(normal, fact.left, facts, fact.relation != ">=")


def is_visible(normal: NormalForms, node: Term, facts: Facts, strict: bool) -> bool:
    """Whether the term as it stands, with definitions unfolded, shows that it is positive (or not negative)."""
    return _visible(normal, normal.conditions.expanded(node), facts, strict)


def _visible(normal: NormalForms, node: Any, facts: Facts, strict: bool) -> bool:
    def shows(part: Any, strictly: bool = strict) -> bool:
        return _visible(normal, part, facts, strictly)

    if isinstance(node, Plus):
        if not strict:
            return shows(node.left) and shows(node.right)
        return (shows(node.left) and shows(node.right, False)) or (shows(node.left, False) and shows(node.right))
    if isinstance(node, Times):
        return (not strict and node.left == node.right) or (shows(node.left) and shows(node.right))
    if isinstance(node, Over):
        return shows(node.left) and shows(node.right, True)
    if isinstance(node, Inverse):
        return shows(node.term, True)
    if isinstance(node, Power):
        return shows(node.base) or (not strict and node.exponent in (2, 4))
    if isinstance(node, Sum):
        inner = facts.ranging(node.index, node.low, node.high)
        return (not strict or facts.at_least_zero(node.high - node.low)) and _visible(normal, node.body, inner, strict)
    if isinstance(node, Apply) and node.function == "sqrt":
        return not strict or shows(node.term)
    if isinstance(node, Number):
        return not strict or node.value > 0
    if isinstance(node, (Ref, Count, Constant, Apply)):
        signs = normal.signs
        return signs.is_positive_generator(node, facts) if strict else signs.is_nonnegative_generator(node, facts)
    return False


def sign_of(normal: NormalForms, node: Any, facts: Facts) -> int | None:
    """1 for certainly positive, −1 for negative, None for neither."""
    p = normal.of(node, facts)
    for sign in (1, -1):
        q = added({}, p, sign)
        if normal.signs.is_positive(q, facts):
            return sign
        quotient = normal.signs.over_positive(q, facts)
        if quotient is not None and normal.signs.is_positive(quotient[0], facts):
            return sign
    return None


def is_nonnegative(normal: NormalForms, node: Any, facts: Facts) -> bool:
    """Whether it is certainly not negative."""
    p = normal.of(node, facts)
    if normal.signs.is_nonnegative(p, facts):
        return True
    quotient = normal.signs.over_positive(p, facts)
    return quotient is not None and normal.signs.is_nonnegative(quotient[0], facts)


def is_nonzero(normal: NormalForms, node: Any, facts: Facts) -> bool:
    """Whether it is a product of what is known not to be 0."""
    p = normal.of(node, facts)
    if not p:
        return False
    above, _ = normal.ring.cleared(p, facts)
    _, content, primitive = normal.ring.content(above)
    return all(g in facts.nonzero or normal.signs.is_positive_generator(g, facts) for g, _ in content) and (
        len(primitive) == 1 or normal.ring.term(primitive) in facts.nonzero
    )


def is_plain(normal: NormalForms, node: Term, facts: Facts) -> bool:
    """Whether the tactic for signs sees that the term is positive."""
    if isinstance(node, (Plus, Times, Over)):
        return is_plain(normal, node.left, facts) and is_plain(normal, node.right, facts)
    if isinstance(node, (Inverse, Power)):
        return is_plain(normal, node.parts[0], facts)
    if isinstance(node, Sum):
        return is_plain(normal, node.body, facts.ranging(node.index, node.low, node.high))
    return (
        isinstance(node, GENERATORS + (Number,))
        and not isinstance(node, (IfEqual, Slope))
        and (normal.signs.is_positive_generator(node, facts))
    )
