"""The statements of a function on tensors that nothing differentiates: whole arrays are overwritten where they are spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.code.arrays.program import BATCH, Broadcast, Constant, Contract, Elementwise, Gather, Put, Reduce, Ref, operands_of
from derive.code.python.expressions import Text
from derive.code.python.library import ATOM
from derive.code.python.numpy.body import Body as Statements
from derive.code.python.tensors.body import Body as Differentiable


@dataclass
class Overwriting(Statements, Differentiable):
    """Writes the statements of one program in PyTorch, as those of NumPy are; entries by gather and scatter."""

    def statements(self) -> list[str]:
        for place in self.plan.order():
            if place not in self._names:
                self._statement(place)
        self.lines.append(f"return {self._results_text()}")
        return self.lines

    def _entry(self, array: str, index: Ref) -> str:
        return self.library.taken(array, self._expression(index.node).within(ATOM))

    def _put_entry(self, array: str, index: Ref, value: str) -> str:
        return f"{array}.scatter_(-1, {self._where(index)}, {value})"

    def _where(self, index: Ref) -> str:
        return f"{self._expression(index.node).within(ATOM)}[..., None]"

    def _has_labels(self) -> bool:
        """Entries of rows have an axis of their own, with labels or without."""
        return False

    def _copied(self, array: str) -> str:
        return f"{array}.clone()"

    def _reduced(self, node: Reduce, names: tuple[str, ...]) -> str:
        if node.op != "others":
            return Differentiable._reduced(self, node, names)
        self.helpers.add("others")
        array, largest = self._expression(node.operand.node).text, replace(node, op="max")
        if largest not in self.program.nodes:
            return f"others({array}, {Differentiable._reduced(self, largest, names)})"
        place = self.program.nodes.index(largest)
        if place not in self._names:
            self._assign(place, self._written(place).text)
        return f"others({array}, {self._names[place]})"

    def _summed(self, place: int, array: str) -> str:
        return f"{array}.sum(dim=-1)"

    def _replace(self, place: int, node: Put) -> None:
        names = tuple(axis.name for axis in node.axes)
        if not self.plan.by_row(node) or node.operand.axes != names or node.value.axes not in ((), (BATCH,)):
            self._assign(place, Differentiable._put(self, node, names))
            self._owned.add(place)
            return
        super()._replace(place, node)

    def _fill(self, node: Put, value: Text) -> str:
        if self._is_number(node.value.node):
            return value.text
        if node.value.axes:
            return f"{value.within(ATOM)}[..., None]"
        return f"{value.within(ATOM)}.expand({self._where(node.index)}.shape)"

    def _copy(self, node: Put, names: tuple[str, ...]) -> str:
        text = self._operand(node.operand, names).within(ATOM)
        source = self.program.nodes[node.operand.node]
        inner = self.program.nodes[source.operand.node] if isinstance(source, Broadcast) else source
        return text if isinstance(source, Broadcast) and isinstance(inner, Constant) else f"{text}.clone()"

    def _called(self, node: Elementwise, parts: Sequence[Text]) -> str:
        if node.op != "support" or not self._is_factor_of(node):
            return super()._called(node, parts)
        self.helpers.add("supported")
        return f"supported({parts[0].text}, {parts[1].text})"

    def _is_factor_of(self, node: Elementwise) -> bool:
        """Whether what is to be 0 is an array of its own, only multiplied by what says where."""
        place, (by, spent) = self.program.nodes.index(node), node.operands
        array = self.program.nodes[spent.node]
        names = tuple(axis.name for axis in node.axes)
        if not isinstance(array, Elementwise) or spent.axes != names or self.plan.uses[spent.node] != 1:
            return False
        users = [self.program.nodes[user] for user in self.plan.users[place]]
        return (
            place not in self.plan.results
            and all(isinstance(user, Contract) or isinstance(user, Elementwise) and user.op == "mul" for user in users)
            and all(
                any(ref.node == by.node and ref.axes == at.axes for ref in operands_of(user))
                for user in users
                for at in operands_of(user)
                if at.node == place
            )
        )

    def _gathered_by(self, node: Gather, index: Ref, names: tuple[str, ...]) -> str:
        return Differentiable._gathered_by(self, node, index, names)
