"""One loop along the classes, in vectors: what is filled entry by entry, and sums, maxima and the like on the way.

Long sums are taken in pieces of `CHUNK` entries. The entries that do not fill a vector come last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from derive.code.c.library.functions import Real
from derive.code.c.loops.nests import INDEX, Sink, expression
from derive.code.c.loops.vectors import NotVector, VectorExpressions
from derive.code.c.values.expressions import EXPONENTIALS, TAB, indented, size_macro
from derive.code.c.values.plan import COSTLY, Plan, own_axes

CHUNK = 1024
NEAR = 1024
LOADED, STORED = re.compile(r"\bload_f\d\d\((\w+_row) \+ j\)"), re.compile(r"\bstore_f\d\d\((\w+_row) \+ j,")
SIDE = 4
SLOW = re.compile(rf"\b({'|'.join(COSTLY)}|{'|'.join(name for name, _ in EXPONENTIALS.values())}|log1p_share)_all_")
UNROLLED = "#pragma GCC unroll 4"
OPERATORS = {"sum": "+", "rest": "+", "others": "+", "max": "max"}


def start_of(sink: Sink, real: str) -> str:
    """What a reduction begins with."""
    return "0" if OPERATORS[sink.kind] == "+" else f"-({real})INFINITY"


def up_to(size: str) -> list[str]:
    """What ends the compilation where a sum that is not taken in pieces would be so long that it loses digits."""
    if size.isdigit():
        return []
    return [f"#if {size} > {2 * CHUNK}", f'#error "laid out for {size} up to {2 * CHUNK}: write it for this length"', "#endif"]


@dataclass
class VectorLoops:
    """Writes loops of one function; `target` says where an entry goes, `assigned` gives a number its value."""

    plan: Plan
    real: Real
    sizes: Mapping[str, int]
    texts: VectorExpressions
    target: Callable[[Sink, str], str]
    assigned: Callable[[int, str], str]

    def loop(self, group: Sequence[Sink]) -> list[str]:
        """The loop of a group.

        Raises:
            NotVector: if it cannot be written with vectors.
        """
        size, integer = size_macro(group[0].size), self.real.integer
        suffix, width = self.real.suffix, f"WIDTH_{self.real.suffix}"
        sums = [sink for sink in group if sink.kind in ("sum", "max", "others")]
        if any(sink.kind not in ("fill", "sum", "max", "others") for sink in group):
            raise NotVector(group[0].kind)
        self.texts.vectors.add("")
        length = self.sizes.get(group[0].size, int(size) if size.isdigit() else 0)
        pieces = bool(sums) and length > 2 * CHUNK
        lines = [] if pieces or not sums else up_to(size)
        left, whole = f"{size} % {width}", f"{size} / {width} * {width}"
        body, end = self._entries(group, "", ""), self._entries(group, "", left)
        lines += self._accumulators(sums, "")
        many = bool(sums) and not any(SLOW.search(line) for line in body)
        if pieces:
            inner = [
                f"const {integer} last = first + {CHUNK} < {whole} ? first + {CHUNK} : {whole};",
                *(self._side_by_side(group, sums) if many else self._piece(group, sums)),
            ]
            lines += [f"for ({integer} first = 0; first < {whole}; first += {CHUNK}) {{", *indented(inner), "}"]
        elif many:
            lines += ["{", *indented([f"const {integer} first = 0, last = {whole};", *self._side_by_side(group, sums)]), "}"]
        else:
            lines += [UNROLLED, f"for ({integer} j = 0; j < {whole}; j += {width}) {{", *indented(body), "}"]
        lines += [f"if ({left}) {{", f"{TAB}const {integer} j = {whole};", *indented(end), "}"]
        for sink in sums:
            name = self.plan.names[sink.place]
            self.texts.vectors.add(f"{sink.kind} of")
            top = f", {name}_top" if sink.kind == "others" else ""
            lines.append(self.assigned(sink.place, f"{sink.kind}_of_{suffix}({name}_lanes{top})"))
            for member in sink.members[1:]:
                self.texts.vectors.add("max of")
                lines.append(self.assigned(member, f"max_of_{suffix}({name}_top)"))
        return lines

    def _piece(self, group: Sequence[Sink], sums: Sequence[Sink]) -> list[str]:
        """The entries from ``first`` to ``last``, with sums of their own."""
        return [
            *self._accumulators(sums, "_part"),
            UNROLLED,
            f"for ({self.real.integer} j = first; j < last; j += WIDTH_{self.real.suffix}) {{",
            *indented(self._entries(group, "_part", "")),
            "}",
            *(line for sink in sums for line in self._together(sink, "_part")),
        ]

    def _side_by_side(self, group: Sequence[Sink], sums: Sequence[Sink]) -> list[str]:
        """The entries from ``first`` to ``last`` in `SIDE` sums side by side, so that none waits for the one before it."""
        integer, width = self.real.integer, f"WIDTH_{self.real.suffix}"
        inner = [f"const {integer} j = at + u * {width};", *self._entries(group, "_part[u]", "")]
        return [
            *self._accumulators(sums, "_part", SIDE),
            f"const {integer} wide = first + (last - first) / ({SIDE} * {width}) * ({SIDE} * {width});",
            f"for ({integer} at = first; at < wide; at += {SIDE} * {width}) {{",
            f"#pragma GCC unroll {SIDE}",
            f"{TAB}for (int u = 0; u < {SIDE}; ++u) {{",
            *indented(indented(inner)),
            f"{TAB}}}",
            "}",
            f"for ({integer} j = wide; j < last; j += {width}) {{",
            *indented(self._entries(group, "_part[0]", "")),
            "}",
            *(line for u in range(SIDE) for sink in sums for line in self._together(sink, f"_part[{u}]")),
        ]

    def has_vectors(self, sink: Sink) -> bool:
        """Whether the loop of a sink can be written with vectors."""
        if sink.kind not in ("fill", "sum", "max", "others"):
            return False
        known = set(self.texts.helpers), set(self.texts.divisors), set(self.texts.vectors), list(self.texts.read)
        try:
            self._entries([sink], "", "")
        except NotVector:
            return False
        finally:
            self.texts.helpers, self.texts.divisors, self.texts.vectors, self.texts.read = known
        return True

    def _accumulators(self, sums: Sequence[Sink], part: str, count: int = 0) -> list[str]:
        suffix, lines = self.real.suffix, []
        for sink in sums:
            name = self.plan.names[sink.place]
            start = f"all_{suffix}({start_of(sink, self.real.name)})"
            many, value = (f"[{count}]", f"{{{', '.join([start] * count)}}}") if count else ("", start)
            lines.append(f"vector_{suffix} {name}_lanes{part}{many} = {value};")
            if sink.kind == "others":
                lines.append(f"vector_{suffix} {name}_top{part}{many} = {value};")
        return lines

    def _entries(self, group: Sequence[Sink], part: str, tail: str) -> list[str]:
        """What is done for the entries from ``j`` on: as many as a vector has lanes, or the last `tail`."""
        suffix, texts, lines = self.real.suffix, self.texts, []
        texts.vector, texts.tail, texts.fresh = True, tail, set()
        try:
            for sink in group:
                node = self.plan.program.nodes[sink.place]
                name = self.plan.names.get(sink.place, "") if sink.output is None else self.plan.outputs[sink.output]
                text = texts.spread(expression(self.plan, texts, sink, {axis.name: INDEX for axis in own_axes(node)}))
                if sink.kind == "fill":
                    lines.append(f"const vector_{suffix} {name}_j = {text};")
                    texts.fresh |= {sink.place} if sink.output is None else set()
                    if sink.output is None and sink.place in texts.passing:
                        continue
                    pointer = self.target(sink, INDEX).removesuffix(f"[{INDEX}]")
                    some, end = ("store_some", f", {tail}") if tail else ("store", "")
                    lines.append(f"{some}_{suffix}({pointer} + j, {name}_j{end});")
                    continue
                if tail:
                    text = f"first_{suffix}({text}, {tail}, {start_of(sink, self.real.name)})"
                lanes, top = f"{name}_lanes{part}", f"{name}_top{part}"
                if sink.kind == "sum":
                    lines.append(f"{lanes} += {text};")
                elif sink.kind == "max":
                    lines.append(f"{lanes} = larger_{suffix}({text}, {lanes});")
                else:
                    lines += [
                        f"const vector_{suffix} {name}_x = {text};",
                        f"{lanes} += smaller_{suffix}({top}, {name}_x);",
                        f"{top} = larger_{suffix}({name}_x, {top});",
                    ]
        finally:
            texts.vector, texts.tail, texts.fresh = False, "", set()
        return lines if tail else [*self._ahead(group, lines), *lines]

    def _ahead(self, group: Sequence[Sink], lines: Sequence[str]) -> list[str]:
        """What has the next block fetched while this one is computed: the entries that will be read and written there.

        The loops of a block go over the same entries several times, so the processor itself sees too late what comes.
        """
        length = self.sizes.get(group[0].size, 0)
        if not self.texts.blocked or not 0 < length <= NEAR or not any(sink.kind == "fill" for sink in group):
            return []
        rows = {f"{name}_row" for name in self.plan.arguments.values()}
        read = [name for name in dict.fromkeys(LOADED.findall("\n".join(lines))) if name in rows]
        written = [name for name in dict.fromkeys(STORED.findall("\n".join(lines)))] if read else []
        step = f"WIDTH_{self.real.suffix} * {size_macro(group[0].size)}"
        return [
            *(f"__builtin_prefetch({name} + j + {step});" for name in read),
            *(f"__builtin_prefetch({name} + j + {step}, 1);" for name in written),
        ]

    def _together(self, sink: Sink, part: str) -> list[str]:
        """What was found in one piece joins what was found before."""
        name, suffix = self.plan.names[sink.place], self.real.suffix
        if sink.kind == "max":
            return [f"{name}_lanes = larger_{suffix}({name}_lanes{part}, {name}_lanes);"]
        if sink.kind == "sum":
            return [f"{name}_lanes += {name}_lanes{part};"]
        return [
            f"{name}_lanes += {name}_lanes{part} + smaller_{suffix}({name}_top, {name}_top{part});",
            f"{name}_top = larger_{suffix}({name}_top{part}, {name}_top);",
        ]
