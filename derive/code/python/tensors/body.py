"""The statements of a function on tensors: one array program written out as a person would, with nothing overwritten.

What is read more than once has a name; so has what would make a line hard to read. All else stands where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.code.arrays.program import (
    BATCH,
    Constant,
    Elementwise,
    Gather,
    Identity,
    Input,
    Length,
    Places,
    Put,
    Reduce,
    Ref,
)
from derive.code.python.expressions import LONG, Expressions
from derive.code.python.library import ATOM


@dataclass
class Body(Expressions):
    """Writes the statements of one program for one library that differentiates through them."""

    def statements(self) -> list[str]:
        for place in range(len(self.program.nodes)):
            if self._is_statement(place):
                self._call(place, self._written(place).text)
        texts = [self._result(output.ref.node) for output in self.program.outputs]
        if len(texts) > 1 and sum(map(len, texts)) > LONG:
            for place, output in enumerate(self.program.outputs):
                if not texts[place].isidentifier():
                    name = self._fresh(output.name)
                    self.lines.append(f"{name} = {texts[place]}")
                    texts[place] = name
        self.lines.append(f"return {', '.join(texts)}")
        return self.lines

    # -- statements -------------------------------------------------------------------------------------------------

    def _is_statement(self, place: int) -> bool:
        node = self.program.nodes[place]
        if isinstance(node, Input | Constant | Length | Identity | Places):
            return False
        if self.plan.uses[place] > 1:
            return True
        if place in self.plan.results:
            return False
        if isinstance(node, Reduce | Gather):
            return place in self.plan.hints
        return isinstance(node, Elementwise) and node.op == "exp" and self.plan.is_large(node)

    # -- entries at an index ----------------------------------------------------------------------------------------

    def _gathered_by(self, node: Gather, index: Ref, names: tuple[str, ...]) -> str:
        own = node.operand.axes
        operand = self._expression(node.operand.node)
        where = self._expression(index.node).within(ATOM)
        if self.plan.by_row(node):
            return self.library.taken(operand.within(self.library.binds), where)
        if BATCH not in own and own[0] == node.axis:
            return f"{operand.within(ATOM)}[{where}]"
        aligned = self._operand(node.operand, (*names, node.axis)).text
        return self.library.taken_along(aligned, self._spread(index, (*names, node.axis)))

    def _put(self, node: Put, names: tuple[str, ...]) -> str:
        value, index = self._expression(node.value.node), self._expression(node.index.node)
        if self.plan.by_row(node) and node.operand.axes == names and node.value.axes in ((), (BATCH,)):
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
            text = self._permuted(text, order, ref.axes)
        marks = ["None" if name not in ref.axes else "..." if name == BATCH else ":" for name in names]
        return f"{text}[{', '.join(marks)}]"
