"""The statements of a function on tensors: one array program written out as a person would, with nothing overwritten.

What is read more than once has a name; so has what would make a line hard to read. All else stands where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.code.names import identifier
from derive.code.numpy_body import ATOM, SIGN, SYMBOLS, Text
from derive.code.numpy_plan import Plan
from derive.code.program import (
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
    Program,
    Put,
    Reduce,
    Ref,
)
from derive.code.stable import CannotLower
from derive.code.torch_library import CALLS, Torch

LONG = 80
LETTERS = "ijklmnopqrstuvwxyzacdefgh"


@dataclass
class Body:
    """Writes the statements of one program for one library; `helpers` are the functions that they call."""

    program: Program
    library: Torch
    lines: list[str] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._plan = Plan(self.program)
        self._names: dict[int, str] = {}
        self._taken = {*self.library.reserved, *(node.name for node in self.program.inputs)}
        self._sizes: dict[str, str] = {}
        self._like = next((node.name for node in self.program.inputs if node.kind == "real"), "")
        for node in self.program.inputs:
            if node.name in self.library.reserved:
                raise CannotLower(f"an argument cannot be called {node.name} in {self.library.name} code")
            for place, axis in enumerate(node.axes):
                first = place == 0 and axis.size == BATCH
                length = f"len({node.name})" if first else f"{node.name}.shape[{place - len(node.axes)}]"
                self._sizes.setdefault(axis.size, length)

    def statements(self) -> list[str]:
        """The lines of the body, the last of which returns the results.

        Raises:
            CannotLower: at a node or an operation that the library has no spelling for.
        """
        for place in range(len(self.program.nodes)):
            if self._is_statement(place):
                self._assign(place, self._written(place).text)
        texts = [self._result(output.ref.node) for output in self.program.outputs]
        if len(texts) > 1 and sum(map(len, texts)) > LONG:
            for place, output in enumerate(self.program.outputs):
                if not texts[place].isidentifier():
                    name = self._fresh(output.name)
                    self.lines.append(f"{name} = {texts[place]}")
                    texts[place] = name
        self.lines.append(f"return {', '.join(texts)}")
        return self.lines

    def _result(self, place: int) -> str:
        text = self._names.get(place) or self._written(place).text
        return self.library.number(text, self._like) if self._is_number(place) else text

    # -- statements -------------------------------------------------------------------------------------------------

    def _is_statement(self, place: int) -> bool:
        node = self.program.nodes[place]
        if isinstance(node, Input | Constant | Length | Identity):
            return False
        if self._plan.uses[place] > 1:
            return True
        if place in self._plan.results:
            return False
        if isinstance(node, Reduce | Gather):
            return place in self._plan.hints
        return isinstance(node, Elementwise) and node.op == "exp" and self._plan.is_large(node)

    def _assign(self, place: int, text: str) -> None:
        node = self.program.nodes[place]
        hint = self._plan.hints.get(place)
        if hint is None and isinstance(node, Elementwise) and node.op == "exp":
            hint = "e"
        if hint is None:
            hint = "x" if self._plan.is_large(node) and not isinstance(node, Reduce) else "s"
        self._names[place] = self._fresh(hint)
        self.lines.append(f"{self._names[place]} = {text}")

    def _fresh(self, hint: str) -> str:
        name = identifier(hint, self._taken)
        self._taken.add(name)
        return name

    # -- expressions ------------------------------------------------------------------------------------------------

    def _expression(self, place: int) -> Text:
        """The name of a node, else what it is, which gets a name if it is long."""
        if place in self._names:
            return Text(self._names[place])
        text = self._written(place)
        if len(text.text) <= LONG:
            return text
        self._assign(place, text.text)
        return Text(self._names[place])

    def _is_number(self, place: int) -> bool:
        """Whether the node is a Python number and no array."""
        node = self.program.nodes[place]
        if isinstance(node, Elementwise):
            plain = node.op in SYMBOLS or node.op in ("neg", "power")
            return plain and all(self._is_number(ref.node) for ref in node.operands)
        return isinstance(node, Constant | Length)

    def _operand(self, ref: Ref, names: Sequence[str]) -> Text:
        """The operand so that it repeats along the axes of `names` that it does not have."""
        text = self._expression(ref.node)
        present = [name for name in names if name in ref.axes]
        if not present:
            return text
        if list(ref.axes) != present:
            order = [ref.axes.index(name) for name in present]
            plain = text.within(ATOM)
            text = Text(f"{plain}.T" if order == [1, 0] else self.library.permuted(plain, order))
        behind = list(names)[list(names).index(present[0]):]
        if len(behind) == len(present):
            return text
        marks = [":" if name in present else "None" for name in behind]
        if present[0] == BATCH:
            marks = ["...", *marks[next(p for p, mark in enumerate(marks) if mark != ":"):]]
        return Text(f"{text.within(ATOM)}[{', '.join(marks)}]")

    def _written(self, place: int) -> Text:
        node = self.program.nodes[place]
        if isinstance(node, Input):
            return Text(node.name)
        if isinstance(node, Constant):
            return self._number(node)
        if isinstance(node, Length):
            return Text(self._length(node.size))
        if isinstance(node, Identity):
            return Text(self.library.eye(self._length(node.axes[0].size), self._like))
        names = tuple(axis.name for axis in node.axes)
        if isinstance(node, Elementwise):
            return self._operation(node, names)
        if isinstance(node, Broadcast):
            return Text(self._repeated(node, names))
        if isinstance(node, Reduce):
            return self._reduced(node, names)
        if isinstance(node, Contract):
            return self._contraction(node, names)
        if isinstance(node, Gather):
            return Text(self._gathered(node, names))
        if isinstance(node, Put):
            return Text(self._put(node, names))
        raise CannotLower(f"there is no {self.library.name} code for a node {type(node).__name__}")

    def _number(self, node: Constant) -> Text:
        if isinstance(node.value, str):
            return Text(f"{self.library.short}.{node.value}")
        top, below = node.value.numerator, node.value.denominator
        if below & (below - 1):
            return Text(f"{top} / {below}", 2)
        return Text(str(top) if below == 1 else str(float(node.value)), ATOM if top >= 0 else SIGN)

    def _length(self, size: str) -> str:
        if size.isdigit():
            return size
        if size not in self._sizes:
            raise CannotLower(f"no argument has an axis of length {size}")
        return self._sizes[size]

    def _operation(self, node: Elementwise, names: tuple[str, ...]) -> Text:
        mean = self._mean(node)
        if mean is not None:
            return mean
        parts = [self._operand(o, names) for o in node.operands]
        if node.op in SYMBOLS:
            symbol, level = SYMBOLS[node.op]
            right = level + 1 if node.op in ("sub", "div") else level
            return Text(f"{parts[0].within(level)} {symbol} {parts[1].within(right)}", level)
        if node.op == "neg":
            return Text(f"-{parts[0].within(SIGN + 1)}", SIGN)
        if node.op == "power":
            return Text(f"{parts[0].within(ATOM)} ** {parts[1].within(ATOM)}", 3)
        given = [self.library.number(part.text, self._like) if self._is_number(o.node) else part.text
                 for o, part in zip(node.operands, parts, strict=True)]
        if node.op == "shift":
            self.helpers.add("unshifted")
            return Text(f"unshifted({given[0]})")
        if node.op not in CALLS:
            raise CannotLower(f"there is no {self.library.name} code for the operation {node.op}")
        if node.op in ("max", "min") and self._is_number(node.operands[1].node):
            return Text(self.library.bounded(node.op, given[0], parts[1].text))
        return Text(self.library.call(CALLS[node.op], *given))

    def _mean(self, node: Elementwise) -> Text | None:
        """A sum over the batch, divided by the length of the batch."""
        first, *others = (self.program.nodes[o.node] for o in node.operands)
        if node.op != "div" or not isinstance(first, Reduce) or first.op != "sum" or node.operands[0].node in self._names:
            return None
        summed = {axis.size for axis in self.program.nodes[first.operand.node].axes} - {axis.size for axis in first.axes}
        if not isinstance(others[0], Length) or summed != {others[0].size} or others[0].size != BATCH:
            return None
        axis = f"{self.library.axis}=0" if first.axes else ""
        return Text(f"{self._expression(first.operand.node).within(ATOM)}.mean({axis})")

    def _reduced(self, node: Reduce, names: tuple[str, ...]) -> Text:
        own = node.operand.axes
        place = next(p for p, name in enumerate(own) if name not in names)
        axis = f"{self.library.axis}={place - len(own) if place or len(own) == 1 and own[0] != BATCH else 0}"
        op = self.library.maximum if node.op == "max" else node.op
        return Text(f"{self._expression(node.operand.node).within(ATOM)}.{op}({axis})")

    def _repeated(self, node: Broadcast, names: tuple[str, ...]) -> str:
        model = self._of_axes(node.axes)
        inner = self.program.nodes[node.operand.node]
        text = self._operand(node.operand, names)
        if self._is_number(node.operand.node):
            plain = text.text if isinstance(inner, Constant) else text.within(SIGN)
            return self.library.full_like(model, plain) if model else self.library.full(
                self._shape(node.axes), plain, self._like)
        if not inner.axes and names and not model and BATCH in names:
            raise CannotLower("a number repeated along examples that no argument has")
        plain = text.within(self.library.binds)
        return self.library.repeated_as(plain, model) if model else self.library.repeated(plain, self._shape(node.axes))

    def _of_axes(self, axes: tuple[Axis, ...]) -> str:
        """An argument with these axes."""
        sizes = [axis.size for axis in axes]
        return next((node.name for node in self.program.inputs
                     if node.kind == "real" and [axis.size for axis in node.axes] == sizes), "")

    def _shape(self, axes: tuple[Axis, ...]) -> list[str]:
        return [self._length(axis.size) for axis in axes]

    # -- entries at an index ----------------------------------------------------------------------------------------

    def _gathered(self, node: Gather, names: tuple[str, ...]) -> str:
        own = node.operand.axes
        operand = self._expression(node.operand.node)
        text = operand.within(ATOM)
        if isinstance(node.index, int):
            where = ["..."] if own[0] == BATCH and own[-1] == node.axis else [":"] * own.index(node.axis)
            return f"{text}[{', '.join([*where, str(node.index)])}]"
        index = self._expression(node.index.node).within(ATOM)
        if self._plan.by_row(node):
            return self.library.taken(operand.within(self.library.binds), index)
        if BATCH not in own and own[0] == node.axis:
            return f"{text}[{index}]"
        aligned = self._operand(node.operand, (*names, node.axis)).text
        return self.library.taken_along(aligned, self._spread(node.index, (*names, node.axis)))

    def _put(self, node: Put, names: tuple[str, ...]) -> str:
        value, index = self._expression(node.value.node), self._expression(node.index.node)
        if self._plan.by_row(node) and node.operand.axes == names and node.value.axes in ((), (BATCH,)):
            is_number = self._is_number(node.value.node)
            if is_number or node.value.axes:
                array = self._expression(node.operand.node).within(self.library.binds)
                fill = value.text if is_number else f"{value.within(ATOM)}[..., None]"
                return self.library.replaced(array, f"{index.within(ATOM)}[..., None]", fill)
        length = next(axis.size for axis in node.axes if axis.name == node.axis)
        places = self.library.places(self._length(length), self._like)
        behind = len(names) - names.index(node.axis) - 1
        if behind:
            places += f"[{', '.join([':', *['None'] * behind])}]"
        chosen = f"{self._spread(node.index, names)} == {places}"
        fill = self._spread(node.value, names) if node.value.axes else value.text
        return self.library.call("where", chosen, fill, self._operand(node.operand, names).text)

    def _spread(self, ref: Ref, names: Sequence[str]) -> str:
        """An array with an axis of length 1 for each of `names` that it does not have."""
        text = self._expression(ref.node).within(ATOM)
        order = [ref.axes.index(name) for name in names if name in ref.axes]
        if order != sorted(order):
            text = self.library.permuted(text, order)
        marks = ["None" if name not in ref.axes else "..." if name == BATCH else ":" for name in names]
        return f"{text}[{', '.join(marks)}]"

    # -- sums of products -------------------------------------------------------------------------------------------

    def _contraction(self, node: Contract, names: tuple[str, ...]) -> Text:
        refs = node.operands
        product = self._as_matrices(refs, names) if len(refs) == 2 else None
        if product is not None:
            return product
        present = dict.fromkeys((*names, *(name for ref in refs for name in ref.axes)))
        letters = dict(zip((name for name in present if name != BATCH), LETTERS, strict=False))
        letters[BATCH] = "..." if BATCH in names else "b"
        sides = ",".join("".join(letters[name] for name in ref.axes) for ref in refs)
        arrays = (self._expression(ref.node).text for ref in refs)
        result = "".join(letters[name] for name in names)
        return Text(self.library.call("einsum", f'"{sides}->{result}"', *arrays))

    def _as_matrices(self, refs: tuple[Ref, ...], names: tuple[str, ...]) -> Text | None:
        """A product of rows, or of matrices, in either order."""
        for first, second in (refs, refs[::-1]):
            summed = [n for n in first.axes if n not in names]
            if len(summed) != 1:
                continue
            if first.axes == second.axes == (*names, summed[0]) and summed[0] != BATCH:
                return Text(self.library.vecdot(*(self._expression(ref.node).text for ref in refs)))
            free = tuple(name for ref in (first, second) for name in ref.axes if name not in summed)
            if set(first.axes) & set(second.axes) == set(summed) and free == names and len(first.axes) == 2 == len(second.axes):
                a, b = (self._expression(ref.node).within(ATOM) for ref in (first, second))
                left = a if first.axes[1] == summed[0] else f"{a}.T"
                right = b if second.axes[0] == summed[0] else f"{b}.T"
                return Text(f"{left} @ {right}", 2)
        return None


