"""Which names the sides of a relation are made of, and which of them one side alone depends on."""

from __future__ import annotations

from sympy import Dummy, Expr, Indexed, Rational, Sum, Symbol

from derive.normal.unfold import Unfolder
from derive.terms.binding import Integral, Limit
from derive.terms.chance import variable_of
from derive.terms.context import Claim, Context
from derive.terms.heads import name_of
from derive.terms.terms import Call, Vector

_MOST_DECIMALS = 40


def one_sided(claim: Claim, context: Context) -> set[str]:
    """The names without a definition that are written on one side and that the other side does not depend on.

    A relation that ties such a name to something else cannot hold for all its values: it may be meant as a condition, a
    setting or an equation to be solved. Indices count where the relation speaks of nothing else.
    """
    left, right = private(claim, context)
    return left | right


def private(claim: Claim, context: Context) -> tuple[set[str], set[str]]:
    """The names of each side as :func:`one_sided` has them."""
    sides = claim.left, claim.right
    quantities = any(_quantities(side) for side in sides)
    left, right = (reached(side, context) for side in sides)
    written = [
        {
            name
            for node in (_quantities(side) | _sizes(side) if quantities else side.free_symbols)
            if not context.known.names(name := name_of(node))
        }
        for side in sides
    ]
    return written[0] - right, written[1] - left


def reached(term: Expr, context: Context) -> set[str]:
    """The names in a term, and in the definitions to which it leads."""
    bodies: dict[str, list[Expr]] = {}
    for definition in context.definitions:
        bodies.setdefault(name_of(definition.head), []).append(definition.body)
    found: set[str] = set()
    todo = [term]
    while todo:
        part = todo.pop()
        for node in part.atoms(Symbol, Indexed, Call) | {part}:
            if isinstance(node, (Symbol, Indexed, Call)) and (name := name_of(node)) not in found:
                found.add(name)
                todo += bodies.get(name, [])
                if variable := variable_of(name):
                    found.add(variable)
                    todo += bodies.get(variable, [])
    return found


def carried_out(term: Expr) -> bool:
    """Whether it is something to be worked out: an integral or a limit of what is written out, without unknown functions."""
    return term.has(Integral, Limit) and not term.has(Call)


def is_decimal(number: Expr) -> bool:
    """Whether a decimal stands in it: ``exp(-0.3775)``, and no 1/2, 1/4 or 1/3."""
    return any(each.q > 4 and 10**_MOST_DECIMALS % each.q == 0 for each in number.atoms(Rational))


def data_of(term: Expr, unfold: Unfolder) -> set[Expr]:
    """The quantities that a term is made of in the end, without those that have numbers."""
    parts = term.args if isinstance(term, Vector) else (term,)
    try:
        return {each for part in parts for each in _quantities(unfold(part))}
    except ValueError:
        return set()


def _quantities(term: Expr) -> set[Expr]:
    """The scalars, members and values of functions in a term; no indices and no sizes."""
    families = {node.base.label for node in term.atoms(Indexed)}
    return {s for s in term.free_symbols - families if not s.is_integer} | term.atoms(Indexed, Call)


def _sizes(term: Expr) -> set[Expr]:
    """The sizes in a term; one that a sum runs to, or that is a place of a member, is no quantity."""
    outside = term.xreplace({node: Dummy() for node in term.atoms(Sum, Indexed)})
    return {s for s in outside.free_symbols if s.is_integer and s.is_positive}
