"""The definition that a relation would make of the name on one of its sides."""

from __future__ import annotations

from typing import Protocol

from sympy import Expr, Indexed, IndexedBase, Symbol

from derive.narrative.roles.heads import (
    at_members,
    comes_back,
    is_head,
    is_known,
    is_parameter,
    is_plain_head,
    is_tied,
    mentions,
    primitives_of,
    recurs,
    valued,
    with_names,
)
from derive.narrative.roles.hypotheses import exchanges
from derive.narrative.roles.readings import Reading, Role
from derive.narrative.words.grammar import Lead
from derive.normal.compound import alpha
from derive.normal.unfold import Circular, Unfolder, instantiate
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition
from derive.terms.heads import name_of, positions_of
from derive.terms.reasons import Why, because
from derive.terms.terms import Call, Partial, Vector


class Defining(Protocol):
    """What a definition depends on of the features of a relation."""

    @property
    def claim(self) -> Claim: ...

    @property
    def context(self) -> Context: ...

    @property
    def lead(self) -> Lead: ...

    @property
    def unfold(self) -> Unfolder: ...

    @property
    def marked(self) -> bool: ...

    @property
    def stated(self) -> bool: ...

    @property
    def elsewhere(self) -> bool: ...

    @property
    def link(self) -> bool: ...

    @property
    def concluded(self) -> bool: ...

    @property
    def inferred(self) -> bool: ...


def numbered_apart(head: Indexed, body: Expr) -> bool:
    """Whether the head is one member with numbers as places, and the body has others of its family with such places only."""
    members = [node for node in body.atoms(Indexed) if node.base == head.base]
    numbered = all(place.is_Integer for node in (head, *members) for place in node.indices)
    bare = any(isinstance(node, Symbol) and node.name == name_of(head) for node in body.atoms(Symbol) - {head.base.label})
    return numbered and head not in members and body not in members and not bare and not body.has(Partial)


def defines_right(found: Reading, claim: Claim) -> bool:
    """Whether the right side gets its meaning from the left one."""
    recurrent = name_of(found.recurrent.head) if found.recurrent is not None else ""
    if isinstance(claim.left, Indexed) and recurrent == name_of(claim.left):
        return False
    head = found.definition and found.definition.head
    return isinstance(claim.right, Indexed) and (head == claim.right or recurrent == name_of(claim.right))


def definition_of(features: Defining) -> Reading | None:
    """The definition that a relation would make, None if it can make none."""
    claim, context, unfold = features.claim, features.context, features.unfold
    left, right = claim.left, claim.right
    by_derivative = _by_derivative(left, right, unfold)
    if by_derivative is not None:
        return by_derivative
    if is_head(left):
        if is_known(left, unfold):
            return _known_again(left, right, features)
        return _new(left, right, context)
    if isinstance(left, Call) and not is_known(left, unfold) and (general := at_members(left, right)) is not None:
        return _new(*general, context)
    if (
        is_head(right)
        and not isinstance(right, Symbol)
        and not is_known(right, unfold)
        and not mentions(left, name_of(right))
        and not _primitive_seen(right, context)
    ):
        return _new(right, left, context)
    if isinstance(right, Call) and not any(right.orders) and not is_known(right, unfold) and not mentions(left, right.name):
        if (whole := _of_any_argument(right, left)) is not None:
            return Reading(Role.DEFINITION, whole, because(Why.DEFINES, name=right.name))
        return Reading(Role.DEFINITION, reason=because(Why.INTRODUCES_FUNCTION, name=right.name))
    return None


def _of_any_argument(value: Call, body: Expr) -> Definition | None:
    r"""The definition of σ that ``\frac{1}{1 + e^{-(w x + b)}} = \sigma(w x + b)`` makes; None where the body needs more of it.

    The argument must take every value: it is linear in one of its names.
    """
    if len(value.arguments) != 1 or is_parameter(value.arguments[0]):
        return None
    argument, body = alpha(value.arguments[0]), alpha(body)
    new = terms.scalar(terms.unused("x", body, argument))
    general = body.xreplace({argument: new}).xreplace({-argument: -new})
    names = {s for s in argument.free_symbols if not s.is_integer}
    linear = any(name not in argument.diff(name).free_symbols and argument.diff(name) != 0 for name in names)
    if not linear or new not in general.free_symbols or general.free_symbols & names:
        return None
    return Definition(Call(value.name, [new]), general)


def _primitive_seen(head: Expr, context: Context) -> bool:
    """Whether the name is declared, and so no name that a chain could introduce on its right side."""
    return context.shape_of(name_of(head)) is not None


def _new(head: Expr, body: Expr, context: Context) -> Reading | None:
    """A definition of a name that was not known, if its body does not need the name itself."""
    name = name_of(head)
    if isinstance(head, Call):
        if is_tied(head, body):
            return None  # p(x | y) and p(x, y) are no two functions, each with a meaning of its own
        if _at_point(head, body, context):
            return None  # its value at one point
        head, body = with_names(_with_parameters(head, body), body)
    if isinstance(head, Indexed):
        if body.is_number and not all(p.is_Integer for p in head.indices):
            return None
        if exchanges(Claim(head, "=", body)):
            return None  # S_ij = S_ji gives no member
        if not all(isinstance(p, Symbol) or p.is_Integer for p in head.indices) or recurs(head, body):
            return _recurrence(head, body, context)
    bare = {node for node in body.atoms(Symbol, Call, Partial) | {body} if isinstance(node, (Symbol, Call))}
    bases = {node.base.label for node in body.atoms(Indexed)}
    members = (
        isinstance(head, Symbol)
        and not body.has(Partial)
        and not any(name_of(node) == name for node in bare if node not in bases)
    )  # L = (L_1 + .. + L_n) / n
    apart = isinstance(head, Indexed) and numbered_apart(head, body)  # v_2 = b v_1 + g_2
    if mentions(body, name) and not members and not apart:
        if isinstance(head, (Symbol, Indexed)) and body.has(Partial):
            return Reading(Role.DEFINITION, reason=because(Why.UPDATE, name=name))
        return None
    definition = Definition(head, body)
    try:
        Unfolder(context.define(definition))(body)
    except Circular:
        return _recurrence(head, body, context) if comes_back(head, body, context) else None
    except ValueError:
        pass
    return Reading(Role.DEFINITION, definition, because(Why.DEFINES, name=name))


def _at_point(head: Call, body: Expr, context: Context) -> bool:
    """Whether it is the number that a function has where its arguments have numbers."""
    arguments = {name_of(a) for a in head.arguments if isinstance(a, (Symbol, IndexedBase))}
    return bool(body.is_number) and bool(arguments & valued(context))


def _recurrence(head: Expr, body: Expr, context: Context) -> Reading | None:
    """A recurrence, unless another one gives the family already."""
    step = Definition(head, body)
    if name_of(head) in context.recurring and step not in context.recurrent:
        return None
    return Reading(Role.DEFINITION, reason=because(Why.DEFINES_RECURRENCE, name=name_of(head)), recurrent=step)


def _with_parameters(head: Call, body: Expr) -> Call:
    """``σ(x)`` with a scalar x where the body has one, also if x is a family elsewhere in the document."""
    members = {name_of(node) for node in body.atoms(Indexed)}
    arguments = [
        a.label if isinstance(a, IndexedBase) and a.label in body.free_symbols and name_of(a) not in members else a
        for a in head.arguments
    ]
    return Call(head.name, arguments, head.orders)


def _known_again(head: Expr, body: Expr, features: Defining) -> Reading | None:
    """A name that is known: said again, given a new meaning in so many words, or claimed to equal something."""
    unfold, lead = features.unfold, features.lead
    if isinstance(head, Partial):
        return None
    if isinstance(head, Call) and _at_point(head, body, features.context):
        return None
    applying = unfold.definition_of(head)
    naming = (
        features.marked
        or features.stated
        or (lead.closed and (lead.reach == "document" or (lead.effect in ("let", "define", "set") and lead.near)))
    )
    if applying is not None:
        definition, values = applying
        if alpha(instantiate(definition.body, values)) == alpha(body):
            return Reading(Role.RESTATED, reason=because(Why.REPEATS_DEFINITION, name=name_of(head)))
        data = definition.body.is_number or isinstance(definition.body, Vector)
        if data and (isinstance(body, Vector) or (body.is_number and not features.concluded and not features.inferred)):
            return Reading(Role.DEFINITION, Definition(head, body), because(Why.ANOTHER_VALUE, name=name_of(head)))
    if mentions(body, name_of(head)) or not is_plain_head(head):
        return None
    fresh = features.elsewhere and not features.concluded and not features.inferred and not features.link
    more = lead.effect in ("let", "define") and primitives_of(body, unfold) - primitives_of(head, unfold)
    if naming or fresh or more:
        return Reading(Role.DEFINITION, Definition(head, body), because(Why.DEFINES_ANEW, name=name_of(head)))
    return None


def _by_derivative(left: Expr, right: Expr, unfold: Unfolder) -> Reading | None:
    """``∂X/∂v = ∂(…)/∂v`` for an X of which nothing is known says what X is."""
    if not (isinstance(left, Partial) and isinstance(right, Partial) and left.variable == right.variable):
        return None
    head = left.expr
    if not isinstance(head, (Symbol, Indexed)) or not is_head(head) or is_known(head, unfold):
        return None
    if isinstance(right.expr, (Symbol, Indexed)) or mentions(right.expr, name_of(head)):
        return None
    if not all(isinstance(p, Symbol) for p in positions_of(head)):
        return None
    return Reading(Role.DEFINITION, Definition(head, right.expr), because(Why.READ_AS_DEFINITION, name=name_of(head)))
