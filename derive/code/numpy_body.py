"""The statements of a NumPy function: one array program written out as a person would.

A whole array that is not needed any more is overwritten; numbers that are used once stand where they are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.code.names import identifier
from derive.code.numpy_plan import IN_PLACE, Plan
from derive.code.program import (
    BATCH,
    Broadcast,
    Constant,
    Contract,
    Elementwise,
    Gather,
    Identity,
    Input,
    Length,
    Node,
    Program,
    Put,
    Reduce,
    Ref,
)

SYMBOLS = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}
CALLS = {"abs": "abs", "max": "maximum", "min": "minimum"}
ATOM, SIGN = 9, 2
LONG = 60
RESERVED = ("np", "Array", "Indices", "rows", "unshifted", "kept")


@dataclass(frozen=True)
class Text:
    """An expression and how tightly it binds: 1 a sum, 2 a product, 9 a name or a call."""

    text: str
    binds: int = ATOM

    def within(self, level: int) -> str:
        return self.text if self.binds >= level else f"({self.text})"


@dataclass
class Body:
    """Writes the statements of one program; `helpers` are the functions that they call, `rows` whether they index rows."""

    program: Program
    lines: list[str] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.plan = Plan(self.program)
        self._names: dict[int, str] = {}
        self._owned: set[int] = set()
        self._taken = {*RESERVED, *(node.name for node in self.program.inputs)}
        self._sizes: dict[str, str] = {}
        for node in self.program.inputs:
            for place, axis in enumerate(node.axes):
                first = place == 0 and axis.size == BATCH
                length = f"len({node.name})" if first else f"{node.name}.shape[{place - len(node.axes)}]"
                self._sizes.setdefault(axis.size, length)

    def statements(self) -> list[str]:
        """The lines of the body, the last of which returns the results."""
        for place in self.plan.order():
            self._statement(place)
        results = self._results_text()
        if any(", rows" in line or "[rows" in line for line in self.lines):
            first = next(node for node in self.program.inputs if any(a.size == BATCH for a in node.axes))
            self.lines.insert(0, f"rows = np.arange(len({first.name}))")
        self.lines.append(f"return {results}")
        return self.lines

    def _results_text(self) -> str:
        """The results, each with its name where they are long."""
        texts = [self._result(output.ref.node) for output in self.program.outputs]
        if len(texts) > 1 and sum(map(len, texts)) > LONG:
            for place, output in enumerate(self.program.outputs):
                if output.ref.node not in self._names:
                    name = identifier(output.name, self._taken)
                    self._taken.add(name)
                    self.lines.append(f"{name} = {texts[place]}")
                    texts[place] = name
        return ", ".join(texts)

    def _result(self, place: int) -> str:
        text = self._expression(place).text
        return f"np.asarray({text})" if isinstance(self.program.nodes[place], Constant | Length) else text

    # -- statements -------------------------------------------------------------------------------------------------

    def _statement(self, place: int) -> None:
        node = self.program.nodes[place]
        if isinstance(node, Reduce) and self.plan.masked(node) is not None:
            self._sum_of_others(place, node)
        elif isinstance(node, Put):
            self._put(place, node)
        elif isinstance(node, Elementwise) and self.plan.is_large(node):
            self._elementwise(place, node)
        else:
            text = self._written(node)
            self._assign(place, text.text)

    def _assign(self, place: int, text: str, name: str = "") -> None:
        self._names[place] = name or self._name(place)
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
            node = self.program.nodes[place]
            hint = "s" if isinstance(node, Reduce) or not self.plan.is_large(node) else "x"
        name = identifier(hint, self._taken)
        self._taken.add(name)
        return name

    def _elementwise(self, place: int, node: Elementwise) -> None:
        """In place where an operand of the same axes is not needed any more."""
        names = tuple(axis.name for axis in node.axes)
        target = None
        if node.op in IN_PLACE:
            target = next((o for o in node.operands if o.node in self._owned and o.axes == names
                           and self.plan.is_dead(o.node, place)), None)
        if target is None:
            text = self._written(node)
            self._assign(place, text.text)
        else:
            old = self._names[target.node]
            parts = [self._operand(o, names).text for o in node.operands]
            call = f"np.{IN_PLACE[node.op]}({', '.join(parts)}, out={old})"
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
            copy = identifier("others", self._taken)
            self._taken.add(copy)
            self.lines.append(f"{copy} = {array}.copy()")
            array = copy
        index = self._expression(put.index.node).text
        reader = self.plan.gather_like(node)
        needed = put.operand.node in self._owned and not self.plan.is_replaced(put, place)
        saved = self._names.get(reader) if reader is not None else None
        if needed and saved is None:
            saved = "kept"
            self.lines.append(f"kept = {array}[rows, {index}]")
        self.lines.append(f"{array}[rows, {index}] = 0")
        self._assign(place, f"{array}.sum(axis=-1)")
        if needed:
            self.lines.append(f"{array}[rows, {index}] = {saved}")

    def _put(self, place: int, node: Put) -> None:
        source = node.operand.node
        names = tuple(axis.name for axis in node.axes)
        value = self._operand(node.value, tuple(n for n in names if n != node.axis))
        index = self._expression(node.index.node).text
        if source in self._owned and self.plan.is_dead(source, place) and node.operand.axes == names:
            self._names[place] = self._names[source]
        else:
            self._assign(place, self._copy(node, names))
        self._owned.add(place)
        name = self._names[place]
        if self.plan.by_row(node) and node.value.axes in ((), (BATCH,)):
            self.lines.append(f"{name}[rows, {index}] = {value.text}")
            return
        others = tuple(n for n in names if n != node.axis)
        where = _indexed(self._operand(node.index, others), others, node.axis, names)
        fill = _indexed(value, others, node.axis, names) if node.value.axes else value.text
        self.lines.append(f"np.put_along_axis({name}, {where}, {fill}, axis={names.index(node.axis) - len(names)})")

    def _copy(self, node: Put, names: tuple[str, ...]) -> str:
        """What the entry is put into: an array of its own."""
        source = self.program.nodes[node.operand.node]
        inner = self.program.nodes[source.operand.node] if isinstance(source, Broadcast) else source
        if isinstance(source, Broadcast) and isinstance(inner, Constant):
            first = next(i for i in self.program.inputs if i.kind == "real")
            if {axis.size for axis in first.axes} == {axis.size for axis in source.axes} and inner.value == 0:
                return f"np.zeros_like({first.name})"
            shape = ", ".join(self._length(axis.size) for axis in source.axes)
            return f"np.full(({shape},), {_number(inner).text}, dtype={first.name}.dtype)"
        return f"np.array({self._operand(node.operand, names).text})"

    # -- expressions ------------------------------------------------------------------------------------------------

    def _expression(self, place: int) -> Text:
        if place in self._names:
            return Text(self._names[place])
        return self._written(self.program.nodes[place])

    def _operand(self, ref: Ref, names: Sequence[str]) -> Text:
        """The operand so that it repeats along the axes of `names` that it does not have."""
        text = self._expression(ref.node)
        present = [name for name in names if name in ref.axes]
        if not present:
            return text
        if list(ref.axes) != present:
            order = [ref.axes.index(name) for name in present]
            text = Text(f"{text.within(ATOM)}.T") if order == [1, 0] else Text(
                f"{text.within(ATOM)}.transpose({', '.join(map(str, order))})")
        behind = list(names)[list(names).index(present[0]):]
        if len(behind) == len(present):
            return text
        marks = [":" if name in present else "None" for name in behind]
        leading = next((p for p, mark in enumerate(marks) if mark != ":"), len(marks))
        if present[0] == BATCH:
            marks = ["...", *marks[leading:]]
        return Text(f"{text.within(ATOM)}[{', '.join(marks)}]")

    def _written(self, node: Node) -> Text:
        if isinstance(node, Input):
            return Text(node.name)
        if isinstance(node, Constant):
            return _number(node)
        if isinstance(node, Length):
            return Text(node.size if node.size.isdigit() else self._sizes[node.size])
        if isinstance(node, Identity):
            return Text(f"np.eye({self._length(node.axes[0].size)})")
        names = tuple(axis.name for axis in node.axes)
        if isinstance(node, Elementwise):
            return self._operation(node, names)
        if isinstance(node, Broadcast):
            lengths = ", ".join(self._length(axis.size) for axis in node.axes)
            return Text(f"np.broadcast_to({self._operand(node.operand, names).text}, ({lengths},))")
        if isinstance(node, Reduce):
            place = next(p for p, name in enumerate(node.operand.axes) if name not in names)
            axis = f"axis={place - len(node.operand.axes)}" if place or len(node.operand.axes) == 1 else "axis=0"
            if len(node.operand.axes) == 1:
                axis = ""
            return Text(f"{self._expression(node.operand.node).within(ATOM)}.{node.op}({axis})")
        if isinstance(node, Contract):
            return self._contraction(node, names)
        if isinstance(node, Gather):
            return self._gathered(node, names)
        raise TypeError(f"an expression was expected, found {type(node).__name__}")

    def _length(self, size: str) -> str:
        return size if size.isdigit() else self._sizes[size]

    def _operation(self, node: Elementwise, names: tuple[str, ...]) -> Text:
        parts = [self._operand(o, names) for o in node.operands]
        mean = self._mean(node)
        if mean is not None:
            return mean
        if node.op in SYMBOLS:
            symbol, level = SYMBOLS[node.op]
            right = level + 1 if node.op in ("sub", "div") else level
            return Text(f"{parts[0].within(level)} {symbol} {parts[1].within(right)}", level)
        if node.op == "neg":
            return Text(f"-{parts[0].within(SIGN + 1)}", SIGN)
        if node.op == "power":
            return Text(f"{parts[0].within(ATOM)} ** {parts[1].within(ATOM)}", 3)
        if node.op == "shift":
            self.helpers.add("unshifted")
            return Text(f"unshifted({parts[0].text})")
        return Text(f"np.{CALLS.get(node.op, node.op)}({', '.join(part.text for part in parts)})")

    def _mean(self, node: Elementwise) -> Text | None:
        """A sum over the batch, divided by the length of the batch."""
        first, *others = (self.program.nodes[o.node] for o in node.operands)
        if node.op != "div" or not isinstance(first, Reduce) or first.op != "sum" or node.operands[0].node in self._names:
            return None
        summed = {axis.size for axis in self.program.nodes[first.operand.node].axes} - {axis.size for axis in first.axes}
        if not isinstance(others[0], Length) or summed != {others[0].size} or others[0].size != BATCH:
            return None
        axis = "axis=0" if first.axes else ""
        return Text(f"{self._expression(first.operand.node).within(ATOM)}.mean({axis})")

    def _gathered(self, node: Gather, names: tuple[str, ...]) -> Text:
        text = self._expression(node.operand.node).within(ATOM)
        own = node.operand.axes
        if isinstance(node.index, int):
            last = own[0] == BATCH and own[-1] == node.axis
            where = ["..."] if last else [":"] * own.index(node.axis)
            return Text(f"{text}[{', '.join([*where, str(node.index)])}]")
        if self.plan.by_row(node):
            return Text(f"{text}[rows, {self._expression(node.index.node).text}]")
        if BATCH not in own and own[0] == node.axis:
            return Text(f"{text}[{self._expression(node.index.node).text}]")
        aligned = self._operand(node.operand, (*names, node.axis)).within(ATOM)
        where_ = _indexed(self._operand(node.index, names), names, node.axis, (*names, node.axis))
        return Text(f"np.take_along_axis({aligned}, {where_}, axis=-1)[..., 0]")

    def _contraction(self, node: Contract, names: tuple[str, ...]) -> Text:
        refs = node.operands
        if len(refs) == 2:
            product = self._as_matrices(refs, names)
            if product is not None:
                return product
        letters = dict(zip(dict.fromkeys((*names, *(n for r in refs for n in r.axes))), "bijklmnop" if BATCH in names or any(
            BATCH in r.axes for r in refs) else "ijklmnop", strict=False))
        sides = ",".join("".join(letters[n] for n in r.axes) for r in refs)
        arrays = ", ".join(self._expression(r.node).text for r in refs)
        return Text(f'np.einsum("{sides}->{"".join(letters[n] for n in names)}", {arrays})')

    def _as_matrices(self, refs: tuple[Ref, ...], names: tuple[str, ...]) -> Text | None:
        """A product of rows, or of matrices, in either order."""
        for first, second in (refs, refs[::-1]):
            a, b = (self._expression(r.node).within(ATOM) for r in (first, second))
            plain = ", ".join(self._expression(r.node).text for r in refs)
            summed = [n for n in first.axes if n not in names]
            if first.axes == second.axes and len(summed) == 1 and first.axes[-1] == summed[0]:
                return Text(f"np.vecdot({plain})")
            if len(summed) != 1 or set(first.axes) & set(second.axes) != set(summed):
                continue
            if (*(n for n in first.axes if n not in summed), *(n for n in second.axes if n not in summed)) != names:
                continue
            if len(first.axes) == 2 == len(second.axes):
                left = a if first.axes[1] == summed[0] else f"{a}.T"
                right = b if second.axes[0] == summed[0] else f"{b}.T"
                return Text(f"{left} @ {right}", 2)
        return None


def _indexed(text: Text, names: Sequence[str], axis: str, whole: Sequence[str]) -> str:
    """The index array with an axis of length 1 in the place of `axis`."""
    place = list(whole).index(axis)
    marks = ["..."] if place == len(names) else [":"] * place
    return f"{text.within(ATOM)}[{', '.join([*marks, 'None'])}]"


def _number(node: Constant) -> Text:
    if isinstance(node.value, str):
        return Text(f"np.{node.value}")
    top, below = node.value.numerator, node.value.denominator
    if below & (below - 1):
        return Text(f"{top} / {below}", 2)
    return Text(str(top) if below == 1 else str(float(node.value)), ATOM if top >= 0 else SIGN)
