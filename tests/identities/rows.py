r"""The identities of the tables, and the matrices at which they are settled.

Columns of ``table/*.tsv``: the construct; the names, each with its lengths (``A:mn`` a matrix, ``x:n`` a column, ``c:`` a
number) and what is supposed of it; what else is given, between semicolons: a layout of derivatives, definitions, what is
not 0; the left and the right side; the false twin, a right side or a whole claim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from tests.identities.notation import Node, parsed
from tests.identities.numbers import value
from tests.identities.world import Misfit, Value, World

TABLES = Path(__file__).with_name("table")
SIZES = ({"n": 3, "m": 2, "p": 4}, {"n": 2, "m": 4, "p": 3}, {"n": 4, "m": 5, "p": 2})
SAME, APART = 1e-6, 1e-3
NONZERO = " \\ne 0"
LAYOUTS = ("numerator", "denominator")


@dataclass(frozen=True)
class Name:
    """A name, the letters of its lengths, and what is supposed of it."""

    text: str
    lengths: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Sides:
    """The sides of a claim, as they are written."""

    left: str
    right: str

    @property
    def difference(self) -> Node:
        return Node("add", (parsed(self.left), Node("neg", (parsed(self.right),))))


@dataclass(frozen=True)
class Identity:
    """One row of a table."""

    number: int
    construct: str
    names: tuple[Name, ...]
    layout: str
    lets: tuple[tuple[str, str], ...]
    nonzero: tuple[str, ...]
    true: Sides
    false: Sides


@lru_cache(maxsize=1)
def identities() -> tuple[Identity, ...]:
    """All rows of the tables, in the order of the files' names."""
    lines = [line for path in sorted(TABLES.glob("*.tsv")) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return tuple(_row(number, *line.split("\t")) for number, line in enumerate(lines, 1))


def _row(number: int, construct: str, names: str, given: str, left: str, right: str, false: str) -> Identity:
    parts = [part.strip() for part in given.split(";") if part.strip()]
    layout = next((part for part in parts if part in LAYOUTS), "")
    nonzero = tuple(part.removesuffix(NONZERO) for part in parts if part.endswith(NONZERO))
    lets = tuple((head, body) for part in parts if " = " in part for head, body in [part.split(" = ")])
    twin = Sides(*false.split(" = ")) if " = " in false else Sides(left, false)
    found = tuple(_name(each) for each in names.split(","))
    return Identity(number, construct, found, layout, lets, nonzero, Sides(left, right), twin)


def _name(text: str) -> Name:
    head, *kinds = text.split()
    name, lengths = head.split(":")
    return Name(name, lengths, tuple(kinds))


def world_of(row: Identity, sizes: Mapping[str, int], seed: int) -> World:
    """Random matrices of all names of a row that are what is supposed of them."""
    draw = np.random.default_rng([row.number, seed])
    values: dict[str, Value] = {}
    for name in row.names:
        shape = tuple(sizes[letter] for letter in name.lengths)
        values[name.text] = _sample(name, shape, draw, values).astype(complex)
    moving = {part.parts[0].text for side in (row.true, row.false) for part in _walk(side.difference) if part.kind == "d"}
    directions = {name: draw.normal(size=values[name].shape).astype(complex) for name in sorted(moving & set(values))}
    lets = {head: parsed(body) for head, body in row.lets}
    return World(values, sizes, lets, directions=directions, layout=row.layout or "usual")


def _walk(node: Node) -> list[Node]:
    return [node, *(inner for part in node.parts for inner in _walk(part))]


def _sample(name: Name, shape: tuple[int, ...], draw: np.random.Generator, known: Mapping[str, Value]) -> Value:
    if not shape:
        return np.array(draw.uniform(0.5, 2) if "positive" in name.kinds else draw.normal())
    free = draw.normal(size=shape if len(shape) == 2 else (*shape, 1))
    if name.kinds[:1] == ("inverting",):
        return np.linalg.inv(known[name.kinds[1]])
    for kind in name.kinds:
        free = KINDS[kind](free)
    return free


def _idempotent(free: Value) -> Value:
    values = np.arange(len(free)) % 2
    return free @ np.diag(values) @ np.linalg.inv(free)


def _determined(free: Value) -> Value:
    return free if np.linalg.det(free) > 0 else free @ np.diag([-1.0, *[1.0] * (len(free) - 1)])


def _symmetric(free: Value) -> Value:
    if np.allclose(free @ free, free):
        column = free[:, :1]
        return column @ column.T / (column.T @ column) if column.any() else np.diag(np.arange(len(free)) % 2) * 1.0
    return free + free.T


KINDS: Mapping[str, Callable[[Value], Value]] = {
    "invertible": lambda free: free,
    "tall": lambda free: free,
    "fixed": lambda free: free,
    "symmetric": _symmetric,
    "antisymmetric": lambda free: free - free.T,
    "orthogonal": lambda free: np.linalg.qr(free)[0],
    "idempotent": _idempotent,
    "definite": lambda free: free @ free.T + np.eye(len(free)),
    "determined": _determined,
    "unit": lambda free: free / np.sqrt((free * free).sum()),
    "total": lambda free: free / free.sum(),
}


def fits(row: Identity, sizes: Mapping[str, int]) -> bool:
    """Whether what is tall has no fewer rows than columns."""
    return all("tall" not in name.kinds or sizes[name.lengths[0]] >= sizes[name.lengths[1]] for name in row.names)


def truth(row: Identity, sides: Sides, points: int = 2) -> bool:
    """Whether a claim holds at random matrices of several sizes.

    Raises:
        Misfit: if its shapes do not fit.
        ArithmeticError: if numbers do not tell.
    """
    worst = 0.0
    for sizes in (each for each in SIZES if fits(row, each)):
        for seed in range(points):
            world = world_of(row, sizes, seed)
            found = value(sides.difference, world)
            try:
                scale = np.abs(value(parsed(sides.left), world)).max()
            except Misfit:
                scale = 0
            worst = max(worst, float(np.abs(found).max() / (1 + scale)))
    if SAME < worst < APART:
        raise ArithmeticError(f"the sides differ by {worst}: {sides}")
    return worst <= SAME
