"""The statements of a C function for few classes: `lanes` examples side by side, one in each lane of a vector.

The arguments of a block are turned round first, so that every loop over the classes holds one over the lanes, which a
compiler turns into single instructions. The last block repeats its first example in the lanes that are left over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from derive.code.c_exp import Real
from derive.code.c_plan import Phase, Plan, own_axes, summed_axes
from derive.code.c_sinks import INDEX, Sink, defined, groups, sinks, without_one
from derive.code.c_text import Expressions, Text, phase_of, size_macro
from derive.code.program import BATCH, Contract, Gather, Input, Reduce, Ref

LONGEST = 24
LANES = {"f32": 16, "f64": 8}
TAB = "    "


def fits(plan: Plan, sizes: Mapping[str, int]) -> bool:
    """Whether a program can be computed in lanes: nothing but numbers and short arrays of each example."""
    if any(phase_of(plan, place) is not Phase.ROW for place in plan.names) or plan.over_batch:
        return False
    for place, node in enumerate(plan.program.nodes):
        axes = [*own_axes(node), *(summed_axes(plan.program, node) if isinstance(node, Reduce | Contract) else ())]
        lengths = [int(a.size) if a.size.isdigit() else sizes.get(a.size, LONGEST + 1) for a in axes if a.size != BATCH]
        batched = any(axis.size == BATCH for axis in node.axes)
        if len(lengths) > 1 or any(length > LONGEST for length in lengths) or place in plan.names and not batched:
            return False
    return all(any(axis.size == BATCH for axis in output.axes) for output in plan.program.outputs)


class LaneExpressions(Expressions):
    """Expressions in which what differs from example to example is read in one lane."""

    def kept(self, place: int, index: str, array: bool) -> Text:
        return Text(f"{self.plan.names[place]}{f'[{index}]' if array else ''}[lane]")

    def argument(self, node: Input, indices: Sequence[str]) -> Text:
        name = self.plan.arguments[node.name]
        if all(axis.size != BATCH for axis in node.axes):
            return super().argument(node, indices)
        return Text(f"{name}_row{''.join(f'[{index}]' for index in indices)}[lane]")


@dataclass
class Lanes:
    """Writes the body of one function."""

    plan: Plan
    real: Real
    texts: LaneExpressions = field(init=False)
    buffers: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = LaneExpressions(self.plan, self.real)

    def statements(self) -> list[str]:
        """The lines of the body, without those that check the arguments."""
        lanes = LANES[self.real.suffix]
        body = [f"const int left = batch - row < {lanes} ? (int)(batch - row) : {lanes};", *self._read()]
        for group in groups(sinks(self.plan, self.texts, Phase.ROW), frozenset()):
            for sink in group:
                for member in sink.members or (sink.place,):
                    body += self._sink(sink, member)
        body += self._written()
        return [f"for (int64_t row = 0; row < batch; row += {lanes}) {{", *(
            line if line.startswith("#") else TAB + line for line in body), "}"]

    # -- arguments and results ----------------------------------------------------------------------------------------

    def _read(self) -> list[str]:
        lines, copies = [], []
        for node in self.plan.program.inputs:
            if all(axis.size != BATCH for axis in node.axes):
                continue
            name = self.plan.arguments[node.name]
            sizes = [size_macro(axis.size) for axis in own_axes(node)]
            kind = self.real.integer if node.kind == "index" else self.real.name
            lines.append(self._array(kind, f"{name}_row", sizes))
            if sizes:
                copies.append(f"for (int j = 0; j < {sizes[0]}; ++j) {name}_row[j][lane] = {name}[at * {sizes[0]} + j];")
            else:
                copies.append(f"{name}_row[lane] = ({kind}){name}[at];")
        return [*lines, f"for (int lane = 0; lane < {LANES[self.real.suffix]}; ++lane) {{",
                f"{TAB}const int64_t at = row + (lane < left ? lane : 0);", *(TAB + copy for copy in copies), "}"]

    def _written(self) -> list[str]:
        lines = []
        for output, name in zip(self.plan.program.outputs, self.plan.outputs, strict=True):
            axes = own_axes(self.plan.program.nodes[output.ref.node])
            size = size_macro(axes[0].size) if axes else ""
            step = f"for (int j = 0; j < {size}; ++j) {name}[(row + lane) * {size} + j] = {name}_row[j][lane];" if size else (
                f"{name}[row + lane] = {name}_row[lane];")
            lines += ["for (int lane = 0; lane < left; ++lane)", TAB + step]
        return lines

    def _array(self, kind: str, name: str, sizes: Sequence[str]) -> str:
        shape = "".join(f"[{size}]" for size in sizes)
        return f"{kind} {name}{shape}[{LANES[self.real.suffix]}] __attribute__((aligned(64)));"

    # -- what is computed ---------------------------------------------------------------------------------------------

    def _sink(self, sink: Sink, place: int) -> list[str]:
        node, real, integer = self.plan.program.nodes[place], self.real.name, self.real.integer
        name = self.plan.names.get(place, "") if sink.output is None else f"{self.plan.outputs[sink.output]}_row"
        env = {axis.name: INDEX for axis in own_axes(node)}
        if sink.kind in ("number", "fill"):
            sizes = [size_macro(axis.size) for axis in own_axes(node)]
            lines = [self._array(real, name, sizes)]
            if sink.kind == "number" and isinstance(node, Gather) and isinstance(node.index, Ref) and sink.output is None:
                return [*lines, *self._chosen(node, name)]
            if sizes:
                return [*lines, *self._filled(sink, f"{name}[j][lane]", sizes[0], env)]
            return [*lines, *self._loop([f"{name}[lane] = {defined(self.plan, self.texts, sink, env)};"])]
        put = without_one(self.plan, place)
        if sink.kind == "rest" and put is not None:
            where = self.texts.index(self.texts.value(put.index, {}).text)
            text = f"j == {where} ? 0 : {self.plan.names[put.operand.node]}[j][lane]"
        else:
            text = defined(self.plan, self.texts, sink, env)
        size = size_macro(sink.size)
        if sink.kind in ("sum", "rest"):
            return [self._array(real, name, []), *self._loop([f"{name}[lane] = 0;"]),
                    *self._loop([f"{name}[lane] += {text};"], size)]
        value = name if sink.kind == "max" else f"{name}_value"
        lines = [self._array(real, value, [])]
        start, steps = [f"{value}[lane] = -({real})INFINITY;"], [f"const {real} {name}_j = {text};"]
        if sink.kind == "argmax":
            lines.append(self._array(integer, name, []))
            start.append(f"{name}[lane] = 0;")
            steps.append(f"{name}[lane] = {name}_j > {value}[lane] ? j : {name}[lane];")
        steps.append(f"{value}[lane] = {name}_j > {value}[lane] ? {name}_j : {value}[lane];")
        return [*lines, *self._loop(start), *self._loop(steps, size)]

    def _filled(self, sink: Sink, target: str, size: str, env: dict[str, str]) -> list[str]:
        """The loop of an array, in which what is divided by numbers of ordinary size is multiplied by their inverses."""
        self.texts.inverses.clear()
        self.texts.divisors.clear()
        plain = self._loop([f"{target} = {self._entry(sink, env)};"], size)
        divisors = sorted(self.texts.divisors)
        if not divisors:
            return plain
        names = {text: f"{text.removesuffix('[lane]')}_inverse" for text in divisors}
        self.texts.inverses.update({text: f"{name}[lane]" for text, name in names.items()})
        fast = self._loop([f"{target} = {self._entry(sink, env)};"], size)
        self.texts.inverses.clear()
        lines = [*(self._array(self.real.name, name, []) for name in names.values()), "int ordinary = 1;"]
        steps = [f"{name}[lane] = 1 / {text};" for text, name in names.items()]
        steps += [f"ordinary &= {self.texts.call('plain', [text]).text};" for text in divisors]
        loop = self._loop(steps)
        loop[0] = "#pragma omp simd reduction(&: ordinary)"
        inside = [*lines, *loop, "if (ordinary)", *_indented(fast), "else", *_indented(plain)]
        return ["{", *_indented(inside), "}"]

    def _entry(self, sink: Sink, env: dict[str, str]) -> str:
        if sink.output is not None and sink.place not in self.plan.names:
            return self.texts.written(self.plan.program.nodes[sink.place], env).text
        return defined(self.plan, self.texts, sink, env)

    def _chosen(self, node: Gather, name: str) -> list[str]:
        """An entry at a place that differs from lane to lane, chosen from all of them."""
        if not isinstance(node.index, Ref):
            raise TypeError("a place that is computed was expected")
        operand = self.plan.program.nodes[node.operand.node]
        size = size_macro(own_axes(operand)[0].size)
        where = self.texts.index(self.texts.value(node.index, {}).text)
        text = self.texts.value(node.operand, {node.axis: INDEX}).within(1)
        return [*self._loop([f"{name}[lane] = 0;"]),
                *self._loop([f"{name}[lane] = j == {where} ? {text} : {name}[lane];"], size)]

    def _loop(self, body: Sequence[str], size: str = "") -> list[str]:
        inner = ["#pragma omp simd", f"for (int lane = 0; lane < {LANES[self.real.suffix]}; ++lane) {{",
                 *(TAB + line for line in body), "}"]
        if not size:
            return inner
        return [f"for ({self.real.integer} j = 0; j < {size}; ++j) {{",
                *_indented(inner), "}"]


def _indented(lines: Sequence[str]) -> list[str]:
    return [line if line.startswith("#") else TAB + line for line in lines]
