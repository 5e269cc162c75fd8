r"""What a chain rule takes its quantities for: ``∂z/∂w = ∂z/∂y ∂y/∂w`` holds where z depends on w through y alone.

Of a quantity without a definition, or with one that does not lead to w, nothing says how it depends on w. A claim that
differentiates it by w, and by a y that is differentiated itself or is made of others, speaks of one that depends on w so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from sympy import Dummy, Expr, Indexed, Sum, Symbol

from derive.normal.unfold import Unfolder, Unrelated, instantiate
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition, DependsOn, Range, Through
from derive.terms.heads import name_of
from derive.terms.terms import Call, Partial, free_indices


def dependences(claim: Claim, context: Context) -> tuple[DependsOn, ...]:
    """What each quantity of a claim must be a function of for its derivatives to be those of a chain rule."""
    if claim.relation != "=":
        return ()
    slopes = _Slopes(claim, context)
    given = {each.name for each in context.through}
    taken = (slopes.dependence(quantity) for quantity in slopes.quantities if name_of(quantity) not in given)
    return tuple(each for each in taken if each is not None)


def named(claim: Claim, given: Iterable[DependsOn]) -> Claim:
    """The claim with a name for the value of each function that is one of those quantities: L for ``L(y)``."""
    values = {each.quantity: _name(each) for each in given if isinstance(each.quantity, Call)}
    if not values:
        return claim
    obligations = tuple(replace(each, term=each.term.xreplace(values)) for each in claim.obligations)
    return replace(claim, left=claim.left.xreplace(values), right=claim.right.xreplace(values), obligations=obligations)


def _name(given: DependsOn) -> Expr:
    """The quantity, or a name for the value of a function."""
    return terms.scalar(f"{name_of(given.quantity)} (value)") if isinstance(given.quantity, Call) else given.quantity


def depending(context: Context, given: Iterable[DependsOn]) -> Context:
    """`context` where those quantities are functions of what they depend on their variables through, and nothing else is known.

    What else they are made of does not change with the variables.
    """
    names = {name_of(each.quantity) for each in given}
    context = replace(context, definitions=tuple(d for d in context.definitions if name_of(d.head) not in names))
    for each in given:
        quantity = _name(each)
        name = name_of(quantity)
        if any(each.spans):
            pairs = zip(each.inner, each.spans, strict=True)
            spans = [(name_of(inner), span) for inner, span in pairs]
            shapes = tuple((family, span) for family, span in spans if span and context.shape_of(family) is None)
            through = tuple(Through(name, inner, span) for inner, span in spans)
            context = replace(context, through=(*context.through, *through), shapes=(*context.shapes, *shapes))
            continue
        places = quantity.indices if isinstance(quantity, Indexed) else ()
        value = Call(f"{name} (of {', '.join(map(name_of, each.inner))})", [*places, *each.inner])
        context = context.define(Definition(quantity, value))
    return context


class _Slopes:
    """The derivatives in a claim of names by names."""

    def __init__(self, claim: Claim, context: Context) -> None:
        self._context, self._unfold = context, Unfolder(context)
        self._sides = claim.left, claim.right
        self._pairs = {
            (part.expr, part.variable)
            for side in (*self._sides, *self._unfolded())
            for part in side.atoms(Partial)
            if (_is_quantity(part.expr) or _is_value(part.expr)) and _is_quantity(part.variable)
        }
        self._differentiated = {name_of(quantity) for quantity, _ in self._pairs}

    def _unfolded(self) -> Iterator[Expr]:
        """The sides without names for derivatives: δ for ``∂L/∂u``."""
        named = {d.head for d in self._context.definitions if d.body.has(Partial)}
        for side in self._sides:
            bodies = (self._unfold.definition_of(each) for each in side.atoms(Symbol, Indexed))
            for found in bodies:
                if found is not None and found[0].head in named:
                    yield instantiate(found[0].body, found[1])

    @property
    def quantities(self) -> Iterator[Expr]:
        """The quantities of which it is not known how they depend on a variable: members of one family by their letters."""
        found = {
            quantity for quantity, by in self._pairs if not self._unfold.defines(quantity) or self._is_unrelated(quantity, by)
        }
        yield from sorted((q for q in found if not _is_bound(q)), key=str)

    def _is_unrelated(self, quantity: Expr, variable: Expr) -> bool:
        """Whether the definition of a quantity does not lead to a variable."""
        try:
            self._unfold(Partial(quantity, variable))
        except Unrelated:
            return True
        except ValueError:
            return False
        return False

    @cached_property
    def _spans(self) -> Mapping[Expr, Range]:
        """The ranges of the bound indices."""
        sums = (node for side in self._sides for node in side.atoms(Sum))
        return {symbol: Range(low, high) for node in sums for symbol, low, high in node.limits}

    def dependence(self, quantity: Expr) -> DependsOn | None:
        """Of what the quantity must be a function; None where the claim does not show it.

        A member may depend on what stands at its own places alone; a number depends on all members of a family.
        """
        by = {v for q, v in self._pairs if q == quantity and name_of(v) != name_of(quantity)}
        inner = {v for v in by if self._goes_on(v)}
        variables = tuple(sorted({v for v in by if not _is_bound(v)} - inner, key=str))
        if not inner:
            return None
        ordered = tuple(sorted(inner, key=str))
        own = set(free_indices(quantity))
        if not any(_is_bound(each) or set(free_indices(each)) - own for each in ordered):
            return DependsOn(quantity, variables, ordered) if _is_general(quantity) else None
        names = {name_of(each): each for each in ordered}
        spans = [self._places(each) for each in names.values()]
        known = tuple(each for each in spans if each is not None)
        whole = isinstance(quantity, (Symbol, Call)) and len(known) == len(spans)
        return DependsOn(quantity, variables, tuple(names.values()), known) if whole else None

    def _goes_on(self, variable: Expr) -> bool:
        return name_of(variable) in self._differentiated or self._unfold.defines(variable)

    def _places(self, member: Expr) -> tuple[Range, ...] | None:
        """The ranges of its places: those of its family, of the sums over them, or of their letters; none for a number."""
        places = member.indices if isinstance(member, Indexed) else ()
        known = self._context.shape_of(name_of(member)) if places else None
        if known is not None and len(known) == len(places):
            return tuple(known)
        if len(set(places)) < len(places) or not all(isinstance(place, Symbol) for place in places):
            return None
        spans = tuple(self._spans.get(place) or self._context.range_of(place) for place in places)
        begun = all(span.low in (0, 1) for span in spans)  # a sum from 2 on leaves a member out
        return spans if begun and not any(isinstance(s, Dummy) for span in spans for s in span.high.free_symbols) else None


def _is_quantity(term: Expr) -> bool:
    return isinstance(term, Indexed) or isinstance(term, Symbol) and not term.is_integer


def _is_value(term: Expr) -> bool:
    """Whether it is the value of a function at names: ``f(x, y)``."""
    names = isinstance(term, Call) and all(isinstance(a, Symbol) and not a.is_integer for a in term.arguments)
    return names and isinstance(term, Call) and not any(term.orders) and len(set(term.arguments)) == len(term.arguments)


def _is_bound(term: Expr) -> bool:
    return isinstance(term, Indexed) and any(isinstance(s, Dummy) for place in term.indices for s in place.free_symbols)


def _is_general(quantity: Expr) -> bool:
    """Whether what is said of it can be said of every member of its family."""
    places = quantity.indices if isinstance(quantity, Indexed) else ()
    return all(isinstance(place, Symbol) for place in places) and len(set(places)) == len(places)
