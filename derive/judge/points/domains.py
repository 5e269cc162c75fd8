"""What a claim ranges over: the sizes, the indices and the hypotheses that bear on it.

A hypothesis bears on a claim if it shares a quantity or an index with it, directly or through other
hypotheses and definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import sympy
from sympy import Dummy, Expr, Indexed, Integer, KroneckerDelta, Symbol

from derive.balls.frames import Frame, Positions, Run
from derive.balls.integers import COMPARISONS, compile_integer, is_integer_term
from derive.judge.points.bearing import closed, links, names, relevant, size_names
from derive.judge.points.reach import within_reach
from derive.terms import terms
from derive.terms.context import Claim, Context, Fact, Obligation, OneHot, Range
from derive.terms.relations import head_of

MAX_ASSIGNMENTS = 4096


@dataclass(frozen=True)
class Domain:
    """What has to be chosen for a point: `sizes`, then `indices`, then values that obey `facts` and `obligations`.

    `places` are indices of our own for one-hot families whose place is not named; `index_facts` speak of
    integers only; `literals` are the integers that occur as positions; `near` are the sizes that matter to the claim,
    which come first among `sizes`.
    """

    context: Context
    sides: tuple[Expr, ...]
    sizes: tuple[str, ...]
    indices: tuple[tuple[Symbol, Range], ...]
    places: tuple[tuple[OneHot, Symbol], ...]
    index_facts: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    one_hots: tuple[OneHot, ...]
    obligations: tuple[Obligation, ...]
    literals: frozenset[int]
    near: frozenset[str]

    def assignments(self, sizes: dict[str, int]) -> list[tuple[int, dict[Symbol, int]]]:
        """The index assignments that obey the index facts, each with the number of its pattern of coincidences.

        They come in rounds: one of each pattern, then a second of each, and so on.
        """
        patterns: dict[tuple[tuple[int, ...], tuple[int, ...]], list[dict[Symbol, int]]] = {}
        for indices in islice(self._choices(sizes, {}, self.indices), MAX_ASSIGNMENTS):
            if all(holds_of_integers(fact, sizes, indices, self.context) for fact in self.index_facts):
                values = tuple(indices.values())
                shape = tuple(values.index(value) for value in values)
                named = tuple(value if value in self.literals else 0 for value in values)
                patterns.setdefault((shape, named), []).append(indices)
        rounds = max((len(found) for found in patterns.values()), default=0)
        return [
            (number, found[turn])
            for turn in range(rounds)
            for number, found in enumerate(patterns.values())
            if turn < len(found)
        ]

    def _choices(
        self, sizes: dict[str, int], chosen: dict[Symbol, int], left: tuple[tuple[Symbol, Range], ...]
    ) -> Iterator[dict[Symbol, int]]:
        if not left:
            yield dict(chosen)
            return
        symbol, span = left[0]
        for value in integers_of(span, sizes, chosen):
            yield from self._choices(sizes, {**chosen, symbol: value}, left[1:])


def integers_of(span: Range, sizes: dict[str, int], indices: dict[Symbol, int]) -> range:
    """The integers of a range at given sizes and indices."""
    frame = _frame(sizes, indices)
    return range(compile_integer(span.low)(frame), compile_integer(span.high)(frame) + 1)


def instances(
    binders: Iterable[tuple[Symbol, Range]], sizes: dict[str, int], indices: dict[Symbol, int]
) -> Iterator[dict[Symbol, int]]:
    """`indices` extended by every choice of values for `binders`."""
    found = [dict(indices)]
    for symbol, span in binders:
        found = [{**each, symbol: value} for each in found for value in integers_of(span, sizes, each)]
    yield from found


def holds_of_integers(fact: Fact, sizes: dict[str, int], indices: dict[Symbol, int], context: Context) -> bool:
    """Whether a fact about indices and sizes holds, for all values of its bound indices."""
    left, right = compile_integer(fact.left), compile_integer(fact.right)
    compare = COMPARISONS[head_of(fact.relation)]
    binders = [(symbol, context.range_of(symbol)) for symbol in fact.forall]
    return all(
        compare(left(frame), right(frame)) for frame in (_frame(sizes, each) for each in instances(binders, sizes, indices))
    )


@lru_cache(maxsize=4)
def domain_of(claim: Claim | None, context: Context) -> Domain:
    """The domain of `claim`; of None: that of all hypotheses of `context`."""
    sides = _entries(claim.left) + _entries(claim.right) if claim is not None else ()
    obligations = claim.obligations if claim is not None else ()
    about = [*sides, *(obligation.term for obligation in obligations)]
    kept = list(context.assumptions) if claim is None else relevant(context, about)
    facts = [each for each in kept if isinstance(each, Fact)]
    one_hots = [each for each in kept if isinstance(each, OneHot)]
    related = [
        *about,
        *(side for fact in facts for side in (fact.left, fact.right)),
        *(hot.at for hot in one_hots if hot.at is not None),
    ]
    bound_ = {symbol for obligation in obligations for symbol, _, _ in obligation.binders}
    free: dict[Symbol, None] = {}
    for term in (*sides, *(hot.at for hot in one_hots if hot.at is not None)):
        free.update(dict.fromkeys(terms.free_indices(term)))
    for obligation in obligations:
        free.update(dict.fromkeys(s for s in terms.free_indices(obligation.term) if s not in bound_))
    for fact in facts:
        own = {*terms.free_indices(fact.left), *terms.free_indices(fact.right)} - set(fact.forall)
        free.update(dict.fromkeys(sorted(own, key=lambda symbol: symbol.name)))
    known, linked = closed(context, names(related)), links(context)
    for name in sorted(known & linked.indices.keys()):
        free.update(dict.fromkeys(sorted(linked.indices[name], key=lambda symbol: symbol.name)))
    places = tuple((hot, Dummy(f"{hot.family.label}_place", integer=True)) for hot in one_hots if hot.at is None)
    default = Range(Integer(1), context.size)
    spans = {symbol: context.range_of(symbol) for symbol in sorted(free, key=lambda symbol: symbol.name)}
    spans |= {place: (context.shape_of(str(hot.family.label)) or (default,))[0] for hot, place in places}
    sizes, near = _sizes(context, related, known, spans, facts, obligations)
    literals = {
        int(position)
        for term in sides
        for node in sympy.preorder_traversal(term)
        if isinstance(node, (Indexed, KroneckerDelta))
        for position in node.args
        if isinstance(position, Integer)
    }
    of_indices = (*(fact for fact in facts if is_of_integers(fact)), *within_reach(sides, known, context))
    return Domain(
        context,
        sides,
        sizes,
        _ordered(spans),
        places,
        of_indices,
        tuple(fact for fact in facts if not is_of_integers(fact)),
        tuple(one_hots),
        obligations,
        frozenset(literals),
        near,
    )


def is_of_integers(fact: Fact) -> bool:
    """Whether a fact speaks of indices and sizes only."""
    return is_integer_term(fact.left) and is_integer_term(fact.right)


def _frame(sizes: dict[str, int], indices: dict[Symbol, int]) -> Frame:
    def refuse(name: str, positions: Positions) -> object:
        raise KeyError(name)

    return Frame(Run(refuse, sizes, indices), indices)


def _entries(term: Expr) -> tuple[Expr, ...]:
    if not isinstance(term, terms.Vector):
        return (term,)
    return tuple(entry for entry in term.entries if entry != terms.dots())


def _ordered(spans: dict[Symbol, Range]) -> tuple[tuple[Symbol, Range], ...]:
    """The indices in an order in which a range comes after the indices it depends on."""
    waiting, done = dict(spans), {}
    while waiting:
        ready = [
            symbol
            for symbol, span in waiting.items()
            if not any(s in waiting for s in (*terms.free_indices(span.low), *terms.free_indices(span.high)))
        ]
        for symbol in ready or list(waiting):
            done[symbol] = waiting.pop(symbol)
    return tuple(done.items())


def _sizes(
    context: Context,
    related: Iterable[Expr],
    known: set[str],
    spans: dict[Symbol, Range],
    facts: Iterable[Fact],
    obligations: Iterable[Obligation],
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names of all sizes, and of those that have to do with the `related` terms; these come first, the main one before.

    `known` are the names in these terms and all that their definitions mention.
    """
    ranges = [
        *spans.values(),
        *(context.range_of(symbol) for fact in facts for symbol in fact.forall),
        *(Range(low, high) for obligation in obligations for _, low, high in obligation.binders),
    ]
    near = [*related, *(limit for span in ranges for limit in (span.low, span.high))]
    linked = links(context)
    far = [limit for _, span in context.ranges for limit in (span.low, span.high)]
    far += [limit for _, shape in context.shapes for span in shape for limit in (span.low, span.high)]
    close = size_names(near).union(*(linked.sizes_of[name] for name in known & linked.sizes_of.keys()))
    main = str(context.size)
    every = {main} | close | size_names(far) | linked.sizes
    return tuple(sorted(every, key=lambda name: (name not in close, name != main, name))), frozenset(close)
