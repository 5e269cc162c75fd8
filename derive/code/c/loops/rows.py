"""The statements of a C function that takes the examples one by one and vectorises along the classes.

Where nothing but numbers and results is kept of an example, the examples go in blocks: the loops along the classes are run
for each example of a block, and the numbers between them are computed for all of its examples at once. Reductions are taken
in pieces of `CHUNK` entries with sums of their own, so that the rounding error of a long sum does not grow with its length,
and the place of a maximum is looked for in one piece only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from derive.code.arrays.program import BATCH, Axis, Contract, Input, Put, Reduce
from derive.code.c.library.functions import Real
from derive.code.c.loops.along_classes import VectorLoops
from derive.code.c.loops.nested import nested, place_of_largest
from derive.code.c.loops.nests import Sink, defined, groups, passing, put_afterwards, sinks
from derive.code.c.loops.scalars import ScalarLoops
from derive.code.c.loops.vectors import NotVector, VectorExpressions
from derive.code.c.values.expressions import TAB, flat, indented, inverse_name, phase_of, size_macro
from derive.code.c.values.plan import Phase, Plan, own_axes, summed_axes
from derive.code.stable.stabiliser import CannotLower

LOOKED_AT = 64
OF_EXAMPLE = re.compile(r"\[(?!lane\])|\brow\b")


@dataclass
class Rows:
    """Writes the body of one function; `sizes` are the lengths for which the loops are laid out."""

    plan: Plan
    real: Real
    sizes: Mapping[str, int]
    texts: VectorExpressions = field(init=False)
    buffers: list[tuple[str, str]] = field(default_factory=list)
    declared: list[str] | None = None

    def __post_init__(self) -> None:
        self.texts = VectorExpressions(self.plan, self.real)

    def statements(self) -> list[str]:
        """The lines of the body, without those that check the arguments."""
        plan, known = self.plan, frozenset[int]()
        before = self._phase(Phase.BEFORE, known)
        known |= {place for place in plan.names if phase_of(plan, place) is Phase.BEFORE}
        inside = self._blocks(known) or self._examples(known)
        known |= {place for place in plan.names if phase_of(plan, place) is Phase.ROW}
        after = self._phase(Phase.AFTER, known)
        lines = [line for place in sorted(plan.over_batch) for line in self._zeroed(place)]
        return [*lines, *before, *inside, *after]

    def _examples(self, known: frozenset[int]) -> list[str]:
        """The loop over the examples."""
        inside = self._phase(Phase.ROW, known)
        if not inside:
            return []
        return ["for (int64_t row = 0; row < batch; ++row) {", *indented([*self._pointers(), *inside]), "}"]

    # -- blocks of examples -------------------------------------------------------------------------------------------

    def _blocks(self, known: frozenset[int]) -> list[str]:
        """The loop over blocks of as many examples as a vector has lanes; none if they cannot be taken so."""
        plan, width = self.plan, f"WIDTH_{self.real.suffix}"
        order = self._order(Phase.ROW, known)
        inside = self._in_results(order)
        every = [sink for group in order for sink in group]
        kept = [sink.place for sink in every if sink.output is None and own_axes(plan.program.nodes[sink.place])]
        beside = set(inside) | self.texts.passing
        loops = [group for group in order if group[0].size]
        if len(loops) < 2 or plan.over_batch or set(kept) - beside or any(s.kind == "nest" for s in every):
            self.texts.moved.clear()
            return []
        numbers = [place for place in plan.names if phase_of(plan, place) is Phase.ROW and place not in kept]
        self.texts.blocked, self.texts.row_numbers = True, frozenset(numbers)
        try:
            stages = self._stages(order)
        except NotVector:
            self.texts.blocked = False
            self.texts.moved.clear()
            self.texts.helpers.clear()
            self.texts.vectors.clear()
            return []
        self.texts.blocked = False
        self.texts.vectors.add("")
        lines = [f"{self._kind(place)} {plan.names[place]}[{width}] __attribute__((aligned(64))) = {{0}};" for place in numbers]
        lines += [
            f"for (int64_t start = 0; start < batch; start += {width}) {{",
            f"{TAB}const int left = batch - start < {width} ? (int)(batch - start) : {width};",
        ]
        for by_example, stage in stages:
            if by_example:
                body = ["const int64_t row = start + lane;", *self._pointers(stage), *stage]
                stage = ["for (int lane = 0; lane < left; ++lane) {", *indented(body), "}"]
            else:
                stage = ["#pragma omp simd", f"for (int lane = 0; lane < {width}; ++lane) {{", *indented(stage), "}"]
            lines += indented(stage)
        return [*lines, "}"]

    def _stages(self, order: Sequence[Sequence[Sink]]) -> list[tuple[bool, list[str]]]:
        """Statements for one example after the other, and such for all of a block at once, as they follow each other."""
        stages: list[tuple[bool, list[str]]] = []
        for group in order:
            first = group[0]
            if first.size:
                by_example, lines = True, self._loop(group)
            else:
                text = defined(self.plan, self.texts, first, {})
                by_example = first.kind == "place" or first.output is not None or bool(OF_EXAMPLE.search(text))
                lines = self._place(first) if first.kind == "place" else self._number(first)
            if not stages or stages[-1][0] is not by_example:
                stages.append((by_example, []))
            stages[-1][1].extend(lines)
        return stages

    # -- where things are ---------------------------------------------------------------------------------------------

    def _pointers(self, used: Sequence[str] | None = None) -> list[str]:
        """The pointers to the rows of an example, or those of them that are used."""
        text = None if used is None else "\n".join(used)
        return [line for line in self._every_pointer() if text is None or re.search(rf"\b{_pointer_of(line)}\b", text)]

    def _every_pointer(self) -> list[str]:
        lines = []
        for node in self.plan.program.inputs:
            axes = own_axes(node)
            if isinstance(node, Input) and axes and len(axes) < len(node.axes):
                kind = "int64_t" if node.kind == "index" else self.real.name
                name = self.plan.arguments[node.name]
                lines.append(f"const {kind} *const {name}_row = {name} + row * {self._count(axes_sizes(axes))};")
        for output, name in zip(self.plan.program.outputs, self.plan.outputs, strict=True):
            axes = own_axes(self.plan.program.nodes[output.ref.node])
            if axes and any(a.size == BATCH for a in output.axes):
                lines.append(f"{self.real.name} *const {name}_row = {name} + row * {self._count(axes_sizes(axes))};")
        return lines

    def _count(self, sizes: Sequence[str]) -> str:
        return f"({' * '.join(['(int64_t)' + sizes[0], *sizes[1:]])})" if len(sizes) > 1 else sizes[0]

    def _zeroed(self, place: int) -> list[str]:
        node, name = self.plan.program.nodes[place], self.plan.names[place]
        axes = own_axes(node)
        if not axes:
            return [f"{self.real.name} {name} = 0;"]
        self._buffer(place)
        count = self._count(axes_sizes(axes))
        return [f"for (int64_t i = 0; i < {count}; ++i)", f"{TAB}{name}[i] = 0;"]

    def _buffer(self, place: int) -> None:
        axes = own_axes(self.plan.program.nodes[place])
        self.buffers.append((f"{self._kind(place)} {self.plan.names[place]}", " * ".join(axes_sizes(axes))))

    def _kind(self, place: int) -> str:
        node = self.plan.program.nodes[place]
        return self.real.integer if isinstance(node, Reduce) and node.op == "argmax" else self.real.name

    def _target(self, sink: Sink, index: str) -> str:
        if sink.output is None:
            return f"{self.texts.moved.get(sink.place, self.plan.names[sink.place])}[{index}]"
        name = self.plan.outputs[sink.output]
        batched = any(axis.size == BATCH for axis in self.plan.program.outputs[sink.output].axes)
        return f"{name}_row[{index}]" if batched else f"{name}[{index}]"

    # -- one phase ----------------------------------------------------------------------------------------------------

    def _phase(self, phase: Phase, known: frozenset[int]) -> list[str]:
        lines: list[str] = []
        order = self._order(phase, known)
        inside = set(self._in_results(order) if phase is Phase.ROW else {}) | self.texts.passing
        for group in order:
            for sink in group:
                array = bool(own_axes(self.plan.program.nodes[sink.place]))
                if sink.output is None and array and sink.kind != "total" and sink.place not in inside:
                    self._buffer(sink.place)
            if group[0].size:
                lines += self._loop(group)
            elif group[0].kind == "number":
                lines += self._number(group[0])
            elif group[0].kind == "place":
                lines += self._place(group[0])
            else:
                lines += self._nest(group[0])
        return lines

    def _order(self, phase: Phase, known: frozenset[int]) -> list[tuple[Sink, ...]]:
        """The loops and numbers of a phase, in their order; results are written beside what vectors compute, too."""
        loops = VectorLoops(self.plan, self.real, self.sizes, self.texts, self._target, self._assigned)
        order = list(groups(sinks(self.plan, self.texts, phase), known, loops.has_vectors))
        later = (sink for other in Phase if other > phase for sink in sinks(self.plan, self.texts, other))
        self.texts.passing = passing(order) - {place for sink in later for place in sink.needs}
        return order

    def _in_results(self, order: Sequence[Sequence[Sink]]) -> dict[int, str]:
        """The arrays that can be kept where a result will be: its loop is the last to read them, entry by entry."""
        found: dict[int, str] = {}
        results = [(place, sink) for place, group in enumerate(order) for sink in group if sink.output is not None]
        for place, result in results:
            if result.kind != "fill" or result.output is None:
                continue
            later = [sink for one in order[place + 1 :] for sink in one]
            later += [sink for sink in order[place] if sink.output is not None and sink is not result]
            for earlier in (sink for one in order[:place] for sink in one):
                if (
                    earlier.kind == "fill"
                    and earlier.output is None
                    and earlier.place not in found
                    and earlier.place in result.beside
                    and (earlier.size == result.size)
                    and not any(earlier.place in sink.needs for sink in later)
                ):
                    found[earlier.place] = f"{self.plan.outputs[result.output]}_row"
                    break
        self.texts.moved.update(found)
        return found

    def _number(self, sink: Sink) -> list[str]:
        text = defined(self.plan, self.texts, sink, {})
        if sink.output is not None:
            batched = any(axis.size == BATCH for axis in self.plan.program.outputs[sink.output].axes)
            return [f"{self.plan.outputs[sink.output]}[{'row' if batched else '0'}] = {text};"]
        return [self._assigned(sink.place, text)]

    def _assigned(self, place: int, text: str) -> str:
        """The statement that gives a number its value."""
        name = self.plan.names[place]
        if self.declared is not None:
            self.declared.append(f"{self._kind(place)} {name};")
            return f"{name} = {text};"
        return f"{name}[lane] = {text};" if self.texts.blocked else f"const {self._kind(place)} {name} = {text};"

    def _place(self, sink: Sink) -> list[str]:
        """The first place where an array is as large as its maximum, looked for piece by piece."""
        name, integer = self.plan.names[sink.place], self.real.integer
        node = self.plan.program.nodes[sink.place]
        size = size_macro(summed_axes(self.plan.program, node)[0].size) if isinstance(node, Reduce) else ""
        here, most = defined(self.plan, self.texts, sink, {}), self.texts.at(sink.peak, {}).text
        body = [
            f"{integer} {name}_part = 0;",
            f"#pragma omp simd reduction(|: {name}_part)",
            f"for ({integer} j = {name}_at; j < {name}_at + {LOOKED_AT}; ++j) {name}_part |= {here} == {most};",
            f"if ({name}_part) break;",
        ]
        return [
            f"{integer} {name}_at = 0;",
            f"for (; {name}_at <= {size} - {LOOKED_AT}; {name}_at += {LOOKED_AT}) {{",
            *indented(body),
            "}",
            f"const {integer} {name}_end = {name}_at + {LOOKED_AT} < {size} ? {name}_at + {LOOKED_AT} : {size};",
            f"{integer} {name}_value = {size} - 1;",
            f"#pragma omp simd reduction(min: {name}_value)",
            f"for ({integer} j = {name}_at; j < {name}_end; ++j) {{",
            f"{TAB}const {integer} {name}_j = {here} == {most} ? j : {size} - 1;",
            f"{TAB}{name}_value = {name}_j < {name}_value ? {name}_j : {name}_value;",
            "}",
            self._assigned(sink.place, f"{name}_value"),
        ]

    # -- loops along one axis -----------------------------------------------------------------------------------------

    def _loop(self, group: Sequence[Sink]) -> list[str]:
        """One loop, in which what is divided by a number of ordinary size is multiplied by its inverse."""
        self.texts.inverses.clear()
        self.texts.divisors.clear()
        plain, is_vector = self._pieces(group)
        names = {text: inverse_name(text) for text in sorted(self.texts.divisors)}
        if not names or not is_vector and any(sink.kind != "fill" for sink in group):
            return [*plain, *self._puts(group)]
        declared: list[str] = []
        if not self.texts.blocked:
            self.declared = declared
            plain, _ = self._pieces(group)
        self.texts.inverses.update(names)
        fast, _ = self._pieces(group)
        self.texts.inverses.clear()
        self.declared = None
        test = " && ".join(self.texts.call("plain", [text]).text for text in names)
        inverses = [f"const {self.real.name} {name} = 1 / {text};" for text, name in names.items()]
        both = [f"if ({test}) {{", *indented([*inverses, *fast]), "} else {", *indented(plain), "}"]
        return [*dict.fromkeys(declared), *both, *self._puts(group)]

    def _pieces(self, group: Sequence[Sink]) -> tuple[list[str], bool]:
        """The loop, with vectors where its expressions allow it, and whether it has them."""
        known = set(self.texts.helpers), set(self.texts.divisors), set(self.texts.vectors)
        try:
            lines = VectorLoops(self.plan, self.real, self.sizes, self.texts, self._target, self._assigned).loop(group)
        except NotVector:
            if self.texts.blocked:
                raise
            self.texts.helpers, self.texts.divisors, self.texts.vectors = known
            return ScalarLoops(self.plan, self.real, self.sizes, self.texts, self._target).loop(group), False
        return lines, True

    def _puts(self, group: Sequence[Sink]) -> list[str]:
        lines = []
        for sink in group:
            node = self.plan.program.nodes[sink.place]
            if sink.output is not None and isinstance(node, Put) and put_afterwards(self.plan, node):
                index, value = (self.texts.value(ref, {}).text for ref in (node.index, node.value))
                lines.append(f"{self._target(sink, index)} = {value};")
        return lines

    # -- loops along several axes -------------------------------------------------------------------------------------

    def _nest(self, sink: Sink) -> list[str]:
        node, integer, real = self.plan.program.nodes[sink.place], self.real.integer, self.real.name
        axes = own_axes(node)
        env = {axis.name: f"i{p}" for p, axis in enumerate(axes)}
        outer = [f"for ({integer} i{p} = 0; i{p} < {size_macro(a.size)}; ++i{p})" for p, a in enumerate(axes)]
        index = flat(axes_sizes(axes), list(env.values()))
        text = defined(self.plan, self.texts, sink, env)
        summing = isinstance(node, Reduce | Contract) and sink.output is None
        over = (
            [a for a in summed_axes(self.plan.program, node) if a.size != BATCH]
            if isinstance(node, Reduce | Contract) and summing
            else []
        )
        if not summing:
            inner = nested(outer[-1:], [f"{self._target(sink, index)} = {text};"])
            return nested(outer[:-1], ["#pragma omp simd", *inner]) if len(outer) > 1 else inner
        op = node.op if isinstance(node, Reduce) else "sum"
        if op == "others":
            raise CannotLower("there is no C code for the sum of all but the largest entry along one of several axes")
        every = summed_axes(self.plan.program, node) if isinstance(node, Reduce | Contract) else ()
        counted = [(f"k{p}", size_macro(axis.size)) for p, axis in enumerate(every) if axis.size != BATCH]
        loops = [f"for ({integer} {k} = 0; {k} < {size}; ++{k})" for k, size in counted]
        target = f"{self.plan.names[sink.place]}[{index}]" if axes else self.plan.names[sink.place]
        if not over:
            return nested(outer, [f"{target} += {text};"])
        if op == "argmax":
            return nested(outer, [*place_of_largest(text, counted, loops, self.real), f"{target} = place;"], braces=True)
        sign = "+" if op == "sum" else "max"
        start = "0" if op == "sum" else f"-({real})INFINITY"
        step = f"total += {text};" if op == "sum" else f"total = {text} > total ? {text} : total;"
        inner = nested(loops[:-1], [f"#pragma omp simd reduction({sign}: total)", loops[-1], f"{TAB}{step}"])
        if sink.kind == "total":
            return nested(outer, [f"{real} total = {start};", *inner, f"{target} += total;"], braces=True)
        if not axes:
            return [f"{real} {target} = {start};", *[line.replace("total", target) for line in inner]]
        return nested(outer, [f"{real} total = {start};", *inner, f"{target} = total;"])


def _pointer_of(line: str) -> str:
    """The name that the line declares."""
    return line.split(" = ")[0].split()[-1].lstrip("*")


def axes_sizes(axes: Sequence[Axis]) -> list[str]:
    """The lengths of axes as they are written in C."""
    return [size_macro(axis.size) for axis in axes]
