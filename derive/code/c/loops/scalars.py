"""Loops along the classes that compute numbers one by one, for a compiler to vectorise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from derive.code.arrays.program import Put
from derive.code.c.library.functions import Real
from derive.code.c.loops.along_classes import CHUNK, OPERATORS, start_of, up_to
from derive.code.c.loops.nests import INDEX, Sink, defined, without_one
from derive.code.c.loops.vectors import VectorExpressions
from derive.code.c.values.expressions import TAB, indented, size_macro
from derive.code.c.values.plan import Plan, own_axes


@dataclass
class ScalarLoops:
    """Writes the loops of one function; `target` says where an entry of a sink goes."""

    plan: Plan
    real: Real
    sizes: Mapping[str, int]
    texts: VectorExpressions
    target: Callable[[Sink, str], str]

    def loop(self, group: Sequence[Sink]) -> list[str]:
        """The loop of sinks along one axis: entries, and sums that are taken in pieces where the axis is long."""
        size, integer, real = size_macro(group[0].size), self.real.integer, self.real.name
        reductions = [sink for sink in group if sink.kind != "fill"]
        length = self.sizes.get(group[0].size, int(size) if size.isdigit() else 0)
        pieces = bool(reductions) and length > 2 * CHUNK
        lines = [] if pieces or not reductions else up_to(size)
        part = "_part" if pieces else ""
        self.texts.fresh = set()
        body = [line for sink in group for line in self._step(sink, part)]
        self.texts.fresh = set()
        for sink in reductions:
            lines += [f"{real} {self._sum_name(sink)} = {start_of(sink, real)};"]
            lines += [f"{real} {name} = 0;" for name in self._top(sink)]
        clauses = "".join(f" reduction({OPERATORS[s.kind]}: {self._sum_name(s)}{part})" for s in reductions)
        start, stop = ("first", "last") if pieces else ("0", size)
        pragma = [] if any(sink.kind == "others" for sink in group) else [f"#pragma omp simd{clauses}"]
        inner = [*pragma, f"for ({integer} j = {start}; j < {stop}; ++j) {{", *indented(body), "}"]
        if pieces:
            parts = [f"{real} {self._sum_name(s)}_part = {start_of(s, real)};" for s in reductions]
            joins = [line for sink in reductions for line in self._joined(sink)]
            lines += [
                f"for ({integer} first = 0; first < {size}; first += {CHUNK}) {{",
                *indented(
                    [f"const {integer} last = first + {CHUNK} < {size} ? first + {CHUNK} : {size};", *parts, *inner, *joins]
                ),
                "}",
            ]
        else:
            lines += inner
        for sink in reductions:
            lines += self._finish(sink)
        return lines

    def _sum_name(self, sink: Sink) -> str:
        name = self.plan.names[sink.place]
        return f"{name}_common" if sink.kind == "rest" else name

    def _step(self, sink: Sink, part: str) -> list[str]:
        node = self.plan.program.nodes[sink.place]
        name = self._sum_name(sink) + part if sink.kind != "fill" else ""
        if sink.kind == "rest":
            put = without_one(self.plan, sink.place)
            places = list(dict.fromkeys(self._place(member) for member in sink.members))
            array = self._array(put)
            if part:
                return [f"{name} += {array}[j];"]
            return [f"{name} += {' || '.join(f'j == {p}' for p in places)} ? 0 : {array}[j];"]
        env = {axis.name: INDEX for axis in own_axes(node)}
        text = defined(self.plan, self.texts, sink, env)
        if sink.kind == "fill" and sink.output is None and sink.place in self.texts.passing:
            self.texts.fresh.add(sink.place)
            return [f"const {self.real.name} {self.plan.names[sink.place]}_j = {text};"]
        if sink.kind == "fill":
            return [f"{self.target(sink, INDEX)} = {text};"]
        if sink.kind == "sum":
            return [f"{name} += {text};"]
        if sink.kind == "others":
            top = self._top(sink)[0]
            return [
                f"const {self.real.name} {name}_j = {text};",
                f"{name} += {top} < {name}_j ? {top} : {name}_j;",
                f"{top} = {name}_j > {top} ? {name}_j : {top};",
            ]
        return [f"const {self.real.name} {name}_j = {text};", f"{name} = {name}_j > {name} ? {name}_j : {name};"]

    def _top(self, sink: Sink) -> list[str]:
        """What the largest entry is called where the others are summed up."""
        if sink.kind != "others":
            return []
        return [self.plan.names[sink.members[1]] if sink.members else f"{self.plan.names[sink.place]}_top"]

    def _array(self, put: Put | None) -> str:
        if put is None:
            raise TypeError("a sum without one place was expected")
        return self.texts.moved.get(put.operand.node, self.plan.names[put.operand.node])

    def _place(self, member: int) -> str:
        put = without_one(self.plan, member)
        if put is None:
            raise TypeError("a sum without one place was expected")
        return self.texts.index(self.texts.value(put.index, {}).text)

    def _joined(self, sink: Sink) -> list[str]:
        name = self._sum_name(sink)
        if sink.kind == "rest":
            places = list(dict.fromkeys(self._place(member) for member in sink.members))
            test = " || ".join(f"({p} >= first && {p} < last)" for p in places)
            again = [
                f"{name}_part = 0;",
                f"#pragma omp simd reduction(+: {name}_part)",
                f"for ({self.real.integer} j = first; j < last; ++j)",
                *(TAB + line for line in self._step(sink, "")),
            ]
            again[-1] = again[-1].replace(f"{name} +=", f"{name}_part +=")
            return [f"if ({test}) {{", *indented(again), "}", f"{name} += {name}_part;"]
        if OPERATORS[sink.kind] == "+":
            return [f"{name} += {name}_part;"]
        return [f"{name} = {name}_part > {name} ? {name}_part : {name};"]

    def _finish(self, sink: Sink) -> list[str]:
        """What is left to do after the loop: what a sum leaves out and another does not."""
        if sink.kind != "rest":
            return []
        put = without_one(self.plan, sink.place)
        array = self._array(put)
        places = {member: self._place(member) for member in sink.members}
        lines = []
        for member, own in places.items():
            text, seen = self._sum_name(sink), [own]
            for other in dict.fromkeys(places.values()):
                if other not in seen:
                    test = " && ".join(f"{other} != {known}" for known in seen)
                    text += f" + ({test} ? {array}[{other}] : 0)"
                    seen.append(other)
            lines.append(f"const {self.real.name} {self.plan.names[member]} = {text};")
        return lines
