r"""Members of functions that a document defines by their entries: ``\sigma_i`` and ``\sigma(\mathbf a)_i`` after
``\sigma(\mathbf z)_i = ..``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Expr, Indexed, IndexedBase, Symbol

from derive.latex.symbols.table import is_value
from derive.latex.vectors.bold import inner_name
from derive.narrative.roles.sides import reached
from derive.normal.unfold import instantiate
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition
from derive.terms.growth import Growing
from derive.terms.heads import name_of
from derive.terms.terms import Call


def function_of(name: str) -> tuple[str, str]:
    r"""The function and its argument in the name of a value, two empty words for any other name.

    >>> function_of("f(\\mathbf{z})"), function_of("f")
    (('f', 'z'), ('', ''))
    """
    function, opened, argument = name.partition("(")
    return (function, inner_name(argument[:-1])[0]) if opened and is_value(name) else ("", "")


def shortened(claims: Sequence[Claim], context: Context) -> dict[Expr, Expr]:
    """The families without a meaning that are called as one function is, each with that function's value.

    Of several values it is the one whose argument stands in the claims, if it is the only one.
    """
    defined = _values(context.definitions)
    families = _families(claims) if defined else set()
    names, known = {name_of(base) for base in families}, {name_of(d.head) for d in defined}
    found: dict[Expr, Expr] = {}
    for base in families:
        values = {each for each in known | names if function_of(each)[0] == name_of(base)}
        beside = {value for value in values if function_of(value)[1] in names}
        chosen = values if len(values) == 1 else beside
        if len(chosen) == 1 and not context.known.names(name_of(base)):
            found[base] = terms.family(chosen.pop())
    return found


def unsettled(claims: Sequence[Claim], context: Context) -> tuple[str, ...]:
    """The names in the claims that stand for a function's value at an argument of which they say nothing."""
    names = {name_of(base) for base in _families(claims)}
    short = shortened(claims, context).items()
    return tuple(name_of(base) for base, value in short if function_of(name_of(value))[1] not in names)


def elsewhere(claims: Iterable[Claim], context: Context) -> list[Definition]:
    """What the values of functions at other arguments are than those of which a definition speaks.

    Only where the definition is one in terms of its argument alone: nothing else in it may be made of that.
    """
    defined = _values(context.definitions)
    found = []
    for name in sorted(name_of(base) for base in _families(claims)) if defined else ():
        function, argument = function_of(name)
        same = [d for d in defined if function_of(name_of(d.head))[0] == function]
        if not function or not same or context.known.names(name):
            continue
        known = same[-1]
        general = function_of(name_of(known.head))[1]
        others = known.body.atoms(Symbol, Indexed, Call)
        if any(name_of(each) != general and general in reached(each, context) for each in others):
            continue
        values: dict[Expr, Expr] = {
            terms.family(general): terms.family(argument),
            terms.family(name_of(known.head)): terms.family(name),
        }
        found.append(Definition(instantiate(known.head, values), instantiate(known.body, values), known.source))
    return found


def _families(claims: Iterable[Claim]) -> set[IndexedBase]:
    return {base for claim in claims for side in (claim.left, claim.right) for base in side.atoms(IndexedBase)}


def _of_values(before: tuple[Definition, ...], new: tuple[Definition, ...]) -> tuple[Definition, ...]:
    return (*before, *(each for each in new if isinstance(each.head, Indexed) and is_value(name_of(each.head))))


_values = Growing[tuple[Definition, ...]]((), _of_values)
