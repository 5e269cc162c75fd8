"""Nodes of an array program as C expressions; what is kept in a variable is read from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from derive.code.arrays.exponentials import is_positive
from derive.code.arrays.program import (
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
    Places,
    Put,
    Reduce,
    Ref,
)
from derive.code.c.library.functions import NAMES, Real
from derive.code.c.values.plan import Phase, Plan, own_axes
from derive.terms.elementary import BY_OP

SYMBOLS = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}
LIBRARY = {"power": "pow", **{op: row.c for op, row in BY_OP.items() if row.c}}
EXPONENTIALS = {"exp": ("exp_within", "low, high"), "exp_below": ("exp_below", "low")}
ATOM = 9
ORDINARY = 2**20
TAB = "    "
PI, E = "3.14159265358979323846", "2.71828182845904523536"


@dataclass(frozen=True)
class Text:
    """An expression and how tightly it binds: 0 a selection, 1 a sum, 2 a product, 9 a name or a call."""

    text: str
    binds: int = ATOM

    def within(self, level: int) -> str:
        return self.text if self.binds >= level else f"({self.text})"


def size_macro(size: str) -> str:
    """How the length called `size` is written in C."""
    return size if size.isdigit() else f"SIZE_{size}"


def indented(lines: Sequence[str]) -> list[str]:
    """The lines one level further in; what is for the preprocessor stays where it is."""
    return [line if line.startswith("#") else TAB + line for line in lines]


def inverse_name(text: str) -> str:
    """What the inverse of a number is called that is read as `text`."""
    return f"{text.split('[')[0]}_inverse"


def flat(sizes: Sequence[str], indices: Sequence[str]) -> str:
    """The place in a row-major array."""
    text = "0"
    for position, (size, index) in enumerate(zip(sizes, indices, strict=True)):
        text = index if position == 0 else f"({text}) * {size} + {index}" if " " in text else f"{text} * {size} + {index}"
    return text


@dataclass
class Expressions:
    """Writes nodes for one type; `read` collects the kept nodes that were read, each with its index.

    `moved` are those that are kept where a result will be; `helpers` and `vectors` are the functions that were called.
    """

    plan: Plan
    real: Real
    helpers: set[str] = field(default_factory=set)
    read: list[tuple[int, str]] = field(default_factory=list)
    inverses: dict[str, str] = field(default_factory=dict)
    divisors: set[str] = field(default_factory=set)
    moved: dict[int, str] = field(default_factory=dict)
    vectors: set[str] = field(default_factory=set)

    @property
    def row(self) -> str:
        """The number of the example."""
        return "row"

    @cached_property
    def divisions(self) -> Mapping[Ref, int]:
        """How many times each node divides."""
        nodes = self.plan.program.nodes
        return Counter(node.operands[1] for node in nodes if isinstance(node, Elementwise) and node.op == "div")

    def value(self, ref: Ref, env: Mapping[str, str]) -> Text:
        """The operand where its user's axes are at the indices of `env`."""
        node = self.plan.program.nodes[ref.node]
        inner = {axis.name: env[name] for axis, name in zip(node.axes, ref.axes, strict=True) if axis.size != BATCH}
        return self.at(ref.node, inner)

    def at(self, place: int, env: Mapping[str, str]) -> Text:
        """The node at the indices of `env`."""
        node = self.plan.program.nodes[place]
        indices = [env[axis.name] for axis in own_axes(node)]
        if place in self.plan.names:
            sizes = [size_macro(axis.size) for axis in own_axes(node)]
            index = flat(sizes, indices)
            self.read.append((place, index if indices else ""))
            return self.kept(place, index, bool(indices))
        if isinstance(node, Input):
            return self.argument(node, indices)
        return self.written(node, env)

    def kept(self, place: int, index: str, array: bool) -> Text:
        """A variable, or an entry of one."""
        name = self.moved.get(place, self.plan.names[place])
        return Text(f"{name}[{index}]" if array else name)

    def argument(self, node: Input, indices: Sequence[str]) -> Text:
        """An argument, or an entry of one."""
        sizes = [size_macro(axis.size) for axis in own_axes(node)]
        name = self.plan.arguments[node.name]
        if len(sizes) == len(node.axes):
            return Text(f"{name}[{flat(sizes, indices)}]")
        if not sizes:
            return Text(f"{name}[row]")
        return Text(f"{name}_row[{flat(sizes, indices)}]")

    def written(self, node: Node, env: Mapping[str, str]) -> Text:
        """The node's own expression."""
        if isinstance(node, Constant):
            return self._number(node)
        if isinstance(node, Length):
            return Text(f"({self.real.name}){'batch' if node.size == BATCH else size_macro(node.size)}")
        if isinstance(node, Identity):
            first, second = (self.row if axis.size == BATCH else env[axis.name] for axis in node.axes)
            return Text(f"{first} == {second} ? {self.literal('1')} : {self.literal('0')}", 0)
        if isinstance(node, Places):
            return Text(self.row if node.axes[0].size == BATCH else env[node.axes[0].name])
        if isinstance(node, Elementwise):
            return self._operation(node, env)
        if isinstance(node, Broadcast):
            return self.value(node.operand, env)
        if isinstance(node, Gather):
            index = str(node.index) if isinstance(node.index, int) else self.index(self.value(node.index, env).text)
            return self.value(node.operand, {**env, node.axis: index})
        if isinstance(node, Put):
            index = self.index(self.value(node.index, env).text)
            fill, rest = self.value(node.value, env), self.value(node.operand, env)
            return Text(f"{env[node.axis]} == {index} ? {fill.within(1)} : {rest.within(1)}", 0)
        raise TypeError(f"an expression was expected, found {type(node).__name__}")

    def product(self, node: Contract, env: Mapping[str, str]) -> Text:
        """The product of the operands at one place."""
        return Text(" * ".join(self.value(ref, env).within(2) for ref in node.operands), 2)

    def index(self, text: str) -> str:
        """An index that was read, as one that is compared with a loop's."""
        return text if text.isdigit() else f"({self.real.integer}){text}"

    def literal(self, digits: str) -> str:
        """A number in decimal as a literal of the type."""
        point = digits if "." in digits or "e" in digits else f"{digits}.0"
        return f"{point}{self.real.literal}"

    def call(self, name: str, arguments: Sequence[str]) -> Text:
        """A call of a function of this file, or of the C library."""
        if name in NAMES:
            self.helpers.add(name)
            return Text(f"{name}_{self.real.suffix}({', '.join(arguments)})")
        return Text(f"{LIBRARY[name]}{self.real.literal}({', '.join(arguments)})")

    def operated(self, parts: Sequence[Text], text: Text) -> Text:
        """`text`, which was written with an operator of the language."""
        return text

    def called(self, name: str, parts: Sequence[Text]) -> Text:
        """The function `name` of the parts."""
        return self.call("exp" if name == "exp_below" else name, [part.text for part in parts])

    def _operation(self, node: Elementwise, env: Mapping[str, str]) -> Text:
        parts = [self.value(ref, env) for ref in node.operands]
        if node.op == "div" and own_axes(node):
            inverse = self._inverse(node.operands[1], parts[1])
            if inverse:
                return self.operated(parts, Text(f"{parts[0].within(2)} * {inverse}", 2))
        if node.op in SYMBOLS:
            symbol, level = SYMBOLS[node.op]
            return self.operated(parts, Text(f"{parts[0].within(level)} {symbol} {parts[1].within(level + 1)}", level))
        if node.op == "neg":
            return self.operated(parts, Text(f"-{parts[0].within(3)}", 2))
        return self.called(self._special(node), parts)

    def _special(self, node: Elementwise) -> str:
        """The function of the node, or a shorter one that is the same for the arguments that it has here."""
        low, high = self.plan.bounds[node.operands[0].node]
        if node.op == "exp" and (high <= 0 or self._is_bounded(node)):
            return "exp_below"
        return "log1p_share" if node.op == "log1p" and low >= 0 and high <= 1 else node.op

    def _is_bounded(self, node: Elementwise) -> bool:
        """Whether the largest of the arguments was shifted, so that no result overflows."""
        nodes = self.plan.program.nodes
        inner = nodes[node.operands[0].node]
        op = "shift"
        if isinstance(inner, Elementwise) and inner.op == "div" and is_positive(self.plan.program, inner.operands[1].node):
            inner, op = nodes[inner.operands[0].node], "finite"
        if not isinstance(inner, Elementwise) or inner.op != "sub":
            return False
        shift = nodes[inner.operands[1].node]
        peak = nodes[shift.operands[0].node] if isinstance(shift, Elementwise) and shift.op == op else None
        return isinstance(peak, Reduce) and peak.op == "max" and peak.operand == inner.operands[0]

    def _inverse(self, ref: Ref, text: Text) -> str:
        """By what entries are multiplied that a number divides, where that may be done; "" where they are divided."""
        node = self.plan.program.nodes[ref.node]
        low, high = self.plan.bounds[ref.node]
        if own_axes(node):
            often = self.divisions[ref] > 1 and 1 / ORDINARY < low and high < ORDINARY
            return f"({self.literal('1')} / {text.within(3)})" if often else ""
        if isinstance(node, Length):
            return f"(1 / {text.within(3)})"
        if ref.node in self.plan.names or isinstance(node, Input):
            self.divisors.add(text.text)
        return self.inverses.get(text.text, "")

    def _number(self, node: Constant) -> Text:
        if isinstance(node.value, str):
            return Text(self.literal(PI if node.value == "pi" else E))
        number = node.value.numerator / node.value.denominator
        return Text(self.literal(repr(number)), ATOM if number >= 0 else 2)


def phase_of(plan: Plan, place: int) -> Phase:
    """When the node is computed; what is added up over the batch is added to for each example."""
    return Phase.ROW if place in plan.over_batch else plan.phases[place]
