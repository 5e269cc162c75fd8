"""What was understood of a claim, in print: for people, who see by it whether the reader went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from sympy import Expr, Indexed, IndexedBase, Symbol

from derive.jobs import outcome as model
from derive.judge.verdict import Condition
from derive.narrative.doubts.names import names_in
from derive.narrative.explanation import Explanation
from derive.narrative.walk import Entry
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Definition, OneHot, Range
from derive.terms.heads import is_particular, name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call
from derive.writing.messages.rendering import rendered
from derive.writing.wording import in_print
from derive.writing.writer import claim_latex, text

MOST_NAMES = 24
_EVERY_RANGE = Context(size=terms.size("\\infty"))
"""A context of whose ranges no sum has one, so that each is written out."""


def understood(entry: Entry, context: Context) -> model.Understood | None:
    """What was understood of an entry's first claim, as it was judged in `context`; None where nothing was."""
    told = entry.explanation
    if told is None or not entry.claims:
        return None
    claim = entry.claims[0]
    relation = claim_latex(claim.left, claim.relation, claim.right, _EVERY_RANGE)
    names = tuple(_names(claim, context, told))
    shown = frozenset(each.name for each in names)
    held = tuple(_held(each, told.lines.get(each) or 0, context) for each in _about(shown, context.assumptions))
    lines = dict(told.said)
    said = tuple(_held(each, lines[each], context) for each in _about(shown, tuple(lines)))
    return model.Understood(told.role, rendered(told.because), relation, names, held, said)


def in_words(latex_: str, found: model.Understood | None) -> str:
    """The formula `latex_` with what was understood of it, in one line."""
    if found is None:
        return latex_
    names = "; ".join(f"{each.name}: {each.meaning}" for each in found.names) or "-"
    held = ", ".join(each.text for each in found.in_force) or "-"
    return rendered(because(Why.READ_AS, written=latex_, relation=found.relation, names=names, held=held))


def _about(names: frozenset[str], assumptions: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    """Those of `assumptions` that speak of one of `names`, or of indices alone; the last ones, where there are many."""
    found = (a for a in reversed(assumptions) if not (own := _names_of(a)) or own & names)
    return tuple(islice(found, MOST_NAMES))[::-1]


@lru_cache(maxsize=4096)
def _names_of(assumption: Assumption) -> frozenset[str]:
    return frozenset(names_in(assumption))


def _held(assumption: Assumption, line: int, context: Context) -> model.Held:
    latex_, text_ = _printed(assumption, context.ranges, context.size)
    return model.Held(latex_, text_, line or None)


@lru_cache(maxsize=4096)
def _printed(assumption: Assumption, ranges: tuple[tuple[Symbol, Range], ...], size: Expr) -> tuple[str, str]:
    """A hypothesis in LaTeX and as plain text, written once for all claims under it: of a context only ranges are written."""
    printed = in_print(Condition(what=assumption), Context(ranges=ranges, size=size))
    return printed.latex, printed.text


def _names(claim: Claim, context: Context, told: Explanation) -> Iterable[model.Meaning]:
    """The names of a claim and those to which their definitions lead, each once, in the order in which they turn up."""
    lines = told.lines
    seen: set[str] = set()
    todo: list[Expr] = [claim.left, claim.right]
    while todo and len(seen) < MOST_NAMES:
        term = todo.pop(0)
        for node in sorted(term.atoms(Symbol, Indexed, IndexedBase, Call), key=lambda node: (_name(node), str(node))):
            name = _name(node)
            if name in seen or _is_part(node, term):
                continue
            seen.add(name)
            definitions = _defining(node, name, context)
            todo += [d.body for d in definitions]
            if definitions:
                for each in definitions:
                    meaning = because(Why.MEANS_DEFINED, latex=_shown(each))
                    yield model.Meaning(name, rendered(meaning), lines.get(each.head))
            else:
                hot = next((a for a in context.assumptions if isinstance(a, OneHot) and str(a.family.label) == name), None)
                yield model.Meaning(
                    name, rendered(_meaning(node, context, hot, told)), lines.get(hot) if hot is not None else None
                )


def _defining(node: Expr, name: str, context: Context) -> list[Definition]:
    """The definitions of a name that may apply to `node`, in order; the last ones, where there are many."""
    if is_particular(node):
        return list(context.known.near(node))[-MOST_NAMES:]
    if not context.known.names(name):
        return []
    return list(islice((d for d in reversed(context.definitions) if name_of(d.head) == name), MOST_NAMES))[::-1]


@lru_cache(maxsize=4096)
def _shown(definition: Definition) -> str:
    """A definition in LaTeX, written once for all claims that use it."""
    return claim_latex(definition.head, "=", definition.body, _EVERY_RANGE)


def _name(node: Expr) -> str:
    return str(node.label.name) if isinstance(node, IndexedBase) else name_of(node)


def _is_part(node: Expr, term: Expr) -> bool:
    """Whether a symbol only names a bound index, or the label of a family."""
    if not isinstance(node, Symbol):
        return False
    return node not in term.free_symbols or any(node == base.label for base in term.atoms(IndexedBase))


def _meaning(node: Expr, context: Context, hot: OneHot | None, told: Explanation) -> Reason:
    if hot is not None:
        return because(Why.MEANS_ONE_HOT)
    if isinstance(node, Call):
        return because(Why.MEANS_FUNCTION)
    if isinstance(node, (Indexed, IndexedBase)):
        return _family(told.shape_of(_name(node)), context)
    if node.is_integer and node.is_positive:
        return because(Why.MEANS_SIZE)
    if node.is_integer and isinstance(node, Symbol):
        span: Range = context.range_of(node)
        return because(Why.MEANS_INDEX, low=text(span.low, context), high=text(span.high, context))
    return because(Why.MEANS_NUMBER)


def _family(shape: tuple[tuple[Range, ...], bool] | None, context: Context) -> Reason:
    """What a family is: a vector or a matrix with its lengths, or numbers with places."""
    match shape:
        case [[length], by_use]:
            found = because(Why.MEANS_VECTOR, length=text(length.high, context))
        case [[rows, columns], by_use]:
            found = because(Why.MEANS_MATRIX, rows=text(rows.high, context), columns=text(columns.high, context))
        case _:
            return because(Why.MEANS_FAMILY)
    return because(Why.MEANS_USED_AS, what=rendered(found)) if by_use else found
