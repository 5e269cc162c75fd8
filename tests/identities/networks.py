"""Tensorgrad on the same identities: ``python -m tests.identities.networks [--write]``, in a process of its own.

Tensorgrad is under the AGPL, so nothing else imports this file. Each identity becomes a tensor network, and tensorgrad is asked
to simplify the difference of the sides. It is *right* where it finds 0, *wrong* where it finds that of the false twin, else, or
where it has no such operation, *not at all*. Each has ten seconds. Needs ``pip install tensorgrad``. With ``--write`` the table
goes into docs/trust.md.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from importlib import metadata
from typing import Any

import sympy

from tests import tables
from tests.identities.notation import Node, parsed
from tests.identities.peers import FAILURES, NOT, RIGHT, WRONG, table, timed
from tests.identities.rows import Identity, Sides, identities

Edge = str | None
Placed = tuple[Any, Edge, Edge]
"""A tensor, and its edges of the rows and of the columns."""


class Networks:
    """The notation's trees as tensor networks at symbolic sizes."""

    def __init__(self, row: Identity) -> None:
        import tensorgrad

        self.tg, self.made = tensorgrad, 0
        letters = sorted({letter for name in row.names for letter in name.lengths})
        sizes = {letter: sympy.Symbol(letter) for letter in letters}
        self.lets: Mapping[str, Node] = {head: parsed(body) for head, body in row.lets}
        self.layout = row.layout
        self.names = {}
        for name in row.names:
            edges = {edge: sizes[letter] for edge, letter in zip(("i", "j"), name.lengths, strict=False)}
            marks = {"_symmetries": "i j"} if "symmetric" in name.kinds and len(edges) == 2 else {}
            self.names[name.text] = tensorgrad.Variable(f"v{len(self.names)}", **edges, **marks)

    def fresh(self) -> str:
        self.made += 1
        return f"e{self.made}"

    def of(self, node: Node, like: Placed | None = None) -> Placed:
        tg, parts = self.tg, node.parts
        match node.kind:
            case "num":
                return tg.Sum([tg.Product([])], [int(node.text)]), None, None
            case "name" if node.text in self.lets:
                return self.of(self.lets[node.text])
            case "name":
                return self.placed(self.names[node.text])
            case "I" if like is not None:
                return self.identity(like)
            case "const" if like is not None and like[2] is None and node.text == "1":
                edge = self.fresh()
                return tg.Ones(**{edge: like[0].shape[like[1]]}), edge, None
            case "add":
                return self.sum(parts)
            case "neg":
                inner, down, across = self.of(parts[0], like)
                return -inner, down, across
            case "mul":
                known = [self.of(part) for part in parts if part.kind != "I"]
                return reduce(self.times, known)
            case "frac" if parts[1].kind == "num":
                inner, down, across = self.of(parts[0])
                return tg.Sum([inner], [Fraction(1, int(parts[1].text))]), down, across
            case "T":
                inner, down, across = self.of(parts[0], like)
                return inner, across, down
            case "inv":
                return self.placed(tg.functions.inverse(self.of(parts[0])[0]))
            case "pow":
                return self.power(node)
            case "odot":
                return reduce(lambda a, b: (a[0] * self.like(b, a), a[1], a[2]), (self.of(part) for part in parts))
            case "inner":
                left, right = self.of(parts[0]), self.of(parts[1])
                return self.times((left[0], None, left[1]), right)
            case "norm":
                return tg.functions.pow(self.square(parts[0]), Fraction(1, 2)), None, None
            case "fn":
                return self.function(node)
            case "grad" | "der":
                return self.derivative(node)
        raise NotImplementedError(node.kind)

    def placed(self, tensor: Any) -> Placed:
        """The tensor with edges of its own."""
        edges = list(tensor.edges)
        names = {edge: self.fresh() for edge in edges}
        own = [*names.values(), None, None][:2]
        return tensor.rename(**names), own[0], own[1]

    def identity(self, like: Placed) -> Placed:
        tensor, down, across = like
        rows, columns = self.fresh(), self.fresh()
        if down is None or across is None:
            raise NotImplementedError("an identity without a size")
        return self.tg.Delta(tensor.shape[down], rows, columns), rows, columns

    def like(self, found: Placed, model: Placed) -> Any:
        """The tensor with the edges of another."""
        pairs = [(mine, theirs) for mine, theirs in zip(found[1:], model[1:], strict=True)]
        if any((mine is None) != (theirs is None) for mine, theirs in pairs):
            raise NotImplementedError("a sum of unlike shapes")
        return found[0].rename(**{mine: theirs for mine, theirs in pairs if mine is not None})

    def sum(self, parts: tuple[Node, ...]) -> Placed:
        closed = [self.of(part) for part in parts if not _is_open(part)]
        if not closed:
            raise NotImplementedError("an identity without a size")
        terms = [closed[0]]
        terms += closed[1:] + [self.of(part, closed[0]) for part in parts if _is_open(part)]
        return self.tg.Sum([self.like(term, closed[0]) for term in terms]), closed[0][1], closed[0][2]

    def times(self, left: Placed, right: Placed) -> Placed:
        """The product of matrices: the columns of the left one meet the rows of the right one."""
        tensor = right[0]
        if left[2] is None or right[1] is None:
            if left[2] is None and right[1] is None or not any(left[1:]) or not any(right[1:]):
                return self.tg.Product([left[0], tensor]), left[1] or right[1], left[2] or right[2]
            raise NotImplementedError("a product that does not fit")
        tensor = tensor.rename(**{right[1]: left[2]})
        return self.tg.Product([left[0], tensor]), left[1], right[2]

    def square(self, node: Node) -> Any:
        tensor = self.of(node)[0]
        return self.tg.functions.sum(tensor * tensor)

    def power(self, node: Node) -> Placed:
        base, exponent = node.parts
        if exponent.kind != "num":
            raise NotImplementedError("a power")
        if base.kind == "norm" and exponent.text == "2":
            return self.square(base.parts[0]), None, None
        if self.of(base)[1] is None:
            return self.tg.functions.pow(self.of(base)[0], int(exponent.text)), None, None
        return reduce(self.times, [self.of(base) for _ in range(int(exponent.text))])

    def function(self, node: Node) -> Placed:
        functions = self.tg.functions
        inner, down, across = self.of(node.parts[0])
        match node.text:
            case "tr" | "det":
                return {"tr": functions.trace, "det": functions.det}[node.text](inner), None, None
            case "diag" if across is None:
                rows, columns = self.fresh(), self.fresh()
                return functions.diag(inner, [rows, columns]), rows, columns
            case "ln" | "exp" | "tanh":
                return {"ln": functions.log, "exp": functions.exp, "tanh": functions.tanh}[node.text](inner), down, across
        raise NotImplementedError(node.text)

    def derivative(self, node: Node) -> Placed:
        body, *by = node.parts
        inner, down, across = self.of(body)
        turned = any(each.kind == "T" for each in by)
        variables = [each.parts[0] if each.kind == "T" else each for each in by] * (2 if node.text == "2" else 1)
        found: list[str] = []
        for variable in variables:
            if variable.kind != "name" or variable.text not in self.names or across is not None:
                raise NotImplementedError("a derivative by what is no name")
            names = {edge: self.fresh() for edge in self.names[variable.text].edges}
            inner = self.tg.Derivative(inner, self.names[variable.text], names)
            found += names.values()
        first, second, *more = [*([down] if down is not None else []), *found, None, None]
        if any(each is not None for each in more):
            raise NotImplementedError("more than two axes")
        rows = self.layout == "numerator" and node.kind == "der" and down is None
        columns = self.layout == "denominator" and down is not None and not turned
        return (inner, second, first) if rows or columns else (inner, first, second)


def _is_open(node: Node) -> bool:
    return node.kind == "I" or node.kind in ("T", "neg") and _is_open(node.parts[0])


def _vanishes(row: Identity, sides: Sides) -> bool:
    """Whether the simplified sides are the same network, or their difference simplifies to 0."""
    network = Networks(row)
    left = network.of(parsed(sides.left))
    side = parsed(sides.right)
    right = network.of(side, left if _is_open(side) else None)
    one, other = left[0].full_simplify(), network.like(right, left).full_simplify()
    if one.is_isomorphic(other, match_edges=True):
        return True
    return isinstance(network.tg.Sum([one, other], [1, -1]).full_simplify(), network.tg.Zero)


def decided(row: Identity) -> str:
    """Whether the difference of the sides is found to be 0, of the true claim and of the false one."""
    return RIGHT if _vanishes(row, row.true) else NOT


def accepted(row: Identity) -> str:
    """The same of the false twin."""
    return WRONG if _vanishes(row, row.false) else NOT


def main(arguments: list[str] | None = None) -> int:
    """Print the table; with ``--write`` publish it."""
    importlib.import_module("tensorgrad.functions")  # none of the ten seconds of the first identity go into this
    found: dict[str, Counter[str]] = {}
    for row in identities():
        kind = timed(accepted, row, (*FAILURES, AssertionError))
        kind = kind if kind == WRONG else timed(decided, row, (*FAILURES, AssertionError))
        found.setdefault(row.construct, Counter())[kind] += 1
        sys.stderr.write(f"{row.number} {kind}: {row.true.left} = {row.true.right}\n")
    text = table(found, f"tensorgrad {metadata.version('tensorgrad')}")
    sys.stdout.write(text + "\n")
    if "--write" in (sys.argv[1:] if arguments is None else arguments):
        tables.publish("trust.md", "networks", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
