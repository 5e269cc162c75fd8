"""What a document knows, written so that `derive check` reads the same again: the front matter of a printed proof."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sympy import Expr, Indexed, Symbol

from derive.jobs.languages import Given
from derive.latex.symbols.table import DEFAULT_INDICES
from derive.prover.letters import spans_of
from derive.terms.arrays import OfMatrix
from derive.terms.context import Assumption, Context, Fact, OneHot, Range
from derive.terms.terms import Call, index
from derive.writing.writer import claim_latex, text

_NAME = re.compile(r"\\?[A-Za-z]+")
_LETTERS = ("i", "j", "k", "l", "m")


def front_matter(
    context: Context, terms: tuple[Expr, ...], given: Given | None = None, letters: bool = True
) -> tuple[str, ...]:
    """The lines that declare indices, families, functions, constants, definitions and assumptions.

    Args:
        context: what is known.
        terms: what is said; names that occur only there are declared too.
        given: what the text itself tells of vectors and matrices.
        letters: whether anything is said with indices.
    """
    told = given or Given()
    known = (*terms, *(d.head for d in context.definitions), *(d.body for d in context.definitions))
    return (
        *(_indices(context, known) if letters else ()),
        *_families(context, known, told.names),
        *_functions(context),
        *_constants(context),
        *_definitions(context, told.names),
        *_assumptions(context, told.hypotheses),
    )


def _indices(context: Context, terms: tuple[Expr, ...]) -> Iterator[str]:
    default = context.range_of(Symbol("?"))
    for symbol, span in context.ranges:
        yield f"indices: {symbol.name} in {text(span.low)}..{text(span.high)}"
    declared = {symbol.name for symbol, _ in context.ranges}
    for name in sorted(
        {
            s.name
            for term in terms
            for s in term.free_symbols
            if s.is_integer and not s.is_positive and not getattr(s, "dummy_index", None)
        }
        - declared
        - DEFAULT_INDICES
    ):
        yield f"indices: {name} in {text(default.low)}..{text(default.high)}"


def _families(context: Context, terms: tuple[Expr, ...], told: frozenset[str]) -> Iterator[str]:
    arities = {str(member.base.label): len(member.indices) for term in terms for member in term.atoms(Indexed)}
    for name, count in sorted(arities.items()):
        if not _NAME.fullmatch(name) or name in told:
            continue
        letters = _letters(context, spans_of(name, count, context))
        yield f"families: {name}_{{{letters}}}" if count > 1 else f"families: {name}_{letters}"


def _letters(context: Context, spans: tuple[Range, ...]) -> str:
    """A letter for each range: one that has it."""
    used: list[str] = []
    for span in spans:
        names = [*_LETTERS, *(symbol.name for symbol, _ in context.ranges)]
        letter = next((n for n in names if n not in used and context.range_of(index(n)) == span), _LETTERS[len(used)])
        used.append(letter)
    return ",".join(used) if any(len(letter) > 1 for letter in used) else "".join(used)


def _functions(context: Context) -> Iterator[str]:
    for definition in context.definitions:
        if isinstance(definition.head, Call) and _NAME.fullmatch(definition.head.name):
            yield f"functions: {definition.head.name}"


def _constants(context: Context) -> Iterator[str]:
    if context.constants:
        yield f"constants: {', '.join(sorted(set(context.constants)))}"


def _definitions(context: Context, told: frozenset[str]) -> Iterator[str]:
    for definition in context.definitions if not told else ():  # beside vectors the text itself defines
        yield f"define: {claim_latex(definition.head, '=', definition.body, context)}"


def _assumptions(context: Context, written: Mapping[Assumption, str]) -> Iterator[str]:
    for assumption in context.assumptions:
        if assumption in written:
            yield f"assume: {written[assumption]}"
            continue
        if isinstance(assumption, OneHot):
            where = "" if assumption.at is None else f" at {text(assumption.at)}"
            yield f"assume: {assumption.family.label} one-hot{where}"
        elif isinstance(assumption, Fact) and not assumption.left.atoms(OfMatrix) | assumption.right.atoms(OfMatrix):
            yield f"assume: {claim_latex(assumption.left, assumption.relation, assumption.right, context)}"
