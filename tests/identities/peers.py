"""SymPy's matrix calculus on the same identities: ``python -m tests.identities.peers [--write]``.

A derivative is computed by SymPy and held against the numbers at random matrices: it is *right* (also in SymPy's own
layout, where that is the transposed one), *wrong*, or left *not at all*, unevaluated or refused. Of the other
identities SymPy is asked whether the difference of the sides is zero: right where it finds that, wrong where it finds
it of the false twin, else not at all. Each has ten seconds. With ``--write`` the table goes into docs/trust.md.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from functools import reduce
from operator import mul

import numpy as np
import sympy
from sympy.matrices.expressions.special import OneMatrix, ZeroMatrix

from tests import tables
from tests.identities.notation import Node, parsed
from tests.identities.numbers import value
from tests.identities.rows import SIZES, Identity, fits, identities, world_of

SECONDS = 10
RIGHT, WRONG, NOT = "right", "wrong", "not at all"
FAILURES = (TypeError, ValueError, NotImplementedError, AttributeError, IndexError, KeyError, RecursionError, TimeoutError)


class Peer:
    """The notation's trees as SymPy's matrix expressions at concrete sizes."""

    def __init__(self, row: Identity, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes
        self.names = {name.text: self._symbol(name.text, name.lengths) for name in row.names}
        self.lets = {head: parsed(body) for head, body in row.lets}

    def _symbol(self, text: str, lengths: str) -> sympy.Basic:
        if not lengths:
            return sympy.Symbol(text.strip("\\"), real=True)
        rows, columns = (*(self.sizes[each] for each in lengths), 1)[:2]
        return sympy.MatrixSymbol(text, rows, columns)

    def of(self, node: Node, side: int | None = None) -> sympy.Basic:
        """The expression; `side` is the length of a constant whose neighbour says it."""
        parts = node.parts
        match node.kind:
            case "num":
                return sympy.Integer(int(node.text))
            case "name":
                if node.text in self.sizes:
                    return sympy.Integer(self.sizes[node.text])
                return self.names[node.text] if node.text in self.names else self.of(self.lets[node.text])
            case "I":
                return sympy.Identity(_known(side))
            case "const":
                return (OneMatrix if node.text == "1" else ZeroMatrix)(_known(side), 1)
            case "add":
                found = [self.of(part, side) for part in parts if not _open(part)]
                shape = next((each.shape for each in found if hasattr(each, "shape")), None)
                terms = [self.of(part, shape[0] if shape else side) for part in parts]
                return reduce(lambda a, b: a + b, (_scalar(each) for each in terms))
            case "neg":
                return -_scalar(self.of(parts[0], side))
            case "mul":
                return self.product(parts, side)
            case "frac":
                return self.of(parts[0], side) / _scalar(self.of(parts[1]))
            case "T":
                return self.of(parts[0], side).T
            case "inv":
                return _scalar(self.of(parts[0], side)) ** -1
            case "pow":
                return _scalar(self.of(parts[0], side)) ** self.of(parts[1])
            case "odot":
                return sympy.HadamardProduct(*(self.of(part, side) for part in parts))
            case "inner":
                return _scalar(self.of(parts[0]).T * self.of(parts[1]))
            case "norm":
                inside = self.of(parts[0])
                square = sympy.Trace(inside.T * inside) if node.text == "F" else _scalar(inside.T * inside)
                return sympy.sqrt(square)
            case "fn":
                return self.function(node)
            case "grad" | "der":
                return self.derivative(node)
        raise NotImplementedError(node.kind)

    def product(self, parts: tuple[Node, ...], side: int | None) -> sympy.Basic:
        known = [None if _open(part) else _scalar(self.of(part, side)) for part in parts]
        shapes = [each.shape for each in known if each is not None and hasattr(each, "shape")]
        around = shapes[0][0] if shapes else side
        return _scalar(reduce(mul, (self.of(p, around) if k is None else k for p, k in zip(parts, known, strict=True))))

    def function(self, node: Node) -> sympy.Basic:
        inside = self.of(node.parts[0])
        match node.text:
            case "tr":
                return sympy.Trace(inside)
            case "det":
                return sympy.Determinant(inside)
            case "diag":
                return sympy.DiagMatrix(inside) if inside.shape[1] == 1 else sympy.DiagonalMatrix(inside)
            case "ln" | "exp" | "tanh":
                of = {"ln": sympy.log, "exp": sympy.exp, "tanh": sympy.tanh}[node.text]
                inside = _scalar(inside)
                return inside.applyfunc(of) if hasattr(inside, "shape") else of(inside)
        raise NotImplementedError(node.text)

    def derivative(self, node: Node) -> sympy.Basic:
        body, *by = node.parts
        expression = self.of(body)
        variables = [self.of(each.parts[0] if each.kind == "T" else each) for each in by]
        for variable in variables * (2 if node.text == "2" else 1):
            expression = expression.diff(variable)
        return expression


def _open(node: Node) -> bool:
    return node.kind in ("I", "const") or node.kind in ("T", "neg") and _open(node.parts[0])


def _known(side: int | None) -> int:
    if side is None:
        raise NotImplementedError("a constant of unknown length")
    return side


def _scalar(found: sympy.Basic) -> sympy.Basic:
    return sympy.Trace(found) if getattr(found, "shape", None) == (1, 1) else found


def computed(row: Identity) -> str:
    """What SymPy makes of a derivative, by numbers."""
    sizes = next(each for each in SIZES if fits(row, each))
    peer, world = Peer(row, sizes), world_of(row, sizes, 0)
    found = peer.of(parsed(row.true.left))
    given = {symbol: _plain(world.values[name]) for name, symbol in peer.names.items()}
    result = np.array(sympy.Matrix(found.subs(given).doit().as_explicit()).evalf(), dtype=complex)
    wanted = value(parsed(row.true.right), world)
    alike = [np.allclose(result, each, atol=1e-6) for each in (wanted, wanted.T) if each.shape == result.shape]
    return RIGHT if any(alike) else WRONG


def _plain(found: np.ndarray) -> sympy.Basic:
    return sympy.ImmutableMatrix(found.real.tolist()) if found.ndim else sympy.Float(float(found.real))


def decided(row: Identity) -> str:
    """Whether SymPy finds the difference of the sides to be zero, of the true claim and of the false one."""
    sizes = next(each for each in SIZES if fits(row, each))
    if _is_zero(Peer(row, sizes).of(row.false.difference)):
        return WRONG
    return RIGHT if _is_zero(Peer(row, sizes).of(row.true.difference)) else NOT


def _is_zero(difference: sympy.Basic) -> bool:
    found = sympy.simplify(difference.doit())
    return found == 0 or getattr(found, "is_ZeroMatrix", False) is True


def outcome(row: Identity) -> str:
    """Right, wrong or not at all, within the time that each has."""
    differentiates = any(kind in row.true.left for kind in ("\\nabla", "\\partial"))
    return timed(computed if differentiates else decided, row)


def timed(of: Callable[[Identity], str], row: Identity, failures: tuple[type[Exception], ...] = FAILURES) -> str:
    """What `of` says of a row; not at all where it fails, or takes longer than each has."""

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        return of(row)
    except failures:
        return NOT
    finally:
        signal.alarm(0)


def table(found: Mapping[str, Counter[str]], package: str = "") -> str:
    """By construct: what SymPy, or another package, gets right, what wrong, and what it does not do."""
    lines = ["| construct | right | wrong | not at all |", "|---|---:|---:|---:|"]
    for construct, counts in found.items():
        lines.append(f"| {construct} | {counts[RIGHT]} | {counts[WRONG]} | {counts[NOT]} |")
    total = sum(found.values(), Counter[str]())
    lines += [f"| all | {total[RIGHT]} | {total[WRONG]} | {total[NOT]} |", "", f"{package or f'SymPy {sympy.__version__}'}."]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; with ``--write`` publish it."""
    parser = argparse.ArgumentParser(prog="python -m tests.identities.peers", description=__doc__)
    parser.add_argument("--write", action="store_true", help="publish the table in docs/trust.md")
    chosen = parser.parse_args(arguments)
    found: dict[str, Counter[str]] = {}
    for row in identities():
        kind = outcome(row)
        found.setdefault(row.construct, Counter())[kind] += 1
        sys.stderr.write(f"{row.number} {kind}: {row.true.left} = {row.true.right}\n")
    text = table(found)
    sys.stdout.write(text + "\n")
    if chosen.write:
        tables.publish("trust.md", "peers", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
