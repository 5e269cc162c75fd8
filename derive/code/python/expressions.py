"""Expressions that all array libraries write alike: axes in their places, arithmetic, sums of products, means.

Any number of leading axes stands for the batch, except where `one_batch_axis` is set.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from derive.code.arrays.program import (
    BATCH,
    Axis,
    Broadcast,
    Constant,
    Contract,
    Elementwise,
    Gather,
    Identity,
    Input,
    Length,
    OfMatrix,
    Places,
    Program,
    Put,
    Reduce,
    Ref,
)
from derive.code.names import identifier
from derive.code.python.library import ATOM, SIGN, Library
from derive.code.python.matrices import of_matrix
from derive.code.python.plan import Plan
from derive.code.stable.stabiliser import CannotLower
from derive.terms.elementary import BY_OP

SYMBOLS = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}
KINDS = {
    "add": "total",
    "sub": "difference",
    "mul": "product",
    "div": "ratio",
    "neg": "opposite",
    "max": "larger",
    "min": "smaller",
    "square": "square",
    "step": "is_above",
    "power": "power",
    "shift": "shift",
    "finite": "shift",
    **{op: row.noun for op, row in BY_OP.items()},
}
LONG, WIDTH = 80, 100
LETTERS = "ijklmnopqrstuvwxyzacdefgh"


@dataclass(frozen=True)
class Text:
    """An expression and how tightly it binds: 1 a sum, 2 a product, 9 a name or a call.

    One that `is_chained` is a product of matrices, which is another one behind ``*`` unless it is in brackets.
    """

    text: str
    binds: int = ATOM
    is_chained: bool = False

    def within(self, level: int) -> str:
        return self.text if self.binds >= level else f"({self.text})"


@dataclass
class Expressions(ABC):
    """The expressions of one program in one library.

    `helpers` are the functions that the `lines` call, `imports` the modules besides the library; `one_batch_axis` says that
    there has to be exactly one axis of examples.
    """

    program: Program
    library: Library
    lines: list[str] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    one_batch_axis: bool = False

    def __post_init__(self) -> None:
        self.plan = Plan(self.program)
        self._names: dict[int, str] = {}
        self._taken = {node.name for node in self.program.inputs}
        self._sizes: dict[str, str] = {}
        self._like = next((node.name for node in self.program.inputs if node.kind == "real"), "")
        for node in self.program.inputs:
            for place, axis in enumerate(node.axes):
                first = place == 0 and axis.size == BATCH
                length = f"len({node.name})" if first else f"{node.name}.shape[{place - len(node.axes)}]"
                self._sizes.setdefault(axis.size, length)

    @abstractmethod
    def statements(self) -> list[str]:
        """The lines of the body, the last of which returns the results.

        Raises:
            CannotLower: at a node or an operation that the library has no spelling for.
        """

    def _expression(self, place: int) -> Text:
        """The name of a node, else what it is, which gets a name if it is long."""
        if place not in self._names:
            text = self._written(place)
            if len(text.text) <= LONG:
                return text
            self._call(place, text.text)
        return Text(self._names[place])

    def _call(self, place: int, text: str) -> None:
        """A line that gives a node a name, which is said for it or says what it is."""
        self._names[place] = self._fresh(self.plan.hints.get(place) or self._kind(place))
        self.lines.append(f"{self._names[place]} = {text}")

    def _result(self, place: int) -> str:
        """What is returned for an output."""
        return self._array(place, self._names.get(place) or self._written(place).text)

    def _kind(self, place: int) -> str:
        """A name by what a node is, for one that has none in the document."""
        node = self.program.nodes[place]
        if isinstance(node, Reduce | Contract):
            return "total"
        return KINDS.get(node.op, "x") if isinstance(node, Elementwise) else "x"

    @abstractmethod
    def _gathered_by(self, node: Gather, index: Ref, names: tuple[str, ...]) -> str:
        """The entries at an index that is an array."""

    def _put(self, node: Put, names: tuple[str, ...]) -> str:
        """An array with other entries at an index, where that is an expression."""
        raise CannotLower(f"there is no {self.library.name} code for a replaced entry within an expression")

    def _fresh(self, hint: str) -> str:
        name = identifier(hint, self._taken)
        self._taken.add(name)
        return name

    # -- axes -------------------------------------------------------------------------------------------------------

    def _length(self, size: str) -> str:
        if size.isdigit():
            return size
        if size not in self._sizes:
            raise CannotLower(f"no argument has an axis of length {size}")
        self.one_batch_axis |= size == BATCH
        return self._sizes[size]

    def _operand(self, ref: Ref, names: Sequence[str]) -> Text:
        """The operand so that it repeats along the axes of `names` that it does not have."""
        text = self._expression(ref.node)
        present = [name for name in names if name in ref.axes]
        if not present:
            return text
        if list(ref.axes) != present:
            text = Text(self._permuted(text.within(ATOM), [ref.axes.index(name) for name in present], ref.axes))
        behind = list(names)[list(names).index(present[0]) :]
        if len(behind) == len(present):
            return text
        marks = [":" if name in present else "None" for name in behind]
        if present[0] == BATCH:
            marks = ["...", *marks[next(p for p, mark in enumerate(marks) if mark != ":") :]]
        return Text(f"{text.within(ATOM)}[{', '.join(marks)}]")

    def _permuted(self, text: str, order: Sequence[int], axes: Sequence[str]) -> str:
        """An array with the `axes` in another order."""
        self.one_batch_axis |= BATCH in axes
        return f"{text}.T" if list(order) == [1, 0] else self.library.permuted(text, order)

    # -- one expression for each kind of node -------------------------------------------------------------------------

    def _written(self, place: int) -> Text:
        node = self.program.nodes[place]
        if isinstance(node, Input):
            return Text(node.name)
        if isinstance(node, Constant):
            return self._constant(node)
        if isinstance(node, Length):
            return Text(self._length(node.size))
        if isinstance(node, Identity):
            return Text(self.library.eye(self._length(node.axes[0].size), self._like))
        if isinstance(node, Places):
            return Text(self.library.places(self._length(node.axes[0].size), self._like))
        names = tuple(axis.name for axis in node.axes)
        if isinstance(node, Elementwise):
            return self._operation(node, names)
        if isinstance(node, Broadcast):
            return Text(self._repeated(node, names))
        if isinstance(node, Reduce):
            return Text(self._reduced(node, names))
        if isinstance(node, Contract):
            return self._contraction(node, names)
        if isinstance(node, Gather):
            return Text(self._gathered(node, names))
        if isinstance(node, Put):
            return Text(self._put(node, names))
        if isinstance(node, OfMatrix):
            return self._of_matrix(node)
        raise CannotLower(f"there is no {self.library.name} code for a node {type(node).__name__}")

    def _constant(self, node: Constant) -> Text:
        if isinstance(node.value, str):
            return Text(f"{self.library.short}.{node.value}")
        top, below = node.value.numerator, node.value.denominator
        if below & (below - 1):
            return Text(f"{top} / {below}", 2)
        return Text(str(top) if below == 1 else str(float(node.value)), ATOM if top >= 0 else SIGN)

    def _is_number(self, place: int) -> bool:
        """Whether the node is a Python number and no array: it leaves the type of an array as it is."""
        node = self.program.nodes[place]
        if isinstance(node, Elementwise):
            plain = node.op in SYMBOLS or node.op in ("neg", "power", "square") or _in_math(node.op)
            return plain and all(self._is_number(ref.node) for ref in node.operands)
        return isinstance(node, Constant | Length)

    def _operation(self, node: Elementwise, names: tuple[str, ...]) -> Text:
        mean = self._mean(node)
        if mean is not None:
            return mean
        parts = [self._operand(o, names) for o in node.operands]
        if node.op in SYMBOLS:
            longest = max(range(2), key=lambda place: len(parts[place].text))
            if sum(len(part.text) for part in parts) > WIDTH and node.operands[longest].node not in self._names:
                self._call(node.operands[longest].node, self._written(node.operands[longest].node).text)
                parts[longest] = self._operand(node.operands[longest], names)
            symbol, level = SYMBOLS[node.op]
            right = ATOM if parts[1].is_chained and level == 2 else level + 1 if node.op in ("sub", "div") else level
            return Text(f"{parts[0].within(level)} {symbol} {parts[1].within(right)}", level)
        inner = self.program.nodes[node.operands[0].node]
        if node.op == "neg" and isinstance(inner, Elementwise) and inner.op == "abs":
            text = self.library.opposite_size(self._named_operand(inner.operands[0], names))
            return Text(text, 1 if " - " in text else SIGN)
        if node.op == "neg":
            return Text(f"-{parts[0].within(SIGN + 1)}", SIGN)
        if node.op == "power":
            return Text(f"{parts[0].within(ATOM)} ** {parts[1].within(ATOM)}", 3)
        if (node.op == "square" or _in_math(node.op)) and self._is_number(node.operands[0].node):
            if node.op == "square":
                return Text(f"{parts[0].within(ATOM)} ** 2", 3)
            self.imports.add("math")
            return Text(f"math.{BY_OP[node.op].math}({parts[0].text})")
        return Text(self._called(node, parts))

    def _named_operand(self, ref: Ref, names: Sequence[str]) -> str:
        """The operand by a name, so that it can be written twice."""
        if not self._expression(ref.node).text.isidentifier():
            self._call(ref.node, self._written(ref.node).text)
        return self._operand(ref, names).within(ATOM)

    def _called(self, node: Elementwise, parts: Sequence[Text]) -> str:
        """A function of the library, or one of the module's own, of arrays."""
        given = [self._array(o.node, part.text) for o, part in zip(node.operands, parts, strict=True)]
        if node.op in self.library.helpers:
            self.helpers.add(node.op)
            return f"{node.op}({given[0]})"
        if node.op == "step":
            return self.library.step(self._named_operand(node.operands[0], tuple(axis.name for axis in node.axes)))
        if node.op == "finite":
            return self.library.finite(self._named_operand(node.operands[0], tuple(axis.name for axis in node.axes)))
        if node.op == "support":
            return self.library.call("where", f"{given[0]} == 0", "0", given[1])
        if node.op in ("max", "min") and self.program.nodes[node.operands[1].node] == Constant(Fraction(0)):
            names = tuple(axis.name for axis in node.axes)
            return self.library.bounded_by_zero(node.op, self._named_operand(node.operands[0], names))
        if node.op in ("max", "min") and self._is_number(node.operands[1].node):
            return self.library.bounded(node.op, given[0], parts[1].text)
        text = self.library.applied(node.op, given)
        if text is None:
            raise CannotLower(f"there is no {self.library.name} code for the operation {node.op}")
        return text

    def _array(self, place: int, text: str) -> str:
        """The text of a node as an array."""
        return self.library.number(text, self._like) if self._is_number(place) else text

    def _repeated(self, node: Broadcast, names: tuple[str, ...]) -> str:
        """An array repeated along axes that it does not have."""
        model = self._of_axes(node.axes)
        inner = self.program.nodes[node.operand.node]
        text = self._operand(node.operand, names)
        if set(node.operand.axes) == set(names) and names:
            return text.text
        if self._is_number(node.operand.node):
            plain = text.text if isinstance(inner, Constant) else text.within(SIGN)
            return (
                self.library.full_like(model, plain) if model else self.library.full(self._shape(node.axes), plain, self._like)
            )
        if not inner.axes and names and not model and BATCH in names:
            raise CannotLower("a number repeated along examples that no argument has")
        plain = text.within(self.library.binds)
        return self.library.repeated_as(plain, model) if model else self.library.repeated(plain, self._shape(node.axes))

    def _of_axes(self, axes: tuple[Axis, ...]) -> str:
        """An argument with these axes."""
        sizes = [axis.size for axis in axes]
        return next(
            (node.name for node in self.program.inputs if node.kind == "real" and [axis.size for axis in node.axes] == sizes),
            "",
        )

    def _shape(self, axes: tuple[Axis, ...]) -> list[str]:
        return [self._length(axis.size) for axis in axes]

    def _mean(self, node: Elementwise) -> Text | None:
        """A sum over the batch, divided by the length of the batch."""
        first, *others = (self.program.nodes[o.node] for o in node.operands)
        if node.op != "div" or not isinstance(first, Reduce) or first.op != "sum" or node.operands[0].node in self._names:
            return None
        summed = {axis.size for axis in self.program.nodes[first.operand.node].axes} - {axis.size for axis in first.axes}
        if not isinstance(others[0], Length) or summed != {others[0].size} or others[0].size != BATCH:
            return None
        self.one_batch_axis = True
        axis = f"{self.library.axis}=0" if first.axes else ""
        return Text(f"{self._expression(first.operand.node).within(ATOM)}.mean({axis})")

    def _reduced(self, node: Reduce, names: tuple[str, ...]) -> str:
        own = node.operand.axes
        place = next(p for p, name in enumerate(own) if name not in names)
        self.one_batch_axis |= own[place] == BATCH
        axis = f"{self.library.axis}={place - len(own) if place else 0}" if len(own) > 1 else ""
        op = self.library.maximum if node.op == "max" else node.op
        return f"{self._expression(node.operand.node).within(ATOM)}.{op}({axis})"

    def _of_matrix(self, node: OfMatrix) -> Text:
        text, helper = of_matrix(node, self.library, lambda place, binds: self._expression(place).within(binds))
        self.helpers |= {helper} - {""}
        return Text(text)

    def _gathered(self, node: Gather, names: tuple[str, ...]) -> str:
        own = node.operand.axes
        if not isinstance(node.index, int):
            return self._gathered_by(node, node.index, names)
        last = own[0] == BATCH and own[-1] == node.axis
        self.one_batch_axis |= own[0] == BATCH and not last
        where = ["..."] if last else [":"] * own.index(node.axis)
        return f"{self._expression(node.operand.node).within(ATOM)}[{', '.join([*where, str(node.index)])}]"

    # -- sums of products ---------------------------------------------------------------------------------------------

    def _contraction(self, node: Contract, names: tuple[str, ...]) -> Text:
        refs = node.operands
        product = self._as_matrices(refs, names) if len(refs) == 2 else None
        if product is not None:
            return product
        present = dict.fromkeys((*names, *(name for ref in refs for name in ref.axes)))
        self.one_batch_axis |= BATCH in present and BATCH not in names
        letters = dict(zip((name for name in present if name != BATCH), LETTERS, strict=False))
        letters[BATCH] = "..." if BATCH in names else "b"
        sides = ",".join("".join(letters[name] for name in ref.axes) for ref in refs)
        arrays = [self._expression(ref.node).text for ref in refs]
        result = "".join(letters[name] for name in names)
        return Text(self.library.einsum(f"{sides}->{result}", arrays))

    def _as_matrices(self, refs: tuple[Ref, ...], names: tuple[str, ...]) -> Text | None:
        """A product of rows, or of matrices, in either order."""
        for first, second in (refs, refs[::-1]):
            summed = [n for n in first.axes if n not in names]
            if len(summed) != 1:
                continue
            if first.axes == second.axes == (*names, summed[0]):
                self.one_batch_axis |= summed[0] == BATCH
                return Text(self.library.vecdot(*(self._expression(ref.node).text for ref in refs)))
            free = tuple(name for ref in (first, second) for name in ref.axes if name not in summed)
            shared = set(first.axes) & set(second.axes)
            if shared != set(summed) or free != names or not len(first.axes) == 2 == len(second.axes):
                continue
            a, b = (self._expression(ref.node).within(ATOM) for ref in (first, second))
            left = a if first.axes[1] == summed[0] else self._permuted(a, [1, 0], first.axes)
            right = b if second.axes[0] == summed[0] else self._permuted(b, [1, 0], second.axes)
            self.one_batch_axis |= summed[0] == BATCH or BATCH in second.axes
            return Text(f"{left} @ {right}", 2, is_chained=True)
        return None


def _in_math(op: str) -> bool:
    """Whether Python's ``math`` has the operation, for numbers."""
    return op in BY_OP and bool(BY_OP[op].math)
