"""Assumed equations of indices and sizes (``i = j``, ``n = 3``) substituted, without capture."""

from __future__ import annotations

from dataclasses import replace

from sympy import Dummy, Expr, Integer, Symbol

from derive.terms.context import Assumption, Claim, Context, Definition, DependsOn, Fact, HeldFixed, OneHot, Range
from derive.terms.growth import Growing
from derive.terms.origins import Origin


def settled(claim: Claim, context: Context) -> tuple[Claim, Context]:
    """Claim and context with the assumed equations of indices and sizes (``i = j``, ``n = 3``) substituted."""
    if not of_places(context):
        return claim, context
    context = _places_named(context)
    for _ in range(8):
        found = next((s for a in context.assumptions if (s := index_equation(a)) is not None), None)
        if found is None:
            return claim, context
        symbol, value = found
        values = {symbol: value}
        apart = tuple(a for a in context.assumptions if not any(_in_own_range(a, s, context) for s in found))
        context = _renamed(replace(context, assumptions=apart), value)
        kept = tuple(_in_assumption(a, values) for a in context.assumptions if index_equation(a) != found)
        ranges = tuple((s, replace(r, low=r.low.xreplace(values), high=r.high.xreplace(values))) for s, r in context.ranges)
        context = replace(
            context,
            assumptions=kept,
            ranges=ranges,
            size=context.size.xreplace(values),
            definitions=tuple(_in_definition(d, symbol, value) for d in context.definitions),
        )
        claim = in_claim(claim, values)
    return claim, context


def _placed(before: tuple[Assumption, ...], new: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    return before + tuple(each for each in new if isinstance(each, OneHot) or index_equation(each) is not None)


_of_places = Growing[tuple[Assumption, ...]]((), _placed)


def of_places(context: Context) -> tuple[Assumption, ...]:
    """The assumptions that name a place: equations of indices and sizes, and one-hot families."""
    return _of_places(context.assumptions)


def _places_named(context: Context) -> Context:
    """One-hot families whose place has no name get one, so that a case may ask which index it is."""
    for assumption in context.assumptions:
        if isinstance(assumption, OneHot) and assumption.at is None:
            place, shape = assumption.unnamed, context.shape_of(str(assumption.family.label))
            context = context.with_range(place, shape[0] if shape else Range(Integer(1), context.size))
            named = replace(assumption, at=place, origin=Origin.UNNAMED)
            context = replace(context, assumptions=tuple(named if a is assumption else a for a in context.assumptions))
    return context


def as_stated(assumption: Assumption) -> Assumption:
    """The assumption that the context has, where a place was given a name for the proof."""
    if isinstance(assumption, OneHot) and assumption.origin is Origin.UNNAMED:
        return replace(assumption, at=None, origin=Origin.STATED)
    return assumption


def _in_own_range(assumption: Assumption, symbol: Expr, context: Context) -> bool:
    """Whether a general fact binds `symbol` and an index whose range depends on it: the range would follow the free one."""
    if not isinstance(assumption, Fact) or symbol not in assumption.forall:
        return False
    spans = [context.range_of(s) for s in assumption.forall]
    return any(symbol in span.low.free_symbols | span.high.free_symbols for span in spans)


def _renamed(context: Context, value: Expr) -> Context:
    """The context with the variables of general facts renamed where `value` would be captured by them."""
    assumptions = []
    for assumption in context.assumptions:
        if isinstance(assumption, Fact) and value in assumption.forall:
            fresh = Dummy(str(value), integer=True)
            context = context.with_range(fresh, context.range_of(value))
            names = {value: fresh}
            assumption = replace(
                assumption,
                left=assumption.left.xreplace(names),
                right=assumption.right.xreplace(names),
                forall=tuple(names.get(s, s) for s in assumption.forall),
            )
        assumptions.append(assumption)
    return replace(context, assumptions=tuple(assumptions))


def _in_definition(definition: Definition, symbol: Symbol, value: Expr) -> Definition:
    """A definition with a free index replaced; its own parameters are not free, and make way where they clash."""
    own = definition.head.free_symbols
    if symbol in own:
        return definition
    clashes = {s: Dummy(s.name, integer=True) for s in value.free_symbols if s in own and not s.is_positive}
    head, body = definition.head.xreplace(clashes), definition.body.xreplace(clashes)
    return replace(definition, head=head, body=body.xreplace({symbol: value}))


def index_equation(assumption: Assumption) -> tuple[Symbol, Expr] | None:
    """``i = j`` or ``n = 3`` as a substitution."""
    if not isinstance(assumption, Fact) or assumption.relation != "=":
        return None
    for symbol, value in ((assumption.left, assumption.right), (assumption.right, assumption.left)):
        if not isinstance(symbol, Symbol) or not symbol.is_integer or symbol in assumption.forall or symbol == value:
            continue
        is_name = isinstance(value, Symbol) and value.is_integer and symbol.is_positive in (None, value.is_positive)
        if value.is_Integer or is_name:
            return symbol, value
    return None


def _in_assumption(assumption: Assumption, values: dict[Symbol, Expr]) -> Assumption:
    if isinstance(assumption, HeldFixed | DependsOn):
        return assumption
    if isinstance(assumption, OneHot):
        return assumption if assumption.at is None else replace(assumption, at=assumption.at.xreplace(values))
    inner = {s: v for s, v in values.items() if s not in assumption.forall}
    return replace(assumption, left=assumption.left.xreplace(inner), right=assumption.right.xreplace(inner))


def in_claim(claim: Claim, values: dict[Symbol, Expr]) -> Claim:
    """The claim with free index symbols replaced."""
    return replace(
        claim,
        left=claim.left.xreplace(values),
        right=claim.right.xreplace(values),
        obligations=tuple(replace(o, term=o.term.xreplace(values)) for o in claim.obligations),
    )
