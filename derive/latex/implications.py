r"""Implications between relations: ``x^2 = 9 \iff x = 3 \text{ or } x = -3``, ``u = v \implies u^2 = v^2``.

What follows is a claim under what it follows from; for ``\iff`` both directions are claimed. Equations that are joined by *or*
hold where the product of their differences is 0. Only what speaks of no further names is read so: an arrow also stands before
a definition, ``z = w x \Rightarrow a = \sigma(z)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sympy import Indexed, Integer, Mul, Symbol

from derive.latex.grammar.choices import Choice
from derive.latex.readings import ReadRelation, ReadStatement
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.statements import RawStatement
from derive.terms.context import Claim, Fact
from derive.terms.reasons import Why
from derive.terms.relations import IMPLICATIONS
from derive.terms.terms import Call

BOTH = ("\\iff", "\\Leftrightarrow", "\\Longleftrightarrow")
BACK = ("\\Leftarrow",)
FORWARD = IMPLICATIONS.difference(BOTH, BACK)
Read = Callable[[RawStatement], ReadStatement]
Written = Callable[[int, int], str]


def grouped(raw: Sequence[RawStatement]) -> list[list[RawStatement]]:
    """The statements, with those together that an arrow joins, or *or* to an implication."""
    found: list[list[RawStatement]] = []
    for statement in raw:
        joined = _is_alternative(statement) and found and _is_alternative(found[-1][-1])
        led = found and found[-1][-1].implies is not None
        if led or joined and any(_arrow(each) is not None for each in (*found[-1], statement)):
            found[-1].append(statement)
        else:
            found.append([statement])
    return found


def _is_alternative(statement: RawStatement) -> bool:
    return statement.blocked is not None and statement.blocked.why is Why.ALTERNATIVE


def _arrow(statement: RawStatement) -> int | None:
    return next((p for p, relation in enumerate(statement.relations) if relation.text in IMPLICATIONS), None)


@dataclass(frozen=True)
class _Part:
    """What stands on one side of an arrow: claims that all hold, or (`either`) equations of which one does."""

    claims: tuple[Claim, ...]
    either: bool
    choices: tuple[Choice, ...]

    @property
    def as_claims(self) -> tuple[Claim, ...]:
        """What is claimed of it; of alternatives that the product of their differences is 0."""
        if not self.either:
            return self.claims
        obligations = dict.fromkeys(each for claim in self.claims for each in claim.obligations)
        product = Mul(*(claim.left - claim.right for claim in self.claims), evaluate=False)
        return (Claim(product, "=", Integer(0), tuple(obligations)),)

    @property
    def as_given(self) -> tuple[tuple[Fact, ...], ...]:
        """What it says as a hypothesis: the facts of each case."""
        facts = tuple(Fact(claim.left, claim.relation, claim.right, latex=claim.latex) for claim in self.claims)
        return tuple((fact,) for fact in facts) if self.either else (facts,)

    @property
    def names(self) -> set[str]:
        nodes = {n for claim in self.claims for side in (claim.left, claim.right) for n in side.atoms(Symbol, Indexed, Call)}
        return {node.name if isinstance(node, (Symbol, Call)) else str(node.base.label) for node in nodes}


def implication(group: Sequence[RawStatement], read: Read, written: Written) -> ReadStatement | None:
    """What the statements say together; None where they are no implication that is read."""
    found = _parts(group)
    if found is None:
        return None
    sides, arrows = found
    parts = [_part(side, read) for side in sides]
    relations = []
    for position, arrow in enumerate(arrows):
        before, after = parts[position], parts[position + 1]
        if before is None or after is None:
            return None
        ways = [] if arrow.text in BACK else [(before, after)]
        ways += [(after, before)] if arrow.text in (*BOTH, *BACK) else []
        if not ways[0][1].names <= ways[0][0].names:
            return None
        (left, _), (right, end) = _span(sides[position]), _span(sides[position + 1])
        latex = _with_braces(" ".join(written(left, end).split()))
        claims = tuple(
            replace(claim, given=given, latex=latex)
            for premise, conclusion in ways
            for claim in conclusion.as_claims
            for given in premise.as_given
        )
        spans = _span(sides[position]), (right, end)
        relations.append(ReadRelation(arrow.text, latex, claims, *spans, group[0].row_start))
    return ReadStatement(
        (None,) * len(sides),
        tuple(map(_span, sides)),
        tuple(relations),
        group[0].row_start,
        lead=group[0].lead,
        choices=tuple(choice for part in parts if part is not None for choice in part.choices),
    )


def _with_braces(latex: str) -> str:
    r"""``x = 2} \implies {x^2 = 4`` with the braces at its ends that stand around the equations."""
    depth = lowest = 0
    for before, mark in zip(f" {latex}", latex, strict=False):
        depth += 0 if before == "\\" else (mark == "{") - (mark == "}")
        lowest = min(lowest, depth)
    return "{" * -lowest + latex + "}" * (depth - lowest)


def _span(side: Sequence[RawStatement]) -> tuple[int, int]:
    return side[0].sides[0].start, side[-1].sides[-1].end


def _parts(group: Sequence[RawStatement]) -> tuple[list[list[RawStatement]], list[Token]] | None:
    """What stands between the arrows, each part the equations that *or* joins; None without an arrow or with remarks."""
    sides: list[list[RawStatement]] = [[]]
    arrows: list[Token] = []
    for statement in group:
        if statement.remarks or statement.blocked is not None and not _is_alternative(statement):
            return None
        begun = 0
        for position, relation in enumerate(statement.relations):
            if relation.text in IMPLICATIONS:
                sides[-1].append(_cut(statement, begun, position))
                sides.append([])
                arrows.append(relation)
                begun = position + 1
        sides[-1].append(_cut(statement, begun, len(statement.relations)))
        if statement.implies is not None:
            if statement.implies.text not in IMPLICATIONS:
                return None
            sides.append([])
            arrows.append(statement.implies)
    if not arrows or any(not each.relations or not all(s.tokens for s in each.sides) for side in sides for each in side):
        return None
    return sides, arrows


def _cut(statement: RawStatement, begun: int, end: int) -> RawStatement:
    return replace(
        statement,
        sides=statement.sides[begun : end + 1],
        relations=statement.relations[begun:end],
        blocked=None,
        lead="",
        implies=None,
    )


def _part(side: Sequence[RawStatement], read: Read) -> _Part | None:
    """The claims of a part; None where it is not read, or is one between vectors."""
    found: list[tuple[Claim, ...]] = []
    choices: tuple[Choice, ...] = ()
    for raw in side:
        statement = read(raw)
        if statement.unread or statement.entries or statement.declares or statement.ranges:
            return None
        found.append(tuple(claim for relation in statement.relations for claim in relation.claims))
        choices += statement.choices
    either = len(found) > 1
    if not all(found) or either and any(len(claims) > 1 or claims[0].relation != "=" for claims in found):
        return None
    return _Part(tuple(claim for claims in found for claim in claims), either, choices)
