"""Definitions unfolded and derivatives carried out: a term in a context becomes a term in primitives.

A derivative with respect to a defined quantity treats it as independent: what depends on it is unfolded
only down to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import cached_property, lru_cache

from sympy import Add, Basic, Dummy, Expr, Indexed, IndexedBase, Sum, Symbol
from sympy.logic.boolalg import Boolean

from derive.normal.calculus import differentiate, limit_of
from derive.normal.functions.elementary import NotDifferentiable
from derive.normal.matching import coincidence, match, specificity
from derive.normal.recurrences import before
from derive.terms import terms
from derive.terms.binding import Binding, Limit
from derive.terms.context import Context, Definition
from derive.terms.heads import Head, key_of, name_of, positions_of
from derive.terms.terms import Call, Cases, Partial
from derive.terms.walking import mapped

DEPTH = 60
Primitive = Head
Stop = frozenset[Primitive]


class Recurrent(NotDifferentiable):
    """A derivative between members of the family `name`, which is defined from itself."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is defined by a recurrence, its members are not independent")
        self.name = name


class Unrelated(NotDifferentiable):
    """A derivative of something made of `names` that does not mention the variable, and may yet depend on it."""

    def __init__(self, names: tuple[str, ...], variable: str) -> None:
        super().__init__(f"nothing says how {', '.join(names)} depends on {variable}")
        self.names, self.variable = names, variable


class Circular(ValueError):
    """A definition that leads back to itself."""


def is_nameable(term: Expr) -> bool:
    """Whether `term` is a scalar, a member, or a derivative of one such by another."""
    if isinstance(term, Partial):
        return is_nameable(term.expr) and is_nameable(term.variable)
    return isinstance(term, (Indexed, Symbol))


class Unfolder:
    """Unfolds terms by the definitions of one context."""

    def __init__(self, context: Context, related: Iterable[Expr] = ()) -> None:
        """For terms that occur together with `related`: the derivatives in them tell what unknown quantities depend on."""
        self._context = context
        self._by_name = context.known
        self._related = tuple(related)
        self._done: dict[tuple[Expr, Stop], Expr] = {}

    def __call__(self, term: Expr, stop: Iterable[str] = ()) -> Expr:
        """`term` with every definition unfolded, except those named in `stop`, and every derivative carried out.

        Raises:
            Circular: if a definition leads back to itself.
        """
        return self._unfold(term, frozenset((kind, name) for name in stop for kind in (Symbol, Indexed, Call, Partial)), 0)

    @cached_property
    def _depends(self) -> dict[Primitive, set[Primitive]]:
        """The bare primitives that are differentiated by each primitive, so that they depend on it in a way not known."""
        found: dict[Primitive, set[Primitive]] = {}
        definitions = self._context.definitions
        for term in (*self._related, *(d.body for d in definitions), *(d.head for d in definitions)):
            if term.has(Partial):
                self._observe(term, found)
        return found

    def _observe(self, term: Expr, found: dict[Primitive, set[Primitive]]) -> None:
        for partial in term.atoms(Partial):
            inner, variable = partial.expr, partial.variable
            if (
                isinstance(inner, (Symbol, Indexed))
                and isinstance(variable, (Symbol, Indexed))
                and not self.defines(inner)
                and self._is_opaque(inner, variable)
            ):
                found.setdefault(key_of(variable), set()).add(key_of(inner))

    def definition_of(self, head: Expr) -> tuple[Definition, dict[Expr, Expr]] | None:
        """The definition that applies to `head` (special members first, later ones first), with its parameters' values."""
        for definition in self._ranked(head):
            values = match(definition.head, head)
            if values is not None:
                return definition, values
        return None

    def _ranked(self, head: Expr) -> list[Definition]:
        known = self._by_name.near(head)
        if len(known) < 2:
            return list(known)
        ranked = sorted(enumerate(known), key=lambda item: (specificity(item[1].head), item[0]))
        return [definition for _, definition in reversed(ranked)]

    def defines(self, head: Expr) -> bool:
        """Whether some definition applies to `head`."""
        return self._instance(head) is not None

    def names(self) -> frozenset[str]:
        """The names that are defined."""
        return frozenset(name for _, name in self._by_name.keys())

    def _unfold(self, term: Expr, stop: Stop, depth: int) -> Expr:
        if not term.args:
            if isinstance(term, Symbol) and not isinstance(term, Dummy):
                return self._replace(term, stop, depth)
            return term
        key = (term, stop)
        known = self._done.get(key)
        if known is None:
            known = self._done[key] = self._compound(term, stop, depth)
        return known

    def _compound(self, term: Expr, stop: Stop, depth: int) -> Expr:
        if depth > DEPTH:
            raise Circular(f"the definitions that unfold {term} lead back to themselves")
        if isinstance(term, Partial):
            return self._partial(term, stop, depth)
        if isinstance(term, Indexed):
            return self._replace(term, stop, depth)
        if isinstance(term, Call):
            arguments = [a if isinstance(a, IndexedBase) else self._unfold(a, stop, depth) for a in term.arguments]
            return self._replace(Call(term.args[0], arguments, term.orders), stop, depth)
        if isinstance(term, Sum):
            body = self._unfold(term.function, stop, depth)
            return body if body == 0 else Sum(body, *term.limits)
        if isinstance(term, Limit):
            parts = [self._unfold(part, stop, depth) for part in (term.body, term.below, term.point)]
            return limit_of(parts[0], term.variable, parts[1], parts[2])
        changed = [self._unfold(a, stop, depth) if isinstance(a, Expr) else self._inside(a, stop, depth) for a in term.args]
        return term if all(a is b for a, b in zip(changed, term.args, strict=True)) else term.func(*changed)

    def _inside(self, node: Basic, stop: Stop, depth: int) -> Basic:
        """The branches of a case split: their terms are unfolded, their conditions (on indices) are kept."""
        if isinstance(node, terms.Branch):
            return node.func(self._unfold(node.expr, stop, depth), node.cond)
        return node

    def _replace(self, head: Expr, stop: Stop, depth: int) -> Expr:
        if key_of(head) in stop:
            return head
        body = self._instance(head, depth)
        if body is None:
            return head
        if depth > DEPTH:
            raise Circular(f"the definition of {head} leads back to itself")
        return self._unfold(body, stop, depth + 1)

    def _instance(self, head: Expr, depth: int = 0) -> Expr | None:
        """The body of the latest definition that applies to `head`, at the head's indices and arguments."""
        special: list[tuple[Expr, Boolean]] = []
        for definition in self._ranked(head):
            matched = match(definition.head, head)
            if matched is not None:
                if isinstance(head, Call) and isinstance(definition.head, Call) and any(head.orders):
                    return self._derived(definition.head, definition.body, head, depth)
                body = instantiate(definition.body, matched)
                return Cases(*special, (body, True)) if special else body
            condition = coincidence(definition.head, head)
            if condition is not None:
                special.append((instantiate(definition.body, condition[0]), condition[1]))
        return None

    def _derived(self, pattern: Call, body: Expr, head: Call, depth: int) -> Expr:
        """The derivative at the arguments of `head` of the function that `body` is for the parameters in `pattern`."""
        bodies = [d.body for d in self._context.definitions]
        names: dict[Expr, Expr] = {
            p: terms.scalar(terms.unused(f"{p.name} (argument)", *bodies)) for p in pattern.arguments if isinstance(p, Symbol)
        }
        parameters = [names.get(p, p) for p in pattern.arguments]
        result = self._unfold(instantiate(body, names), frozenset(), depth + 1)
        for parameter, order in zip(parameters, head.orders, strict=True):
            for _ in range(order):
                result = differentiate(result, parameter)
        return instantiate(result, dict(zip(parameters, head.arguments, strict=True)))

    def _partial(self, term: Partial, stop: Stop, depth: int) -> Expr:
        variable = term.variable
        if not isinstance(variable, (Symbol, Indexed)):
            raise NotDifferentiable(f"a derivative by {variable}")
        inner_stop = stop | {key_of(variable)}
        inner = self._unfold(term.expr, inner_stop, depth + 1)
        self._refuse_recurrence(variable, inner)
        self._refuse_members(inner, variable)
        self._refuse_partly_defined(inner, variable)
        if isinstance(inner, Symbol) and inner.is_integer and not inner.is_positive:
            raise NotDifferentiable(f"{inner} is an index, it has no derivative")
        if isinstance(inner, Symbol) and (chain := self._chain(inner, variable)) is not None:
            return self._unfold(chain, stop, depth + 1)
        if self._is_opaque(inner, variable):
            head = Partial(inner, variable)
            if (Partial, name_of(head)) in stop:
                return head
            body = self._instance(head)
            return head if body is None else self._unfold(body, stop, depth + 1)
        self._require_relation(inner, variable)
        depending = {name for _, name in self._depends.get(key_of(variable), ())}
        return self._unfold(differentiate(inner, variable, depending), stop, depth + 1)

    def _chain(self, quantity: Symbol, variable: Expr) -> Expr | None:
        """∂E/∂x = Σ ∂E/∂u_k ∂u_k/∂x for an unknown E that is a function of the u_k alone; None for any other, and for u_k."""
        given = [each for each in self._context.through if each.name == quantity.name]
        if not given or any(each.inner == name_of(variable) for each in given) or self.defines(quantity):
            return None
        parts: list[Expr] = []
        for each in given:
            places = tuple(terms.bound("k") for _ in each.spans)
            inner: Expr = terms.family(each.inner)[places] if places else terms.scalar(each.inner)
            part: Expr = Partial(quantity, inner) * Partial(inner, variable)
            for place, span in zip(places, each.spans, strict=True):
                part = Sum(part, (place, span.low, span.high))
            parts.append(part)
        return Add(*parts)

    def _require_relation(self, inner: Expr, variable: Expr) -> None:
        """What does not mention the variable has the derivative 0 only if it is made of numbers and constants."""
        own, primitives = key_of(variable), _primitives(inner)
        depending = {own} | self._depends.get(own, set())
        names = {name for _, name in primitives}
        if primitives and not primitives & depending and not names <= set(self._context.constants):
            raise Unrelated(tuple(sorted(names)), name_of(variable))

    def _refuse_recurrence(self, variable: Expr, inner: Expr) -> None:
        """Members of a family that is defined from itself depend on each other; no rule says how.

        Where they are numbers of a list, ``x_1 = c / x_2``, it is seen of each other one in `inner` whether it does.
        """
        if not isinstance(variable, Indexed):
            return
        name = name_of(variable)
        if name in self._context.recurring:
            raise Recurrent(name)
        if (Indexed, name) in self._reached((Indexed, name)):
            others = (member for member in inner.atoms(Indexed) if name_of(member) == name)
            heads = (variable, *(definition.head for definition in self._by_name.get((Indexed, name))))
            numbered = all(place.is_Integer for head in heads for place in positions_of(head))
            if not numbered or any(self._rests_on(member, variable) or self._rests_on(variable, member) for member in others):
                raise Recurrent(name)

    def _rests_on(self, member: Indexed, variable: Indexed) -> bool:
        """Whether a member may depend on another one of its family; it is certain only where both have numbers."""
        name, seen = name_of(variable), set[Expr]()
        waiting: list[Expr] = [member] if member != variable else []
        while waiting:
            head = waiting.pop()
            found = None if head in seen else self.definition_of(head)
            seen.add(head)
            numbered = not isinstance(head, Indexed) or name_of(head) != name or all(p.is_Integer for p in head.indices)
            if not numbered or len(seen) > DEPTH:
                return True
            if found is not None:
                waiting += instantiate(found[0].body, found[1]).atoms(Indexed, Symbol, Call)
        return variable in seen

    def _refuse_members(self, inner: Expr, variable: Expr) -> None:
        """A member of a family that a recurrence gives depends on what the members before it are made of."""
        own = key_of(variable)
        for member in inner.atoms(Indexed) if self._context.recurrent else ():
            for each in self._context.recurrent:
                name = name_of(each.head)
                if name == name_of(member) and own in self._reached((Indexed, name)):
                    if not before(each, self, self._context.recurring, member, variable):
                        raise Recurrent(name)

    def _reached(self, start: Primitive) -> set[Primitive]:
        """The quantities that the definitions and recurrences of `start` mention, directly or through others."""
        found: set[Primitive] = set()
        waiting = [start]
        while waiting:
            key = waiting.pop()
            steps = [each for each in self._context.recurrent if (Indexed, name_of(each.head)) == key]
            for definition in (*self._by_name.get(key), *steps):
                new = {key_of(m) for m in definition.body.atoms(Indexed, Symbol, Call)} - found
                found |= new
                waiting += new
        return found

    def _refuse_partly_defined(self, inner: Expr, variable: Expr) -> None:
        """A member at a symbolic index whose family is defined at some indices only has no derivative of its own."""
        for member in inner.atoms(Indexed):
            name = name_of(member)
            if name != name_of(variable) and (Indexed, name) in self._by_name:
                raise NotDifferentiable(f"only some members of {name} are defined")

    def _is_opaque(self, inner: Expr, variable: Expr) -> bool:
        """Whether nothing is known of how `inner`, a bare primitive, depends on the variable."""
        if not is_nameable(inner):
            return False
        name = name_of(inner)
        if name in self._context.constants or (inner.is_positive and inner.is_integer):
            return False
        return not (type(inner) is type(variable) and name == name_of(variable))


def unfolder(context: Context, related: Iterable[Expr] = ()) -> Unfolder:
    """An :class:`Unfolder` for `context`, the same one for contexts that differ in nothing but assumptions and ranges.

    A claim is tried under many assumptions; its terms are unfolded once.
    """
    plain = Context(
        definitions=context.definitions, constants=context.constants, recurrent=context.recurrent, through=context.through
    )
    return _unfolder(plain, tuple(related))


@lru_cache(maxsize=8)
def _unfolder(context: Context, related: tuple[Expr, ...]) -> Unfolder:
    return Unfolder(context, related)


def _primitives(term: Basic) -> set[Primitive]:
    """The scalars, families and functions in a term; not its indices, sizes and bound symbols."""
    if isinstance(term, Symbol):
        return set() if term.is_integer or isinstance(term, Dummy) else {key_of(term)}
    if isinstance(term, IndexedBase):
        return {(Indexed, name_of(term))}
    own = {key_of(term)} if isinstance(term, Call) else set()
    return own.union(*(_primitives(part) for part in term.args))


def instantiate(body: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """`body` with parameters replaced; bound indices are renewed where a value would be captured.

    >>> from sympy import exp, Integer
    >>> i, k, n = terms.index("i"), terms.index("k"), terms.size("n")
    >>> inner = terms.summation(terms.family("w")[i, k], k, Integer(1), n)
    >>> captured = instantiate(inner, {i: inner.args[1].args[0]})
    >>> len(terms.free_indices(captured))
    1
    """
    if not values:
        return body
    arriving = {s for value in values.values() for s in value.free_symbols}
    if any(isinstance(s, Dummy) for s in arriving):
        body = renew(body, arriving)
    # A family is replaced as a whole or not at all: its label is a symbol, and that of x_1 is equal to the scalar x.
    untouched = {b: b for b in body.atoms(IndexedBase) if b.label in values}
    return body.xreplace({**untouched, **values})


def renew(term: Expr, taken: Set[Basic]) -> Expr:
    """`term` with a fresh bound index wherever the present one is in `taken`."""
    clashes = {limit[0] for s in term.atoms(Sum) for limit in s.limits} & taken
    clashes |= {term.variable for term in term.atoms(Binding)} & taken
    if not clashes:
        return term
    if isinstance(term, Binding) and term.variable in clashes:
        fresh = Dummy(term.variable.name, **term.variable.assumptions0)
        return mapped(term.xreplace({term.variable: fresh}), lambda part: renew(part, taken))
    if isinstance(term, Sum):
        body, variable, low, high = terms.peel(term)
        body = renew(body, taken)
        low, high = renew(low, taken), renew(high, taken)
        if variable in clashes:
            fresh = terms.bound(variable.name)
            body = body.xreplace({variable: fresh})
            variable = fresh
        return Sum(body, (variable, low, high))
    return mapped(term, lambda part: renew(part, taken))
