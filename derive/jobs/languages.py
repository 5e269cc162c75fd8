"""How a document asks for a derivation, and the answer in its own notation: with vectors where it asked with vectors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sympy import Expr

    from derive.jobs.goals import Goal
    from derive.narrative.walk import Entry, Narrative
    from derive.prover.derivation import Derivation
    from derive.terms.context import Assumption, Range

_BOLD = ("\\mathbf", "\\vec")


@dataclass(frozen=True)
class Given:
    r"""What a document with vectors is about, in LaTeX: its names with their spaces, and its definitions, the heads of which
    are in `heads`.

    `hypotheses` holds those that can be written so.

    `spaces` are ``X \in \mathbb{R}^{N \times d}``; a definition for which there is no such notation is left to others.
    """

    spaces: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    heads: frozenset[Expr] = frozenset()
    names: frozenset[str] = frozenset()
    hypotheses: Mapping[Assumption, str] = field(default_factory=dict)


def spellings(narrative: Narrative) -> Mapping[str, str]:
    r"""The families that a document writes in bold type or under an arrow, by their names, each as it writes it first."""
    from derive.latex.tokens.cut import cut

    found: dict[str, str] = {}
    for latex in dict.fromkeys(entry.formula.latex for entry in narrative.entries):
        row = cut(latex).tokens
        for at, token in enumerate(row):
            if token.kind != "command" or token.text not in _BOLD:
                continue
            inside = [each for each in row[at + 1 : at + 3] if each.kind in ("letter", "command")][:1]
            for letter in inside:
                own = f"{latex[token.start : token.end].strip()}{{{letter.text}}}"
                found.setdefault(letter.text, own)
                found.setdefault(f"{token.text}{{{letter.text}}}", own)
    return found


def words_used(narrative: Narrative) -> tuple[str, ...]:
    """The words of operators that a document writes in its formulas."""
    from derive.latex.vectors.operators import by_word

    formulas = " ".join(dict.fromkeys(entry.formula.latex for entry in narrative.entries))
    return tuple(word for word in by_word() if re.search(rf"(?<![A-Za-z]){word}(?![A-Za-z])", formulas))


def asked(goal: Goal, entry: Entry, spelled: Mapping[str, str], words: tuple[str, ...]) -> Goal:
    """The goal with the notation in which it was asked for, if that is one of vectors and matrices."""
    from derive.prover.raising import Language
    from derive.terms.terms import free_indices

    statement, table = entry.statement, entry.table
    if statement is None or table is None:
        return goal
    among_vectors = bool(table.spaces or table.inferred) and not free_indices(goal.left)
    if not statement.vectors and not among_vectors:
        return goal
    start, end = _asked_for(entry)
    written = " ".join(entry.formula.latex[start:end].replace("&", " ").split())
    nabla = "\\nabla" in written
    language = Language(table, entry.taken, spelled, nabla, words)
    return replace(goal, language=language, asked=written, entries=tuple(each.symbol for each in statement.entries))


def _asked_for(entry: Entry) -> tuple[int, int]:
    """Where the side stands that is no hole."""
    if entry.statement is None:
        return 0, 0
    at = entry.position if entry.statement.sides[entry.position] is not None else entry.position + 1
    return entry.statement.spans[at]


def in_language(goal: Goal, derivation: Derivation) -> Derivation | None:
    """The derivation in the notation in which it was asked for; None where it was with indices, or there is none."""
    from derive.judge.decide import decide
    from derive.prover.raising import Raiser

    if goal.language is None:
        return None
    return Raiser(goal.language, decide).derivation(derivation, goal.entries, goal.asked)


def given(narrative: Narrative, goal: Goal) -> Given:
    """What the proofs of a document rest on, in the notation in which the goal was asked for."""
    from derive.judge.decide import decide
    from derive.prover.raising import Raiser
    from derive.terms.context import Fact
    from derive.terms.heads import name_of

    if goal.language is None:
        return Given()
    raiser = Raiser(goal.language, decide)
    written, heads = [], set()
    own = {(claim.left, claim.right): entry.latex for entry in narrative.entries for claim in entry.claims[:1] if entry.table}
    for definition in narrative.context.definitions:
        latex = own.get((definition.head, definition.body)) or raiser.definition(definition, narrative.context)
        if latex is not None:
            written.append(latex)
            heads.add(definition.head)
    defined = {name_of(head) for head in heads}
    table = goal.language.table
    named = [(name, spans) for name, spans in table.spaces if name not in defined]
    named += [(name, spans) for (name, count), spans in table.inferred if not count and name not in defined]
    spaces = tuple(_space(goal.language.spelled.get(name, name), spans) for name, spans in named)
    facts = dict.fromkeys((*goal.context.assumptions, *narrative.context.assumptions))
    told = {fact: raiser.fact(fact, goal.context) for fact in facts if isinstance(fact, Fact)}
    hypotheses: dict[Assumption, str] = {fact: said for fact, said in told.items() if said is not None}
    names = frozenset(name for name, _ in named) | defined
    return Given(spaces, tuple(written), frozenset(heads), names, hypotheses)


def _space(name: str, spans: tuple[Range, ...]) -> str:
    """The space of a name; vectors of other lengths than from 1 on are in none."""
    from derive.writing.writer import latex

    lengths = r" \times ".join(latex(span.high - span.low + 1) for span in spans)
    return rf"{name} \in \mathbb{{R}}^{{{lengths}}}"
