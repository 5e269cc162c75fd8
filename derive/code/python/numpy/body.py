"""The statements of a NumPy function: one array program written out as a person would.

A whole array that is not needed any more is overwritten; numbers that are used once stand where they are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.code.arrays.program import (
    BATCH,
    Broadcast,
    Constant,
    Elementwise,
    Gather,
    Put,
    Reduce,
    Ref,
)
from derive.code.python.expressions import SYMBOLS, Expressions, Text
from derive.code.python.library import ATOM
from derive.code.python.plan import IN_PLACE

LONG = 60


@dataclass
class Body(Expressions):
    """Writes the statements of one program."""

    _owned: set[int] = field(default_factory=set)

    def statements(self) -> list[str]:
        for place in self.plan.order():
            self._statement(place)
        results = self._results_text()
        if any(", rows" in line or "[rows" in line for line in self.lines):
            self.lines.insert(0, f"rows = np.arange({self._length(BATCH)})")
        self.lines.append(f"return {results}")
        return self.lines

    def _results_text(self) -> str:
        """The results, each with its name where they are long."""
        texts = [self._result(output.ref.node) for output in self.program.outputs]
        if len(texts) > 1 and sum(map(len, texts)) > LONG:
            for place, output in enumerate(self.program.outputs):
                if output.ref.node not in self._names:
                    name = self._fresh(output.name)
                    self.lines.append(f"{name} = {texts[place]}")
                    texts[place] = name
        return ", ".join(texts)

    # -- statements -------------------------------------------------------------------------------------------------

    def _statement(self, place: int) -> None:
        node = self.program.nodes[place]
        if isinstance(node, Reduce) and self.plan.masked(node) is not None:
            self._sum_of_others(place, node)
        elif isinstance(node, Put):
            self._replace(place, node)
        elif isinstance(node, Elementwise) and self.plan.is_large(node):
            self._elementwise(place, node)
        else:
            self._assign(place, self._written(place).text)

    def _assign(self, place: int, text: str) -> None:
        self._names[place] = self._name(place)
        self.lines.append(f"{self._names[place]} = {text}")

    def _name(self, place: int) -> str:
        """The name said for the node, else that of the one that overwrites it, else one by what it is."""
        hint = self.plan.hints.get(place)
        user = place
        while hint is None:
            node = self.program.nodes[user]
            if isinstance(node, Elementwise) and node.op == "exp":
                hint = "e"
                break
            users = self.plan.users[user]
            if len(users) != 1 or not isinstance(self.program.nodes[users[0]], Elementwise):
                break
            user = users[0]
            hint = self.plan.hints.get(user)
        if hint is None:
            hint = self._kind(user)
        return self._fresh(hint)

    def _elementwise(self, place: int, node: Elementwise) -> None:
        """In place where an operand of the same axes is not needed any more."""
        names = tuple(axis.name for axis in node.axes)
        target = None
        if node.op in IN_PLACE:
            target = next(
                (o for o in node.operands if o.node in self._owned and o.axes == names and self.plan.is_dead(o.node, place)),
                None,
            )
        if target is None:
            self._assign(place, self._written(place).text)
        else:
            old = self._names[target.node]
            parts = [self._operand(o, names).text for o in node.operands]
            call = self.library.call(IN_PLACE[node.op], *parts, f"out={old}")
            if node.op in SYMBOLS and target is node.operands[0]:
                self.lines.append(f"{old} {SYMBOLS[node.op][0]}= {parts[1]}")
            else:
                self.lines.append(call)
            self._names[place] = old
        self._owned.add(place)

    def _sum_of_others(self, place: int, node: Reduce) -> None:
        """Σ_{k≠c}: the entry is 0 while the sum is taken."""
        put = self.plan.masked(node)
        if put is None:
            return
        array = self._expression(put.operand.node).text
        if put.operand.node not in self._owned:
            copy = self._fresh("others")
            self.lines.append(f"{copy} = {self._copied(array)}")
            array = copy
        reader = self.plan.gather_like(node)
        spent = self.plan.is_replaced(put, place) or self.plan.is_dead(put.operand.node, place)
        needed = put.operand.node in self._owned and not spent
        saved = self._names.get(reader) if reader is not None else None
        if needed and saved is None:
            saved = "kept"
            self.lines.append(f"kept = {self._entry(array, put.index)}")
        self.lines.append(self._put_entry(array, put.index, "0"))
        self._assign(place, self._summed(put.operand.node, array))
        if needed:
            self.lines.append(self._put_entry(array, put.index, f"{saved}" if self._has_labels() else f"{saved}[..., None]"))

    def _replace(self, place: int, node: Put) -> None:
        source = node.operand.node
        names = tuple(axis.name for axis in node.axes)
        others = tuple(n for n in names if n != node.axis)
        value = self._operand(node.value, others)
        if source in self._owned and self.plan.is_dead(source, place) and node.operand.axes == names:
            self._names[place] = self._names[source]
        else:
            self._assign(place, self._copy(node, names))
        self._owned.add(place)
        name = self._names[place]
        if self.plan.by_row(node) and node.value.axes in ((), (BATCH,)):
            self.lines.append(self._put_entry(name, node.index, self._fill(node, value)))
            return
        where = self._indexed(node.index, others, node.axis, names)
        fill = self._indexed(node.value, others, node.axis, names) if node.value.axes else value.text
        self.lines.append(f"np.put_along_axis({name}, {where}, {fill}, axis={names.index(node.axis) - len(names)})")

    def _fill(self, node: Put, value: Text) -> str:
        """What is put, as it is put into the rows of an array."""
        each = node.value.axes and not self._has_labels()
        return f"{value.within(ATOM)}[..., None]" if each else value.text

    def _copy(self, node: Put, names: tuple[str, ...]) -> str:
        """What the entry is put into: an array of its own."""
        source = self.program.nodes[node.operand.node]
        inner = self.program.nodes[source.operand.node] if isinstance(source, Broadcast) else source
        if isinstance(source, Broadcast) and isinstance(inner, Constant):
            first = next(i for i in self.program.inputs if i.kind == "real")
            if {axis.size for axis in first.axes} == {axis.size for axis in source.axes} and inner.value == 0:
                return f"np.zeros_like({first.name})"
            return self.library.full(self._shape(source.axes), self._constant(inner).text, self._like)
        return f"np.array({self._operand(node.operand, names).text})"

    # -- expressions ------------------------------------------------------------------------------------------------

    def _copied(self, array: str) -> str:
        return f"{array}.copy()"

    def _entry(self, array: str, index: Ref) -> str:
        """The entries of the array of that name, or of an expression, of which there is one in each row."""
        where = self._expression(index.node)
        return f"{array}[rows, {where.text}]" if self._has_labels() else self.library.taken(array, where.within(ATOM))

    def _put_entry(self, array: str, index: Ref, value: str) -> str:
        """The statement that replaces these entries by `value`, a number or one for each row."""
        if self._has_labels():
            return f"{self._entry(array, index)} = {value}"
        return f"np.put_along_axis({array}, {self._expression(index.node).within(ATOM)}[..., None], {value}, axis=-1)"

    def _has_labels(self) -> bool:
        """Whether there are labels, one for each row of a matrix; else the rows may have any number of leading axes."""
        return any(node.kind == "index" for node in self.program.inputs)

    def _summed(self, place: int, array: str) -> str:
        """The sum over the last axis of a node whose text is `array`, of each row; exponentials are no integers."""
        node = self.program.nodes[place]
        if isinstance(node, Elementwise) and node.op == "exp":
            self.helpers.add("row_sum")
            return f"row_sum({array})"
        return f"{array}.sum(axis=-1)"

    def _reduced(self, node: Reduce, names: tuple[str, ...]) -> str:
        if node.op == "sum" and names == (BATCH,) and node.operand.axes[:-1] == names:
            operand = self._expression(node.operand.node)
            return self._summed(node.operand.node, operand.within(ATOM))
        return super()._reduced(node, names)

    def _gathered_by(self, node: Gather, index: Ref, names: tuple[str, ...]) -> str:
        text = self._expression(node.operand.node).within(ATOM)
        own = node.operand.axes
        if self.plan.by_row(node):
            return self._entry(text, index)
        if BATCH not in own and own[0] == node.axis:
            return f"{text}[{self._expression(index.node).text}]"
        aligned = self._operand(node.operand, (*names, node.axis)).within(ATOM)
        where = self._indexed(index, names, node.axis, (*names, node.axis))
        return self.library.taken_along(aligned, where)

    def _indexed(self, ref: Ref, names: Sequence[str], axis: str, whole: Sequence[str]) -> str:
        """The array along `names` with an axis of length 1 in the place of `axis`."""
        place = list(whole).index(axis)
        self.one_batch_axis |= BATCH in names
        marks = ["..."] if place == len(names) else [":"] * place
        if names and names[0] == BATCH not in ref.axes and ref.axes:
            marks = ["None", *([":"] * (place - 1))]
        return f"{self._operand(ref, names).within(ATOM)}[{', '.join([*marks, 'None'])}]"
