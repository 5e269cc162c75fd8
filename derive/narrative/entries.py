"""The entries of a document, and what its end says of those before: late definitions, names never explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Indexed, Symbol

from derive.documents import Formula
from derive.judge.verdict import Cause, Doubt, Kind, Verdict
from derive.latex.grammar.arguments import is_shaped
from derive.latex.reading import ReadRelation, ReadStatement
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread, UnreadPart
from derive.latex.tokens.lexer import Token, tokens
from derive.latex.tokens.pieces import spans_numbers
from derive.latex.tokens.vocabulary import UNREAD_FUNCTIONS
from derive.latex.vectors.differentials import has_direction
from derive.narrative.explanation import Explanation, explained_as
from derive.narrative.names.spaces import Spaces, read_as_number
from derive.normal.unfold import is_nameable
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial


@dataclass(frozen=True)
class Entry:
    """One relation (or expression) of a document.

    `start` and `end` are offsets into the formula, and so is `at`, the place of what was not understood, where it is
    known. `relation` is None where nothing is stated: an expression, a symbol, the head of a case. `settled` is the
    verdict where nothing is to be judged; otherwise `claims` are judged in `context` (all must hold: there are two
    for ±), and in `later`, where definitions that come below are known too, if too little is known in `context`; they are
    those of `final`. `otherwise` are the claims in the other layout of derivatives, meant where they hold, `spaces` the names
    that the text puts into a space of vectors; `layouts` are those of derivatives in which the sides fit, where no words say
    which. `doubts` say why numbers cannot refute them, `choices` which of its tokens were
    read by a choice that the document leaves open, `said` what was said with its line, but is not in force here,
    `explanation` what was understood; `table` is what was known of the names that it is read with, `taken` the letters that
    no entry of a vector has in it. `unless_proved` is why nothing but a proof says anything of it, `ends` the
    claim that the first side of its chain is its right side, where it is a later link. `first` tells that it is the first to
    say what the value of a function on its left side is.
    """

    formula: Formula
    start: int
    end: int
    latex: str
    relation: str | None
    context: Context
    claims: tuple[Claim, ...] = ()
    settled: Verdict | None = None
    final: Context | None = None
    notes: tuple[str, ...] = ()
    hole: bool = False
    statement: ReadStatement | None = None
    position: int = 0
    otherwise: tuple[Claim, ...] = ()
    layouts: tuple[str, ...] = ()
    spaces: frozenset[str] = frozenset()
    doubts: tuple[Doubt, ...] = ()
    choices: tuple[Doubt, ...] = ()
    said: tuple[tuple[Assumption, int], ...] = ()
    at: UnreadPart | None = None
    explanation: Explanation | None = None
    table: SymbolTable | None = field(default=None, compare=False, repr=False)
    taken: frozenset[str] = frozenset()
    unless_proved: Reason | None = None
    ends: Entry | None = None
    first: bool = False

    @cached_property
    def later(self) -> Context | None:
        """What is known where definitions of names that are not known at the entry are taken from below; None if none are."""
        return None if self.final is None else _with_later(self.context, self.final)


def with_range(entry: Entry, index: Symbol, span: Range) -> Entry:
    """The entry of a claim that its sentence makes for all values of an index, which it says behind it."""
    return (
        entry
        if entry.settled is not None or not entry.claims
        else replace(entry, context=entry.context.with_range(index, span))
    )


def span_of(relation: ReadRelation) -> tuple[int, int]:
    """From the left side if it stands in the row of the right side, else from the right side."""
    start = relation.left_span[0] if relation.left_span[0] >= relation.row_start else relation.right_span[0]
    return start, max(relation.right_span[1], start)


def expected(part: UnreadPart) -> Reason:
    """What is wrong with a part that was not understood, and what could stand there."""
    says = not part.expected or part.reason.why is Why.OUT_OF_PLACE
    return part.reason if says else part.reason.with_(expected=part.expected)


def in_role_only(reason: Reason) -> Verdict:
    """The verdict on what does not hold if it is meant as a claim."""
    return Verdict(Kind.DOUBTFUL, reason, doubts=(Doubt(Cause.ROLE),))


def has_hole(row: Sequence[Token]) -> bool:
    """Whether a question mark stands alone on a side of a relation, also where the rest is not understood."""
    return any(
        {one.kind, two.kind} == {"relation", "op"} and "?" in (one.text, two.text)
        for one, two in zip(row, row[1:], strict=False)
    )


def may_relate(part: UnreadPart, latex: str, start: int, end: int) -> bool:
    """Whether what was read as an expression may state something all the same.

    It may where a relation stands in a bracket that was not understood, outside of braces; and where an unknown command
    has something beside it, for that could be a relation.
    """
    alone = part.start == start and latex[part.end : end].lstrip()[:1] in ("", "_", "^")
    if part.unknown and not alone:
        return True
    depth = 0
    try:
        row = tokens(latex[start:end])
        for at, token in enumerate(row):
            depth += (token.kind == "lbrace") - (token.kind == "rbrace")
            if token.kind == "relation" and depth == 0 and not spans_numbers(row, at):
                return True
    except Unread:
        return True
    return False


def reviewed(
    entries: Iterable[Entry],
    told: Context,
    final: Context,
    families: frozenset[str],
    spaces_at: Callable[[Formula], Spaces] = lambda formula: frozenset(),
) -> tuple[Entry, ...]:
    """The entries as they look from the end of the document.

    Args:
        told: what was known at the end; `final` is the same without derivatives that were no definitions.
        families: the declared families, if any were.
        spaces_at: the names that are vectors or matrices where a formula stands, without the indices they are declared with.
    """
    gone = {d.head for d in told.definitions} - {d.head for d in final.definitions}
    known = {name for d in final.definitions for name in _members(d.head, d.body)} | families
    for assumption in final.assumptions:
        if isinstance(assumption, Fact):
            known |= _members(assumption.left, assumption.right)
    functions = _functions(final)
    defined = frozenset(name_of(d.head) for d in final.definitions if isinstance(d.head, Call))
    result = []
    for entry in entries:
        entry = _later(entry, final, gone)
        if entry.settled is None:
            undeclared = _undeclared(entry, known, families) if families else None
            reason = undeclared or _of_vectors(entry, spaces_at(entry.formula))
            settled = Verdict(Kind.UNREAD, reason) if reason is not None else None
            strange = _unexplained(entry, defined, functions)
            if strange is not None and entry.first and isinstance(entry.claims[0].left, Call):
                strange = because(Why.INTRODUCES_FUNCTION, name=entry.claims[0].left.name)
            entry = replace(entry, settled=settled, unless_proved=strange)
            if entry.ends is not None:
                ends = _later(entry.ends, final, gone)
                known_of = _unexplained(ends, defined, functions) or _of_vectors(ends, spaces_at(entry.formula))
                entry = replace(entry, ends=ends if known_of is None else None)
        result.append(entry)
    return tuple(result)


def _later(entry: Entry, final: Context, gone: set[Expr]) -> Entry:
    """With the definitions that come below it for names not known at it; a derivative in `gone` was a claim."""
    if not entry.claims:
        return entry
    definition = entry.settled is not None and entry.settled.kind is Kind.DEFINITION
    retracted = definition and entry.claims[0].left in gone
    if entry.settled is not None and not retracted:
        return entry
    context = entry.context
    if gone:
        context = replace(context, definitions=tuple(d for d in context.definitions if d.head not in gone))
    if any(doubt.cause is Cause.ROLE for doubt in entry.doubts):  # its own definition may stand below
        return entry
    if retracted:
        told = entry.explanation
        again = told and explained_as(None, entry.claims, entry.position, context, told.lines, dict(told.said))
        if told and again:
            again = replace(again, spaces=told.spaces, inferred=told.inferred)
        return replace(entry, settled=None, context=_with_later(context, final) or context, explanation=again)
    return replace(entry, context=context, final=final)


def _with_later(context: Context, final: Context) -> Context | None:
    """`context` with the definitions of `final` for names without one; None if there are none."""
    more = [d for d in final.definitions if not context.known.names(name_of(d.head)) and not d.body.is_number]
    return context.define(*more) if more else None


def _undeclared(entry: Entry, known: set[str], families: frozenset[str]) -> Reason | None:
    """Where families are declared, a claim about one that nothing declares, defines or assumes is not read."""
    names = {name for claim in entry.claims for name in _members(claim.left, claim.right)}
    hot = {str(a.family.label) for a in entry.context.assumptions if isinstance(a, OneHot)}
    strange = sorted(name for name in names - known - hot if "^" not in name and not has_direction(name, known))
    if not strange:
        return None
    return because(Why.UNDECLARED, name=strange[0], families=", ".join(sorted(families)))


def _unexplained(entry: Entry, defined: frozenset[str], functions: dict[str, frozenset[str]]) -> Reason | None:
    """A function without a definition that stands on one side only, in an inequality, or that is a law of chance.

    What holds for any function holds for that one, but nothing else is known of it. A side with the slope of a quantity is
    left to the judge: that may depend on the function. What a name is defined as further down says nothing of it where it
    has a meaning before.
    """
    for claim in entry.claims:
        if not (_strange(claim, functions) - defined):
            continue
        strange = sorted(_strange(claim, functions | _functions(entry.context)) - defined)
        slopes = any(is_nameable(p) for side in (claim.left, claim.right) for p in side.atoms(Partial))
        if strange and not slopes and claim.left != claim.right:
            return because(Why.UNEXPLAINED_FUNCTION, name=strange[0])
    return None


def _strange(claim: Claim, functions: dict[str, frozenset[str]]) -> frozenset[str]:
    """The functions on one side of an equation, or on either of another relation; laws of chance count on both, and so do those
    whose meaning is known and not read."""
    left, right = (_opaque_functions(side, functions) for side in (claim.left, claim.right))
    return (left ^ right if claim.relation == "=" else left | right) | frozenset(
        name for name in left & right if is_shaped(name) or name in UNREAD_FUNCTIONS
    )


def _of_vectors(entry: Entry, spaces: Spaces) -> Reason | None:
    """A vector or a matrix that is written without indices and read as a number."""
    names = [name for claim in entry.claims if (name := read_as_number(claim, entry.context, spaces))] if spaces else []
    return because(Why.UNDECLARED_INDICES, name=names[0]) if names else None


def _functions(context: Context) -> dict[str, frozenset[str]]:
    """For each defined name the functions that its definition leads to; functions of one name differ by their arguments."""
    direct: dict[str, set[str]] = {}
    called: dict[str, set[str]] = {}
    for definition in context.definitions:
        key = _key(definition.head)
        direct.setdefault(key, set()).update(_names(definition.body))
        called.setdefault(key, set()).update(_calls(definition.body))
    if not any(called.values()):
        return dict.fromkeys(called, frozenset())
    calls: dict[str, frozenset[str]] = {}
    for key in called:
        found, todo, seen = set(called[key]), list(direct[key]), set()
        while todo:
            name = todo.pop()
            if name in seen or name not in direct:
                continue
            seen.add(name)
            todo += direct[name]
            found |= called[name]
        calls[key] = frozenset(found)
    return calls


def _key(head: Expr) -> str:
    return f"{head.name}({len(head.arguments)})" if isinstance(head, Call) else name_of(head)


def _opaque_functions(side: Expr, functions: dict[str, frozenset[str]]) -> frozenset[str]:
    found = set(_calls(side))
    for name in _names(side):
        found |= functions.get(name, frozenset())
    return frozenset(found)


def _calls(term: Expr) -> frozenset[str]:
    return frozenset(node.name for node in term.atoms(Call) | ({term} if isinstance(term, Call) else set()))


def _names(term: Expr) -> frozenset[str]:
    nodes = term.atoms(Symbol, Indexed, Call, Partial) | {term}
    return frozenset(
        _key(node)
        for node in nodes
        if isinstance(node, (Symbol, Indexed, Call)) or (isinstance(node, Partial) and is_nameable(node))
    )


def _members(*sides: Expr) -> frozenset[str]:
    return frozenset(name_of(node) for side in sides for node in side.atoms(Indexed))
