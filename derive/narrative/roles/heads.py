"""What stands on a side of a relation: the head of a definition, a bare quantity, an index."""

from __future__ import annotations

from sympy import Expr, Indexed, IndexedBase, Sum, Symbol

from derive.latex.grammar.arguments import is_shaped, letter_of
from derive.latex.tokens.vocabulary import EXTREMES
from derive.normal.unfold import Unfolder, instantiate, is_nameable
from derive.terms import terms
from derive.terms.context import Claim, Context, Fact
from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Call, Partial, peel


def name_of_head(claim: Claim) -> str:
    """The name on the left side of an equation, "" where there is none alone."""
    return name_of(claim.left) if isinstance(claim.left, (Symbol, Indexed, Call)) else ""


def is_head(term: Expr) -> bool:
    """Whether the term can be the left side of a definition: ``L``, ``a_i``, ``f(x)``, ``∂E/∂w_{kj}``.

    The event of a law has a range of its own: ``P(Y = k | x)`` for k < K says nothing of k = K.
    """
    if isinstance(term, Symbol):
        return not term.is_integer
    if isinstance(term, Call):
        if term.name in EXTREMES:
            return False  # max_i z_i = 3 says nothing of what a maximum is
        names = [a for a in term.arguments if is_parameter(a) and not (is_shaped(term.name) and a.is_integer)]
        return len(set(names)) == len(term.arguments) and not any(term.orders)
    if isinstance(term, Partial):
        return is_nameable(term)
    return isinstance(term, Indexed)


def is_plain_head(head: Expr) -> bool:
    """Whether it stands for all its members: ``L``, ``a_i``, ``f(x)``, and not ``a_1`` or ``a_{ii}``."""
    places = positions_of(head)
    return len(set(places)) == len(places) and all(isinstance(p, Symbol) for p in places)


def mentions(term: Expr, name: str) -> bool:
    """Whether a scalar, a family or a function of that name occurs in the term."""
    return any(
        name_of(node) == name
        for node in term.atoms(Symbol, Indexed, Call, Partial) | {term}
        if isinstance(node, (Indexed, Call))
        or (isinstance(node, Symbol) and not node.is_integer)
        or (isinstance(node, Partial) and is_nameable(node))
    )


def recurs(head: Indexed, body: Expr) -> bool:
    """Whether the body needs the family, and only at other positions: ``h_t = w h_{t-1} + x_t``."""
    members = [m for m in body.atoms(Indexed) if m.base == head.base]
    return bool(members) and all(
        m != head and any(s in head.free_symbols for p in m.indices for s in p.free_symbols) for m in members
    )


def is_known(head: Expr, unfold: Unfolder) -> bool:
    return unfold.defines(head) or (isinstance(head, Partial) and not _opaque(head, unfold))


def _opaque(head: Partial, unfold: Unfolder) -> bool:
    """Whether the derivative is of something about which nothing is known."""
    try:
        return isinstance(unfold(head), Partial)
    except ValueError:
        return False


def says_value(head: Partial, unfold: Unfolder) -> bool:
    """Whether the definitions say what the derivative is. Where they show no dependence, they may say too little."""
    try:
        value = unfold(head)
    except ValueError:
        return False
    return not isinstance(value, Partial) and value != 0


def primitives_of(term: Expr, unfold: Unfolder) -> set[str]:
    """The names of quantities without a definition from which the term is made."""
    try:
        plain = unfold(term)
    except ValueError:
        plain = term
    return {name_of(node) for node in plain.atoms(Symbol, Indexed) if isinstance(node, Indexed) or not node.is_integer}


def is_bare(term: Expr, unfold: Unfolder) -> bool:
    """A scalar, a size, a member, or a sum of members, none of which has a definition."""
    if isinstance(term, Sum):
        body = peel(term)[0]
        return is_bare(body, unfold) and bool(body.atoms(Indexed))
    if isinstance(term, Symbol):
        return not is_index(term) and not unfold.defines(term)
    return isinstance(term, Indexed) and not unfold.defines(term)


def is_index(term: Expr) -> bool:
    return isinstance(term, Symbol) and bool(term.is_integer) and not term.is_positive


def is_parameter(argument: Expr) -> bool:
    """Whether an argument can stand for any value: a name, a family, or a member by its number, ``x_4``."""
    numbered = isinstance(argument, Indexed) and all(place.is_Integer for place in argument.indices)
    return numbered or isinstance(argument, (Symbol, IndexedBase))


def with_names(head: Call, body: Expr) -> tuple[Call, Expr]:
    """``g(x_4) = x_4 + c`` with a name of its own for the member that the function is written at."""
    names: dict[Expr, Expr] = {
        a: terms.scalar(terms.unused(f"{name_of(a)}_{{{','.join(map(str, a.indices))}}}", body))
        for a in head.arguments
        if isinstance(a, Indexed)
    }
    return Call(head.name, [names.get(a, a) for a in head.arguments], head.orders), instantiate(body, names)


def at_members(head: Call, body: Expr) -> tuple[Call, Expr] | None:
    """``g(z_h) = z_h^2`` with names of their own for the members; None where the body needs more of them than these."""
    members = [a for a in head.arguments if isinstance(a, Indexed)]
    others = [a for a in head.arguments if not isinstance(a, Indexed)]
    distinct = len({name_of(a) for a in members}) == len(members) and len(set(others)) == len(others)
    if not members or any(head.orders) or is_shaped(head.name) or not distinct or not all(map(is_parameter, others)):
        return None
    if not all(each in body.atoms(Indexed) for each in members):
        return None
    general, whole = with_names(head, body)
    left_over = {name_of(node) for node in whole.atoms(Indexed, IndexedBase)} & {name_of(each) for each in members}
    places = {symbol for each in members for place in each.indices for symbol in place.free_symbols}
    return None if left_over or places & whole.free_symbols else (general, whole)


def is_tied(head: Call, body: Expr) -> bool:
    """Whether the body has a law of the head's letter: ``p(x | y)`` and ``p(x, y)`` get no meaning without each other."""
    laws = {call.name for call in body.atoms(Call) if is_shaped(head.name) or is_shaped(call.name)}
    return letter_of(head.name) in {letter_of(name) for name in laws}


def comes_back(head: Expr, body: Expr, context: Context) -> bool:
    """Whether the body, by what else is defined, needs other members of the family: ``a_t = f(z_t)`` with z from a_{t-1}."""
    if not isinstance(head, Indexed):
        return False
    try:
        return recurs(head, Unfolder(context)(body))
    except ValueError:
        return False


def valued(context: Context) -> set[str]:
    """The names that are assumed to have a number."""
    return {
        name_of(a.left)
        for a in context.assumptions
        if isinstance(a, Fact) and a.relation == "=" and a.right.is_number and isinstance(a.left, Symbol)
    }
