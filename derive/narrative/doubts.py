"""What an equation does not say of its name: no definition where another was not read, nor where an equation ties it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sympy import Expr, Indexed, Mul, Pow, Sum, Symbol

from derive.judge.verdict import Cause, Doubt
from derive.latex.symbols.table import DEFAULT_FUNCTIONS
from derive.narrative.roles.heads import mentions
from derive.narrative.roles.sides import reached
from derive.normal.unfold import Unfolder
from derive.terms.context import Assumption, Claim, Context, Definition, Fact, OneHot
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial


def no_definition(definition: Definition, context: Context, unread: Mapping[str, int]) -> Reason | None:
    """Why an equation without words cannot be taken for a definition of its left side; None if it can.

    Args:
        unread: the names whose definition was not read, with its line.
    """
    head, body = definition.head, definition.body
    name = name_of(head.expr if isinstance(head, Partial) else head)
    if name in unread:
        return because(Why.UNREAD_DEFINITION, name=name, line=unread[name])
    if isinstance(head, Partial) and any(name in names_in(a) for a in context.assumptions
                                         if isinstance(a, Fact) and a.relation == "="):
        return because(Why.ASSUMED_CHANGE, name=name)
    first = isinstance(head, Indexed) and not context.known.names(name)
    given = body.is_number or isinstance(body, (Symbol, Indexed))
    if name in context.recurrent and not (first and given):
        return because(Why.RECURRENT, name=name)
    return None


def in_doubt(claims: Collection[Claim], context: Context, unread: Mapping[str, int], narrowed: Mapping[str, int],
             elsewhere: Mapping[str, int]) -> tuple[Doubt, ...]:
    """Why numbers cannot refute the claims.

    Args:
        unread: the names whose definition was not read, with its line.
        narrowed: the names of which something was said that was not read, and that may restrict them.
        elsewhere: the names whose meaning comes from another part of the document.
    """
    known = context.known
    for head in (claim.left for claim in claims if isinstance(claim.left, Call) and claim.relation == "="):
        if not any(head.orders) and not known.names(head.name) and any(
                call.name == head.name and any(call.orders) for claim in claims for call in claim.right.atoms(Call)):
            return (Doubt(Cause.NAME, head.name),)
    names = {name for claim in claims for side in (claim.left, claim.right) for name in reached(side, context)}
    found = [Doubt(Cause.NOT_READ, name, unread[name]) for name in sorted(names & set(unread)) if not known.names(name)]
    found += [Doubt(Cause.NARROWED, name, narrowed[name]) for name in sorted(names & set(narrowed))]
    found += [Doubt(Cause.ELSEWHERE, name, elsewhere[name]) for name in sorted(names & set(elsewhere))]
    return tuple(found)


def slope_of(term: Partial) -> str:
    """The names of a derivative, by which one without a definition of what it is the derivative of is known."""
    named = (term.expr, term.variable)
    return "/".join(name_of(each) if isinstance(each, (Symbol, Indexed, Call)) else str(each) for each in named)


def tied(claim: Claim, context: Context, seen: Collection[str]) -> str:
    r"""The name in ``\sigma^2 = ..``, ``\sum_i w_i x_i = h`` or ``f x = ..`` that is none of `seen`, those before; or ""."""
    left, right = claim.left, claim.right
    if isinstance(right, Symbol) and left.atoms(Sum, Indexed) and not isinstance(left, Indexed):
        left, right = right, left
    base = left.base if isinstance(left, Pow) and left.exp.is_number else left if left is claim.right else _applied(left)
    if claim.relation != "=" or not isinstance(base, (Symbol, Indexed)) or base.is_integer or right.is_number:
        return ""
    name = name_of(base)
    return "" if name in seen or Unfolder(context).defines(base) or mentions(right, name) else name


def _applied(term: Expr) -> Expr | None:
    """The f of ``f x``, which is read as a product."""
    letters = term.args if isinstance(term, Mul) and len(term.args) == 2 else ()
    if not all(isinstance(letter, Symbol) for letter in letters):
        return None
    return next((letter for letter in letters if str(letter) in DEFAULT_FUNCTIONS), None)


def is_value(definition: Definition, context: Context) -> bool:
    """Whether a variable of what is defined already is given a number."""
    head = definition.head
    return isinstance(head, Symbol) and bool(definition.body.is_number) and any(
        head in known.body.free_symbols for known in context.definitions)


def names_in(assumption: Assumption) -> set[str]:
    """The names of quantities, not of indices, that an assumption is about."""
    if isinstance(assumption, OneHot):
        return {str(assumption.family.label)}
    sides = (assumption.left, assumption.right) if isinstance(assumption, Fact) else (assumption.term,)
    nodes = {node for side in sides for node in side.atoms(Symbol, Indexed)}
    return {name_of(node) for node in nodes if isinstance(node, Indexed) or not node.is_integer or node.is_positive}
