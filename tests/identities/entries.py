r"""A formula between matrices, written with indices: ``\nabla_A tr(A B)`` is ``\frac{\partial}{\partial A_{ij}} \sum_k ..``.

What is lowered here is text for the reader of the package, whose own lowering is thereby held against another. Inverses
and determinants stay as they are written, with indices outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.identities.notation import Node

Length = str | None
Shape = tuple[Length, Length]
"""The letters of the lengths of rows and columns; None where there is no such direction, "" where a constant leaves it open."""
LETTERS: Mapping[str, str] = {"n": "ijkloq", "m": "rstuv", "p": "bcag"}
SCALAR: Shape = (None, None)
TURNED = {"denominator": True}


@dataclass(frozen=True)
class Lowering:
    """The shapes of the names, the letters that are taken, and the layout of derivatives."""

    shapes: Mapping[str, Shape]
    layout: str

    def shape(self, node: Node) -> Shape:
        first = node.parts[0] if node.parts else node
        match node.kind:
            case "name":
                return self.shapes.get(node.text, SCALAR)
            case "I":
                return ("", "")
            case "const":
                return ("", None)
            case "add" | "odot":
                return max((self.shape(part) for part in node.parts), key=_known)
            case "neg" | "frac" | "d":
                return self.shape(first)
            case "inv" | "pow":
                return self.shape(first)
            case "T":
                return self.shape(first)[::-1]
            case "mul":
                return self.multiplied(node.parts)
            case "grad":
                by = self.shape(node.parts[1])
                return (by[0], by[0]) if node.text == "2" else by
            case "der":
                return self.derived(node)
            case "fn":
                return self.applied(node.text, self.shape(first))
        return SCALAR

    def multiplied(self, factors: tuple[Node, ...]) -> Shape:
        shapes = [shape for factor in factors if (shape := self.shape(factor)) != SCALAR]
        if not shapes:
            return SCALAR
        rows, columns = shapes[0]
        for shape in shapes[1:]:
            if (rows, columns) == SCALAR:
                rows, columns = shape
                continue
            columns = shape[1]
        return rows, columns

    def derived(self, node: Node) -> Shape:
        body, *by = node.parts
        above, below = self.shape(body), [self.shape(each) for each in by]
        if len(by) == 2:
            return (_along(below[0]), _along(below[1]))
        if above == SCALAR:
            return below[0][::-1] if self.layout == "numerator" and by[0].kind != "T" else below[0]
        found = (_along(above), _along(below[0]))
        return found[::-1] if self.layout == "denominator" and by[0].kind != "T" else found

    def applied(self, function: str, shape: Shape) -> Shape:
        if function in ("tr", "det", "logsumexp"):
            return SCALAR
        if function == "diag":
            return (shape[0], None) if None not in shape else (_along(shape), _along(shape))
        return shape

    # -- entries ------------------------------------------------------------------------------------------------------

    def entry(self, node: Node, row: Node | None, column: Node | None, taken: frozenset[str]) -> Node:
        """The entry of a part at a row and a column, None in a direction that it does not have."""

        def inner(part: Node, at: Node | None = row, by: Node | None = column) -> Node:
            return self.entry(part, at, by, taken)

        first = node.parts[0] if node.parts else node
        places = tuple(place for place in (row, column) if place is not None)
        match node.kind:
            case "num":
                return node
            case "name":
                return Node("entry", (node, *places)) if places else node
            case "I":
                return Node("delta", places)
            case "const":
                return Node("num", (), node.text)
            case "add" | "neg" | "odot":
                kind = "mul" if node.kind == "odot" else node.kind
                parts = [inner(part, *((None, None) if self.shape(part) == SCALAR else (row, column))) for part in node.parts]
                return Node(kind, tuple(parts))
            case "frac":
                return Node("frac", (inner(first), inner(node.parts[1], None, None)))
            case "d":
                return Node("d", (inner(first),))
            case "inv" if self.shape(first) != SCALAR:
                return Node("entry", (node, *places))
            case "inv":
                return Node("frac", (Node("num", (), "1"), inner(first)))
            case "T":
                return self.entry(first, column, row, taken)
            case "mul":
                return self.product(node.parts, row, column, taken)
            case "pow":
                return self.power(node, row, column, taken)
            case "norm":
                return Node("fn", (self.squares(first, taken),), "sqrt")
            case "inner":
                return self.product((Node("T", (first,)), node.parts[1]), None, None, taken)
            case "fn":
                return self.function(node, row, column, taken)
            case "grad" | "der":
                return self.derivative(node, row, column, taken)
        raise ValueError(f"no entries of {node.kind}")

    def fresh(self, length: Length, taken: frozenset[str]) -> Node:
        free = [letter for letter in LETTERS[length or "n"] if letter not in taken and letter not in self.shapes]
        return Node("name", (), free[0])

    def total(self, length: Length, taken: frozenset[str], of: object) -> Node:
        index = self.fresh(length, taken)
        body = of(index, taken | {index.text})  # type: ignore[operator]
        return Node("sum", (body, Node("num", (), "1"), Node("name", (), length or "n")), index.text)

    def product(self, factors: tuple[Node, ...], row: Node | None, column: Node | None, taken: frozenset[str]) -> Node:
        numbers = [self.entry(each, None, None, taken) for each in factors if self.shape(each) == SCALAR]
        arrays = tuple(each for each in factors if self.shape(each) != SCALAR)
        parts = [*numbers, self.chain(arrays, row, column, taken)] if arrays else numbers
        return parts[0] if len(parts) == 1 else Node("mul", tuple(parts))

    def chain(self, factors: tuple[Node, ...], row: Node | None, column: Node | None, taken: frozenset[str]) -> Node:
        first, *rest = factors
        if not rest:
            return self.entry(first, row, column, taken)
        left, right = self.shape(first), self.multiplied(tuple(rest))
        if left[1] is None:
            return _times(self.entry(first, row, None, taken), self.chain(tuple(rest), None, column, taken))

        def of(index: Node, inner: frozenset[str]) -> Node:
            one = self.entry(first, row, index, inner)
            return _times(one, self.chain(tuple(rest), index, column, inner))

        return self.total(left[1] or right[0], taken, of)

    def power(self, node: Node, row: Node | None, column: Node | None, taken: frozenset[str]) -> Node:
        base, exponent = node.parts
        if base.kind == "norm":
            return self.squares(base.parts[0], taken)
        if self.shape(base) == SCALAR:
            return Node("pow", (self.entry(base, None, None, taken), exponent))
        return self.chain((base,) * int(exponent.text), row, column, taken)

    def squares(self, node: Node, taken: frozenset[str]) -> Node:
        rows, columns = self.shape(node)

        def along(index: Node, inner: frozenset[str]) -> Node:
            if rows is None or columns is None:
                at = (index, None) if columns is None else (None, index)
                return Node("pow", (self.entry(node, *at, inner), Node("num", (), "2")))
            return self.total(
                columns, inner, lambda by, deep: Node("pow", (self.entry(node, index, by, deep), Node("num", (), "2")))
            )

        return self.total(rows if rows is not None else columns, taken, along)

    def function(self, node: Node, row: Node | None, column: Node | None, taken: frozenset[str]) -> Node:
        (argument,) = node.parts
        shape = self.shape(argument)

        def powers(index: Node, inner: frozenset[str]) -> Node:
            return Node("fn", (self.entry(argument, index, None, inner),), "exp")

        match node.text:
            case "tr":
                return self.total(shape[0], taken, lambda index, inner: self.entry(argument, index, index, inner))
            case "det":
                return node
            case "diag" if None in shape:
                at = self.entry(argument, *((row, None) if shape[1] is None else (None, row)), taken)
                return _times(Node("delta", (row, column)), at) if row and column else at
            case "diag":
                return self.entry(argument, row, row, taken)
            case "softmax":
                return Node("frac", (powers(row, taken), self.total(shape[0], taken, powers))) if row else node
            case "logsumexp":
                return Node("fn", (self.total(shape[0], taken, powers),), "ln")
            case "sigmoid":
                power = Node("fn", (Node("neg", (self.entry(argument, row, column, taken),)),), "exp")
                return Node("frac", (Node("num", (), "1"), Node("add", (Node("num", (), "1"), power))))
        return Node("fn", (self.entry(argument, row, column, taken),), node.text)

    def derivative(self, node: Node, row: Node | None, column: Node | None, taken: frozenset[str]) -> Node:
        body, *by = node.parts
        variables = [each.parts[0] if each.kind == "T" else each for each in by]
        if node.text == "2" or len(by) == 2:
            places = [Node("entry", (variable, at)) for variable, at in zip(variables * 2, (row, column), strict=False) if at]
            return Node("der", (self.entry(body, None, None, taken), *places))
        (variable,) = variables
        above, below = self.shape(body), self.shape(by[0])
        if above == SCALAR:
            turned = (self.layout == "numerator" and node.kind == "der") != (by[0].kind == "T")
            at = [place for place in ((column, row) if turned else (row, column)) if place is not None]
            return Node("der", (self.entry(body, None, None, taken), Node("entry", (variable, *at))))
        turned = self.layout == "denominator" and by[0].kind != "T"
        over, under = (column, row) if turned else (row, column)
        assert under is not None and below is not None
        return Node("der", (self.entry(body, over, None, taken), Node("entry", (variable, under))))


def _known(shape: Shape) -> int:
    return sum(2 if length else 1 for length in shape if length is not None)


def _along(shape: Shape) -> Length:
    return shape[0] if shape[0] is not None else shape[1]


def _times(left: Node, right: Node) -> Node:
    parts = [inner for each in (left, right) for inner in (each.parts if each.kind == "mul" else (each,))]
    return Node("mul", tuple(parts))
