"""Mutants of identities between matrices, in vector notation: what people get wrong when they write one down.

An identity of :mod:`tests.identities` is edited in one place of one side; whether what comes out is true is settled by the
evaluator of that room, which shares no code with the package, and the checker reads the whole document.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from derive.jobs.check import check
from tests.identities.latex import latex
from tests.identities.notation import Node, parsed
from tests.identities.rows import LAYOUTS, Identity, Sides, identities, truth
from tests.identities.world import Misfit
from tests.identities.writings import WRITINGS, document
from tests.mutation.judged import Fault, Outcome
from tests.mutation.truth import Truth

TRIES = 60
Path = tuple[int, ...]
Edit = Callable[[Node, random.Random], Node | None]


@dataclass(frozen=True)
class Written:
    """An edited identity, in one of the writings without indices."""

    number: int
    kind: str
    row: Identity
    sides: Sides
    writing: str


def _transposed(node: Node, _: random.Random) -> Node | None:
    if node.kind == "T":
        return node.parts[0]
    matrix = node.kind == "inv" or node.kind == "name" and node.text.isupper()
    return Node("T", (node,)) if matrix else None


def _swapped(node: Node, rng: random.Random) -> Node | None:
    if node.kind not in ("mul", "odot") or len(node.parts) < 2:
        return None
    at = rng.randrange(len(node.parts) - 1)
    parts = list(node.parts)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return replace(node, parts=tuple(parts))


def _without_trace(node: Node, _: random.Random) -> Node | None:
    return node.parts[0] if node.kind == "fn" and node.text == "tr" else None


def _inverted(node: Node, _: random.Random) -> Node | None:
    if node.kind == "inv":
        return node.parts[0]
    return Node("inv", (node,)) if node.kind == "name" and node.text.isupper() else None


def _negated(node: Node, _: random.Random) -> Node | None:
    if node.kind != "add":
        return node.parts[0] if node.kind == "neg" else None
    *rest, last = node.parts
    return replace(node, parts=(*rest, last.parts[0] if last.kind == "neg" else Node("neg", (last,))))


def _scaled(node: Node, rng: random.Random) -> Node | None:
    if node.kind == "num":
        return Node("num", (), str(int(node.text) + 1))
    return Node("mul", (Node("num", (), "2"), node)) if node.kind in ("name", "inv", "fn") and rng.random() < 0.5 else None


def _dropped(node: Node, rng: random.Random) -> Node | None:
    if node.kind not in ("add", "mul", "odot") or len(node.parts) < 2:
        return None
    at = rng.randrange(len(node.parts))
    rest = node.parts[:at] + node.parts[at + 1 :]
    return rest[0] if len(rest) == 1 else replace(node, parts=rest)


EDITS: dict[str, Edit] = {
    "transposition": _transposed,
    "swapped factors": _swapped,
    "dropped trace": _without_trace,
    "matrix for inverse": _inverted,
    "sign of a term": _negated,
    "number": _scaled,
    "dropped part": _dropped,
}
NOTATION_KINDS = (*EDITS, "layout")


def places(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """All parts of a formula but those by which is differentiated, and indices."""
    yield path, node
    kept = node.parts[:1] if node.kind in ("grad", "der", "entry", "sum", "d") else node.parts
    for at, part in enumerate(kept):
        yield from places(part, (*path, at))


def put(node: Node, path: Path, part: Node) -> Node:
    """The formula with another part at a place."""
    if not path:
        return part
    at, *rest = path
    parts = (*node.parts[:at], put(node.parts[at], tuple(rest), part), *node.parts[at + 1 :])
    return replace(node, parts=parts)


def written(number: int, seed: int) -> Written:
    """The mutant of this number, drawn from seed and number alone.

    Raises:
        ValueError: if no identity has a place for an edit.
    """
    rng = random.Random(f"notation {seed} {number}")
    kind = NOTATION_KINDS[number % len(NOTATION_KINDS)]
    rows = identities()
    for _ in range(TRIES * len(rows)):
        row, writing = rows[rng.randrange(len(rows))], rng.choice(WRITINGS[1:])
        if kind == "layout":
            if row.layout:
                turned = LAYOUTS[1 - LAYOUTS.index(row.layout)]
                return Written(number, kind, replace(row, layout=turned), row.true, writing)
            continue
        on_right = rng.random() < 0.7
        side = parsed(row.true.right if on_right else row.true.left)
        found = [(path, changed) for path, part in places(side) if (changed := EDITS[kind](part, rng)) is not None]
        if found:
            edited = latex(put(side, *rng.choice(found)))
            sides = replace(row.true, right=edited) if on_right else replace(row.true, left=edited)
            return Written(number, kind, row, sides, writing)
    raise ValueError(f"no identity has a place for an edit of the kind {kind}")


def settled(made: Written) -> tuple[Truth, str]:
    """The truth of a mutant; what has sides that do not fit is false."""
    try:
        with np.errstate(all="ignore"):
            return (Truth.TRUE if truth(made.row, made.sides) else Truth.FALSE), ""
    except (Misfit, np.linalg.LinAlgError, ArithmeticError, ValueError) as problem:
        return Truth.UNSETTLED, type(problem).__name__


def _holding_fixed(made: Written) -> Written:
    """The mutant where only the names vary of which it has a differential, the one condition that is met at no random point."""
    return replace(made, row=replace(made.row, true=made.sides, false=made.sides))


def outcome_of(made: Written) -> Outcome:
    """Settle a mutant's truth, let the checker read it, and compare."""
    found, reason = settled(made)
    claim = check(document(made.row, made.sides, made.writing)).claims[-1]
    fault = None
    if claim.verdict == "proved" and found is Truth.FALSE:
        fault = Fault.PROVED_BUT_FALSE
    elif claim.verdict == "refuted" and found is Truth.TRUE:
        fault = Fault.REFUTED_BUT_TRUE
    elif claim.verdict == "conditional" and settled(_holding_fixed(made))[0] is Truth.FALSE:
        fault = Fault.CONDITION_TOO_WEAK
    story = f"mutant {made.number} ({made.kind}) of row {made.row.number}, {made.writing}: " if fault else ""
    if fault:
        story += f"{made.sides.left} = {made.sides.right}; the checker: {claim.verdict}, {claim.message[:200]}"
    return Outcome(made.kind, found, claim.verdict, fault, story, reason)
