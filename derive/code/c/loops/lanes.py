"""The statements of a C function for few classes: `lanes` examples side by side, one in each lane of a vector.

The arguments of a block are turned round first, so that every loop over the classes holds one over the lanes, which a
compiler turns into single instructions. The last block takes some examples again that the one before it had.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from derive.code.arrays.program import BATCH, Axis, Contract, Gather, Input, Reduce, Ref
from derive.code.c.library.functions import Real
from derive.code.c.library.transpose import LANES
from derive.code.c.loops.nests import INDEX, Sink, defined, groups, sinks, without_one
from derive.code.c.values.expressions import EXPONENTIALS, TAB, Expressions, Text, indented, inverse_name, phase_of, size_macro
from derive.code.c.values.plan import Phase, Plan, own_axes, summed_axes

LONGEST = 24


def fits(plan: Plan, sizes: Mapping[str, int]) -> bool:
    """Whether a program can be computed in lanes: nothing but numbers and short arrays of each example."""
    if plan.over_batch or any(own_axes(plan.program.nodes[p]) for p in plan.names if phase_of(plan, p) is not Phase.ROW):
        return False
    for node in plan.program.nodes:
        axes = [*own_axes(node), *(summed_axes(plan.program, node) if isinstance(node, Reduce | Contract) else ())]
        lengths = [int(a.size) if a.size.isdigit() else sizes.get(a.size, LONGEST + 1) for a in axes if a.size != BATCH]
        if len(lengths) > 1 or any(length > LONGEST for length in lengths):
            return False
    return all(any(axis.size == BATCH for axis in output.axes) for output in plan.program.outputs)


class LaneExpressions(Expressions):
    """Expressions in which what differs from example to example is read in one lane."""

    @property
    def row(self) -> str:
        return "(row + lane)"

    def kept(self, place: int, index: str, array: bool) -> Text:
        if phase_of(self.plan, place) is Phase.BEFORE:
            return super().kept(place, index, array)
        return Text(f"{self.plan.names[place]}{f'[{index}]' if array else ''}[lane]")

    def called(self, name: str, parts: Sequence[Text]) -> Text:
        if name not in EXPONENTIALS:
            return super().called(name, parts)
        self.helpers |= {"exp", "limits"}
        return Text(f"{EXPONENTIALS[name][0]}_{self.real.suffix}({parts[0].text}, {EXPONENTIALS[name][1]})")

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
        body = [f"if (row > batch - {lanes}) row = batch - {lanes};", *self._read()]
        shared = frozenset(place for place in self.plan.names if phase_of(self.plan, place) is Phase.BEFORE)
        for group in groups(sinks(self.plan, self.texts, Phase.ROW), shared):
            for sink in group:
                for member in (sink.members if sink.kind == "rest" else ()) or (sink.place,):
                    body += self._sink(sink, member)
        body += self._written()
        before, after = self._few()
        before = [*self._shared(), *before]
        sizes = dict.fromkeys(size_macro(axis.size) for node in self.plan.program.nodes for axis in own_axes(node))
        for size in sizes:
            if not size.isdigit():
                before += [
                    f"#if {size} > {LONGEST}",
                    f'#error "laid out for {size} up to {LONGEST}: write it for this length"',
                    "#endif",
                ]
        return [*before, f"for (int64_t row = 0; row < batch; row += {lanes}) {{", *indented(body), "}", *after]

    # -- arguments and results ----------------------------------------------------------------------------------------

    def _shared(self) -> list[str]:
        """The numbers that all examples have in common."""
        found = [sink for group in groups(sinks(self.plan, self.texts, Phase.BEFORE), frozenset()) for sink in group]
        names, kind = self.plan.names, self.real.name
        return [f"const {kind} {names[sink.place]} = {defined(self.plan, self.texts, sink, {})};" for sink in found]

    def _few(self) -> tuple[list[str], list[str]]:
        """Fewer examples than lanes: copies of the arrays with as many, and the results copied back."""
        lanes, real = LANES[self.real.suffix], self.real.name
        before, copied, after = ["const int64_t given = batch;"], [], []
        for node in self.plan.program.inputs:
            if any(axis.size == BATCH for axis in node.axes):
                name, count = self.plan.arguments[node.name], self._count(own_axes(node))
                kind = "int64_t" if node.kind == "index" else real
                before.append(f"{kind} {name}_all[{lanes}{count}];")
                copied += [
                    f"for (int i = 0; i < {lanes}{count}; ++i) {name}_all[i] = i < given{count} ? {name}[i] : 0;",
                    f"{name} = {name}_all;",
                ]
        for output, name in zip(self.plan.program.outputs, self.plan.outputs, strict=True):
            count = self._count(own_axes(self.plan.program.nodes[output.ref.node]))
            before += [f"{real} {name}_all[{lanes}{count}];", f"{real} *const {name}_given = {name};"]
            copied.append(f"{name} = {name}_all;")
            after.append(f"{TAB}for (int i = 0; i < given{count}; ++i) {name}_given[i] = {name}_all[i];")
        few = [f"if (batch < {lanes}) {{", *indented([*copied, f"batch = {lanes};"]), "}"]
        return [*before, *few], [f"if (given < {lanes}) {{", *after, "}"]

    def _count(self, axes: Sequence[Axis]) -> str:
        return "".join(f" * {size_macro(axis.size)}" for axis in axes)

    def _turned(self, into: str, name: str, size: str) -> str:
        """The block of an array turned into columns or rows, with whether too few rows follow it."""
        self.texts.vectors |= {"", "turn"}
        suffix = self.real.suffix
        end = f"batch - row - {LANES[suffix]} < beyond_{suffix}({size})"
        return f"{into}_{suffix}({name} + row * {size}, {size}, {end}, {name}_row);"

    def _read(self) -> list[str]:
        lines: list[str] = []
        each = f"for (int lane = 0; lane < {LANES[self.real.suffix]}; ++lane)"
        for node in self.plan.program.inputs:
            if all(axis.size != BATCH for axis in node.axes):
                continue
            name = self.plan.arguments[node.name]
            sizes = [size_macro(axis.size) for axis in own_axes(node)]
            kind = self.real.integer if node.kind == "index" else self.real.name
            lines.append(self._array(kind, f"{name}_row", sizes))
            if sizes and node.kind == "real":
                lines.append(self._turned("columns", name, sizes[0]))
            elif sizes:
                entry = f"({kind}){name}[(row + lane) * {sizes[0]} + j]"
                lines += [each, f"{TAB}for (int j = 0; j < {sizes[0]}; ++j) {name}_row[j][lane] = {entry};"]
            else:
                lines += [each, f"{TAB}{name}_row[lane] = ({kind}){name}[row + lane];"]
        return lines

    def _written(self) -> list[str]:
        lines = []
        for output, name in zip(self.plan.program.outputs, self.plan.outputs, strict=True):
            axes = own_axes(self.plan.program.nodes[output.ref.node])
            size = size_macro(axes[0].size) if axes else ""
            if size:
                lines.append(self._turned("rows", name, size))
            else:
                lanes = LANES[self.real.suffix]
                lines.append(f"for (int lane = 0; lane < {lanes}; ++lane) {name}[row + lane] = {name}_row[lane];")
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
                return [*lines, *self._divided(f"{name}[j][lane] =", lambda: self._entry(sink, env), sizes[0])]
            return [*lines, *self._loop([f"{name}[lane] = {defined(self.plan, self.texts, sink, env)};"])]
        put = without_one(self.plan, place)
        if sink.kind == "rest" and put is not None:
            where = self.texts.index(self.texts.value(put.index, {}).text)
            text = f"j == {where} ? 0 : {self.plan.names[put.operand.node]}[j][lane]"
        else:
            text = defined(self.plan, self.texts, sink, env)
        over = summed_axes(self.plan.program, node) if isinstance(node, Reduce | Contract) else own_axes(node)
        size = size_macro(over[0].size)
        if sink.kind == "rest":
            return [*self._zero(name), *self._loop([f"{name}[lane] += {text};"], size)]
        if sink.kind == "sum":
            return [
                *self._zero(name),
                *self._divided(f"{name}[lane] +=", lambda: defined(self.plan, self.texts, sink, env), size),
            ]
        if sink.kind == "others":
            return self._others(sink, name, text, size)
        if sink.kind == "place":
            test = f"{text} == {self.plan.names[sink.peak]}[lane] && j < {name}[lane]"
            return [
                self._array(integer, name, []),
                *self._loop([f"{name}[lane] = {size} - 1;"]),
                *self._loop([f"{name}[lane] = {test} ? j : {name}[lane];"], size),
            ]
        steps = [f"const {real} {name}_j = {text};", f"{name}[lane] = {name}_j > {name}[lane] ? {name}_j : {name}[lane];"]
        return [
            self._array(real, name, []),
            *self._loop([f"{name}[lane] = -({real})INFINITY;"]),
            *self._loop(steps, size),
        ]

    def _others(self, sink: Sink, name: str, text: str, size: str) -> list[str]:
        """The sum of all entries but the largest, and the largest: of each entry and those before it, the smaller is added."""
        real, top = self.real.name, self.plan.names[sink.members[1]] if sink.members else f"{name}_top"
        steps = [
            f"const {real} {name}_x = {text};",
            f"{name}[lane] += {top}[lane] < {name}_x ? {top}[lane] : {name}_x;",
            f"{top}[lane] = {name}_x > {top}[lane] ? {name}_x : {top}[lane];",
        ]
        return [
            self._array(real, name, []),
            self._array(real, top, []),
            *self._loop([f"{name}[lane] = {top}[lane] = 0;"]),
            *self._loop(steps, size),
        ]

    def _zero(self, name: str) -> list[str]:
        return [self._array(self.real.name, name, []), *self._loop([f"{name}[lane] = 0;"])]

    def _divided(self, start: str, text: Callable[[], str], size: str) -> list[str]:
        """The loop of `start` and the text, in which what numbers of ordinary size divide is multiplied by their inverses."""
        self.texts.inverses.clear()
        self.texts.divisors.clear()
        plain = self._loop([f"{start} {text()};"], size)
        divisors = sorted(self.texts.divisors)
        if not divisors:
            return plain
        names = {text: inverse_name(text) for text in divisors}
        varying = {text for text in divisors if text.endswith("[lane]")}
        self.texts.inverses.update({text: f"{name}[lane]" if text in varying else name for text, name in names.items()})
        fast = self._loop([f"{start} {text()};"], size)
        self.texts.inverses.clear()
        tests = {text: self.texts.call("plain", [text]).text for text in divisors}
        shared = [text for text in divisors if text not in varying]
        lines = [f"const {self.real.name} {names[text]} = 1 / {text};" for text in shared]
        lines += [self._array(self.real.name, names[text], []) for text in divisors if text in varying]
        lines.append(f"int ordinary = {' && '.join(tests[text] for text in shared) or '1'};")
        if varying:
            steps = [f"{names[text]}[lane] = 1 / {text};" for text in divisors if text in varying]
            steps += [f"ordinary &= {tests[text]};" for text in divisors if text in varying]
            lines += ["#pragma omp simd reduction(&: ordinary)", *self._loop(steps)[1:]]
        return ["{", *indented([*lines, "if (ordinary)", *indented(fast), "else", *indented(plain)]), "}"]

    def _entry(self, sink: Sink, env: dict[str, str]) -> str:
        if sink.output is not None and sink.place not in self.plan.names:
            return self.texts.at(sink.place, env).text
        return defined(self.plan, self.texts, sink, env)

    def _chosen(self, node: Gather, name: str) -> list[str]:
        """An entry at a place that differs from lane to lane, chosen from all of them."""
        if not isinstance(node.index, Ref):
            raise TypeError("a place that is computed was expected")
        operand = self.plan.program.nodes[node.operand.node]
        size = size_macro(own_axes(operand)[0].size)
        where = self.texts.index(self.texts.value(node.index, {}).text)
        text = self.texts.value(node.operand, {node.axis: INDEX}).within(1)
        return [
            *self._loop([f"{name}[lane] = 0;"]),
            *self._loop([f"{name}[lane] = j == {where} ? {text} : {name}[lane];"], size),
        ]

    def _loop(self, body: Sequence[str], size: str = "") -> list[str]:
        inner = [
            "#pragma omp simd",
            f"for (int lane = 0; lane < {LANES[self.real.suffix]}; ++lane) {{",
            *(TAB + line for line in body),
            "}",
        ]
        if not size:
            return inner
        return [f"#pragma GCC unroll {LONGEST}", f"for ({self.real.integer} j = 0; j < {size}; ++j) {{", *indented(inner), "}"]
