"""Products of two matrices, with what is done to each entry of the product, as register-blocked loops in C.

A program that is one sum of products along one axis, and arithmetic with the result,

.. math:: y_{rl} = E\\Bigl(\\sum_c a_{rc} b_{cl}, \\ldots\\Bigr),

is computed for a block of rows r and of vectors along l at once: each entry of b is read once for all rows of the block, and
the sums stay in registers. Vectors are GCC's and Clang's vector types. The last vector of a row lies so that it ends with the
row. A row that is shorter than a vector is read and written as one: what is too much is written over by the next row, so that
arrays need :data:`SLACK` bytes behind their end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from derive.code.arrays.program import (
    BATCH,
    Broadcast,
    Constant,
    Contract,
    Elementwise,
    Input,
    Length,
    Node,
    Program,
    Reduce,
    Ref,
)
from derive.code.c.library.functions import Real
from derive.code.functions.build import Function

SLACK = 64
# Rows and vectors of a block: with 16 sums in registers, each entry of b is read once for 8 rows.
ROWS, WIDTH = 8, 2
OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
BYTES = {"float32": 4, "float64": 8}
TAB = "    "


@dataclass(frozen=True)
class Operand:
    """An input of the product: its place in the program, and the axes r, c, l that its own axes run along."""

    node: int
    axes: tuple[str, ...]


@dataclass(frozen=True)
class Vector:
    """A vector of `lanes` entries of a row, from `offset` (an expression in C) on."""

    offset: str
    lanes: int


@dataclass(frozen=True)
class Product:
    """A program that is a product: where the sum is, its factors, and the sizes of the axes r, c, l (r may be missing)."""

    program: Program
    place: int
    broadcast: Operand | None
    vector: Operand
    sizes: Mapping[str, str]

    @property
    def strided(self) -> str:
        """The name of the argument that is read along an axis other than its last one; empty if there is none."""
        node = self.program.nodes[self.vector.node]
        return node.name if isinstance(node, Input) and self.vector.axes[-1] != "l" else ""


def product(program: Program) -> Product | None:
    """The program as a product, or None if it is something else."""
    if len(program.outputs) != 1 or not 1 <= len(program.outputs[0].axes) <= 2:
        return None
    output = program.outputs[0]
    names = ("r", "l") if len(output.axes) == 2 else ("l",)
    letters = dict(zip((axis.name for axis in output.axes), names, strict=True))
    found: dict[tuple[int, tuple[str, ...]], None] = {}
    if not _arithmetic(program, output.ref, letters, found) or len(found) != 1:
        return None
    ((place, axes),) = found
    node = program.nodes[place]
    if set(axes) != set(names):
        return None
    refs = node.operands if isinstance(node, Contract) else (node.operand,) if isinstance(node, Reduce) else ()
    here = dict(zip((axis.name for axis in node.axes), axes, strict=True))
    operands = []
    sizes = dict(zip(names, (axis.size for axis in output.axes), strict=True))
    for ref in refs:
        inner = program.nodes[ref.node]
        if not isinstance(inner, Input) or inner.kind != "real":
            return None
        operands.append(Operand(ref.node, tuple(here.get(name, "c") for name in ref.axes)))
        sizes.update({letter: axis.size for letter, axis in zip(operands[-1].axes, inner.axes, strict=True)})
    vectors = [o for o in operands if sorted(o.axes) == ["c", "l"]]
    others = [o for o in operands if o not in vectors]
    wanted = [["c", "r"]] if "r" in names else [[], ["c"]]
    if len(vectors) != 1 or len(others) > 1 or sizes["l"] == BATCH or ("r" in names and not others):
        return None
    if others and sorted(others[0].axes) not in wanted:
        return None
    return Product(program, place, others[0] if others else None, vectors[0], sizes)


def _arithmetic(program: Program, ref: Ref, letters: Mapping[str, str], found: dict[tuple[int, tuple[str, ...]], None]) -> bool:
    """Whether a node is made by arithmetic of arguments, numbers and sums along one axis; the sums, with their axes."""
    node = program.nodes[ref.node]
    inner = {axis.name: letters[name] for axis, name in zip(node.axes, ref.axes, strict=True)}
    if isinstance(node, Reduce) and node.op == "sum" or isinstance(node, Contract):
        found[ref.node, tuple(inner[axis.name] for axis in node.axes)] = None
        operands = node.operands if isinstance(node, Contract) else (node.operand,)
        summed = {name for o in operands for name in o.axes} - set(inner)
        return len(summed) == 1 and len(operands) <= 2
    if isinstance(node, Input):
        return node.kind == "real" and tuple(inner.values()) in ((), ("r",), ("l",), ("r", "l"))
    if isinstance(node, Constant | Length):
        return not (isinstance(node, Constant) and isinstance(node.value, str))
    if isinstance(node, Broadcast):
        return _arithmetic(program, node.operand, inner, found)
    if isinstance(node, Elementwise) and (node.op in OPERATORS or node.op == "neg"):
        return all(_arithmetic(program, operand, inner, found) for operand in node.operands)
    return False


def write(function: Function, found: Product, real: Real, vector_bytes: int) -> str:
    """The C function, for lengths that are numbers (but for the batch), with the arguments that the C target gives it."""
    writer = _Writer(function, found, real, vector_bytes)
    inputs = [f"const {real.name} *restrict {name}" for name in writer.names.values()]
    head = f"static int {function.name}_{real.suffix}({', '.join(['int64_t batch', *inputs, f'{real.name} *restrict out'])})"
    return "\n".join([head, "{", *(TAB + line for line in writer.body()), "}"])


class _Writer:
    """Writes one product for one type."""

    def __init__(self, function: Function, found: Product, real: Real, vector_bytes: int) -> None:
        self.found, self.real, self.program = found, real, found.program
        self.names = {node.name: node.name for node in function.arguments}
        self.output = self.program.outputs[0]
        self.length = int(found.sizes["l"])
        self.native = vector_bytes // BYTES[real.dtype]

    def body(self) -> list[str]:
        vectors = self._vectors()
        lines = [
            f"typedef {self.real.name} v{lanes} __attribute__((vector_size({lanes * BYTES[self.real.dtype]}), "
            f"aligned({BYTES[self.real.dtype]}), may_alias));"
            for lanes in dict.fromkeys(v.lanes for v in vectors)
        ]
        if not _needs_batch(self.program):
            lines.append("(void)batch;")
        equal = self.length // self.native // WIDTH
        if equal > 1:
            group = [Vector(f"first + {k * self.native}" if k else "first", self.native) for k in range(WIDTH)]
            step = WIDTH * self.native
            lines += [f"for (int64_t first = 0; first < {equal * step}; first += {step}) {{", *_in(self._rows(group)), "}"]
            vectors = vectors[equal * WIDTH :]
        for start in range(0, len(vectors), WIDTH):
            lines += ["{", *_in(self._rows(vectors[start : start + WIDTH])), "}"]
        return [*lines, "return 0;"]

    def _vectors(self) -> list[Vector]:
        """The vectors of a row; the last one is as short as will do, and ends where the row does unless it is the only one."""
        whole, rest = divmod(self.length, self.native)
        found = [Vector(str(k * self.native), self.native) for k in range(whole)]
        if not rest:
            return found
        lanes = max(2, 1 << (rest - 1).bit_length())
        return [*found, Vector(str(max(0, self.length - lanes)), lanes)]

    def _rows(self, vectors: Sequence[Vector]) -> list[str]:
        """All rows, for some vectors of each."""
        if "r" not in self.found.sizes:
            return self._block(vectors, 1)
        rows, block = _count(self.found.sizes["r"]), ROWS
        if rows.isdigit() and int(rows) < block:
            block = int(rows)
        loop = [
            "int64_t row = 0;",
            f"for (; row + {block} <= {rows}; row += {block}) {{",
            *_in(self._block(vectors, block)),
            "}",
        ]
        if block == 1 or rows.isdigit() and int(rows) % block == 0:
            return loop
        return [*loop, f"for (; row < {rows}; ++row) {{", *_in(self._block(vectors, 1)), "}"]

    def _block(self, vectors: Sequence[Vector], rows: int) -> list[str]:
        """The sums of `rows` rows from `row` on, and what is made of them."""
        kinds = [f"v{vector.lanes}" for vector in vectors]
        lines = [f"{kind} {', '.join(f's{r}_{v} = {{0}}' for r in range(rows))};" for v, kind in enumerate(kinds)]
        steps = [
            f"const {kinds[v]} b{v} = *(const {kinds[v]} *)&{self._entry(self.found.vector, '0', vector.offset)};"
            for v, vector in enumerate(vectors)
        ]
        scalar = self.found.broadcast
        for r in range(rows):
            if scalar is not None:
                steps.append(f"const {self.real.name} a{r} = {self._entry(scalar, _row(r), '0')};")
            for v in range(len(vectors)):
                steps.append(f"s{r}_{v} += a{r} * b{v};" if scalar is not None else f"s{r}_{v} += b{v};")
        lines += [f"for (int64_t c = 0; c < {_count(self.found.sizes['c'])}; ++c) {{", *_in(steps), "}"]
        for r in range(rows):
            for v, vector in enumerate(vectors):
                lines.append(self._stored(_row(r), vector, f"s{r}_{v}"))
        return lines

    def _stored(self, row: str, vector: Vector, total: str) -> str:
        letters = dict(zip((a.name for a in self.output.axes), self._letters(), strict=True))
        text, _ = self._text(self.output.ref, letters, row, vector, total)
        target = _flat(self._letters(), [a.size for a in self.output.axes], {"r": row, "l": vector.offset})
        return f"*(v{vector.lanes} *)&out[{target}] = {text};"

    def _letters(self) -> tuple[str, ...]:
        return ("r", "l") if len(self.output.axes) == 2 else ("l",)

    def _text(self, ref: Ref, letters: Mapping[str, str], row: str, vector: Vector, total: str) -> tuple[str, bool]:
        """An expression for the entries of one vector, and whether it is a vector (else a number)."""
        node: Node = self.program.nodes[ref.node]
        inner = {axis.name: letters[name] for axis, name in zip(node.axes, ref.axes, strict=True)}
        if ref.node == self.found.place:
            return total, True
        if isinstance(node, Input):
            axes = tuple(inner[axis.name] for axis in node.axes)
            text = f"{self.names[node.name]}[{_flat(axes, [a.size for a in node.axes], {'r': row, 'l': vector.offset})}]"
            return (f"*(const v{vector.lanes} *)&{text}", True) if "l" in axes else (text, False)
        if isinstance(node, Length):
            return f"({self.real.name}){_count(node.size)}", False
        if isinstance(node, Constant) and not isinstance(node.value, str):
            return f"({self.real.name}){node.value.numerator / node.value.denominator!r}", False
        if isinstance(node, Broadcast):
            return self._text(node.operand, inner, row, vector, total)
        if isinstance(node, Elementwise):
            parts = [self._text(operand, inner, row, vector, total) for operand in node.operands]
            is_vector = any(known for _, known in parts)
            if node.op == "div" and is_vector and isinstance(self.program.nodes[node.operands[1].node], Length):
                return f"({parts[0][0]} * (1 / {parts[1][0]}))", True
            if node.op == "neg":
                return f"(-{parts[0][0]})", is_vector
            return f"({parts[0][0]} {OPERATORS[node.op]} {parts[1][0]})", is_vector
        raise TypeError(f"arithmetic was expected, found {type(node).__name__}")

    def _entry(self, operand: Operand, row: str, offset: str) -> str:
        node = self.program.nodes[operand.node]
        if not isinstance(node, Input):
            raise TypeError("an argument was expected")
        return f"{self.names[node.name]}[{_flat(operand.axes, [a.size for a in node.axes], {'r': row, 'c': 'c', 'l': offset})}]"


def _flat(letters: Sequence[str], sizes: Sequence[str], at: Mapping[str, str]) -> str:
    """The place in a row-major array."""
    text = ""
    for letter, size in zip(letters, sizes, strict=True):
        index = f"({at[letter]})" if " " in at[letter] else at[letter]
        text = index if not text else f"({text}) * {_count(size)} + {index}"
    return text or "0"


def _row(number: int) -> str:
    return f"row + {number}" if number else "row"


def _count(size: str) -> str:
    return "batch" if size == BATCH else size


def _needs_batch(program: Program) -> bool:
    return any(axis.size == BATCH for node in program.nodes for axis in node.axes) or any(
        isinstance(node, Length) and node.size == BATCH for node in program.nodes
    )


def _in(lines: Sequence[str]) -> list[str]:
    return [TAB + line for line in lines]
