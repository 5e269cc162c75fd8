"""The C target: one C99 file whose sizes are compile-time constants, one function for each type of real numbers.

A function takes the number of examples, then pointers to row-major arrays: the arguments, then the results. It returns 0,
or 1 if a label is not a place, or 2 if there was not enough memory. It keeps no state.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence

from derive.code.arrays.program import BATCH, Axis, Input
from derive.code.arrays.rows import by_rows
from derive.code.c.library.functions import REALS, Real, helpers
from derive.code.c.loops.along_classes import CHUNK, up_to
from derive.code.c.loops.lanes import Lanes, fits
from derive.code.c.loops.rows import Rows
from derive.code.c.loops.vectors import BYTES, vector_helpers
from derive.code.c.values.expressions import size_macro
from derive.code.c.values.plan import Plan, plan
from derive.code.functions.build import Function
from derive.code.functions.documentation import UNPROVED
from derive.code.stable.stabiliser import CannotLower

WIDTH = 100
STACK = 1 << 18
MOST_ROWS = 2 * CHUNK
DEFAULT_SIZE = 10


def write(
    functions: Sequence[Function],
    title: str,
    source: str,
    sizes: Mapping[str, int] | None = None,
    reals: Sequence[Real] = REALS,
    wide: bool = False,
) -> str:
    """The text of a C file, with each function for each of `reals`.

    `sizes` gives the lengths of the axes, each of which ``-DSIZE_n=...`` can still change: where the loops are laid out for
    shorter ones, the compilation ends with a message. With `wide` what follows the text may use vectors, too.

    Raises:
        CannotLower: if a function needs all examples before one.
    """
    names = dict.fromkeys(size for function in functions for size in sizes_of(function))
    lengths = {name: (sizes or {}).get(name, DEFAULT_SIZE) for name in names}
    parts = [_comment(functions, title, source), "#include <math.h>\n#include <stdint.h>\n#include <stdlib.h>"]
    parts += [
        f"#ifndef {size_macro(name)}\n#define {size_macro(name)} {lengths[name]}\n#endif\n"
        f'#if {size_macro(name)} < 1\n#error "{size_macro(name)}: expected a length from 1 on"\n#endif'
        for name in names
    ]
    parts += [BYTES] if wide else []
    for real in reals:
        used, vectors = set[str](), set[str]()
        written = [_function(function, real, lengths, used, vectors) for function in functions]
        shared = (helpers(real, used), vector_helpers(real, vectors))
        parts += [BYTES] if vectors and BYTES not in parts else []
        parts += [*(text for text in shared if text), *written]
    return "\n\n".join(parts) + "\n"


def unwritten(functions: Sequence[Function]) -> dict[str, str]:
    """The names of the functions for which there is no C code, each with the reason."""
    reasons: dict[str, str] = {}
    for function in functions:
        try:
            write([function], "", "")
        except CannotLower as reason:
            reasons[function.name] = str(reason)
    return reasons


def sizes_of(function: Function) -> tuple[str, ...]:
    """The names of the lengths that the function's arrays have, without the batch."""
    axes = (axis for node in function.program.nodes for axis in node.axes)
    return tuple(dict.fromkeys(axis.size for axis in axes if axis.size != BATCH and not axis.size.isdigit()))


def symbol(function: Function, real: Real) -> str:
    """The name of the C function."""
    return f"{function.name}_{real.suffix}"


def declaration(function: Function, real: Real, found: Plan | None = None) -> str:
    """The C declaration, without qualifiers that only a definition needs."""
    return f"int {symbol(function, real)}({', '.join(_parameters(function, real, found or plan(function.program), ''))});"


def _parameters(function: Function, real: Real, found: Plan, restrict: str) -> list[str]:
    arguments = [f"const {_type(node, real)} *{restrict}{found.arguments[node.name]}" for node in function.arguments]
    return ["int64_t batch", *arguments, *(f"{real.name} *{restrict}{name}" for name in found.outputs)]


def _type(node: Input, real: Real) -> str:
    return "int64_t" if node.kind == "index" else real.name


def _function(function: Function, real: Real, sizes: Mapping[str, int], used: set[str], vectors: set[str]) -> str:
    found, size, body, statements = _written(function, real, sizes)
    used |= body.texts.helpers
    vectors |= body.texts.vectors
    lines = [f"/* {safe(result.formula)} */" for result in function.signature.results]
    if function.signature.mean:
        lines.append("/* All of it for the mean over the batch. */")
    for node in function.arguments:
        lines.append(f"/* {found.arguments[node.name]}: {_shape(node.axes)}{_below(node)} */")
    for name, output in zip(found.outputs, function.program.outputs, strict=True):
        lines.append(f"/* {name}: {_shape(output.axes)} */")
    head = f"int {symbol(function, real)}({', '.join(_parameters(function, real, found, 'restrict '))})"
    lines += textwrap.wrap(head, 120, subsequent_indent="    ", break_long_words=False)
    limits = [
        f"const {real.name} {end} = {end}_{real.suffix};"
        for end in ("low", "high")
        if "limits" in body.texts.helpers and any(re.search(rf"\b{end}\b", line) for line in statements)
    ]
    begin = ["(void)batch;"] if not size and not any("batch" in line for line in statements) else []
    if size:
        begin = [*(up_to(size_macro(size)) if found.over_batch else []), f"batch = {size_macro(size)};"]
    text = "\n".join(statements)
    unread = [f"(void){name};" for name in found.arguments.values() if not re.search(rf"\b{name}(_row)?\b", text)]
    checks = [line for node in function.program.inputs if node.kind == "index" for line in _check(node, found)]
    buffers, frees = _buffers(body.buffers, sizes)
    lines.append("{")
    lines += [
        line if line.startswith("#") else f"    {line}"
        for line in (*begin, *unread, *checks, *limits, *buffers, *statements, *frees, "return 0;")
    ]
    return "\n".join([*lines, "}"])


def _written(function: Function, real: Real, sizes: Mapping[str, int]) -> tuple[Plan, str, Lanes | Rows, list[str]]:
    """The plan of a function, the size of the axis that it takes for that of examples, and how and what it computes."""
    rows = by_rows(function.program)
    if rows is not None:
        length = int(rows.size) if rows.size.isdigit() else sizes.get(rows.size, 0)
        try:
            found = plan(rows.program)
            if not found.over_batch or length <= MOST_ROWS:
                return found, rows.size, *_body(found, real, sizes)
        except CannotLower:  # an example would need what only all of them give: these are no rows
            pass
    found = plan(function.program)
    return found, "", *_body(found, real, sizes)


def _body(found: Plan, real: Real, sizes: Mapping[str, int]) -> tuple[Lanes | Rows, list[str]]:
    body = Lanes(found, real) if fits(found, sizes) else Rows(found, real, sizes)
    return body, body.statements()


def _check(node: Input, found: Plan) -> list[str]:
    name, limit = found.arguments[node.name], size_macro(node.below)
    if not node.axes:
        return [f"if ({name}[0] < 0 || {name}[0] >= {limit})", "    return 1;"]
    return [
        "{",
        "    int wrong = 0;",
        "#pragma omp simd reduction(|: wrong)",
        "    for (int64_t row = 0; row < batch; ++row)",
        f"        wrong |= {name}[row] < 0 || {name}[row] >= {limit};",
        "    if (wrong) return 1;",
        "}",
    ]


def _buffers(wanted: Sequence[tuple[str, str]], sizes: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Declarations of arrays, on the stack if they are small, and what gives them back."""
    lines: list[str] = []
    frees: list[str] = []
    for variable, count in wanted:
        total = 1
        for factor in count.split(" * "):
            total *= int(factor) if factor.isdigit() else sizes[factor.removeprefix("SIZE_")]
        if 8 * total <= STACK:
            lines.append(f"{variable}[{count}];")
            lines += (
                []
                if count.isdigit()
                else [
                    f"#if 8 * {count} > {STACK}",
                    f'#error "laid out for {count} up to {STACK // 8}: write it for this length"',
                    "#endif",
                ]
            )
            continue
        kind, name = variable.split()
        lines += [
            f"{kind} *const restrict {name} = malloc(sizeof({kind}) * (size_t){' * (size_t)'.join(count.split(' * '))});",
            f"if ({name} == NULL)" + (" {" if frees else ""),
            *(f"    {line}" for line in frees),
            "    return 2;",
            *(["}"] if frees else []),
        ]
        frees.append(f"free({name});")
    return lines, frees


def _shape(axes: Sequence[Axis]) -> str:
    sizes = [axis.size for axis in axes]
    return f"shape ({', '.join(sizes)}{',' if len(sizes) == 1 else ''})" if sizes else "one number"


def _below(node: Input) -> str:
    return f", the places of the labels, from 0 to {node.below} - 1" if node.kind == "index" else ""


def _comment(functions: Sequence[Function], title: str, source: str) -> str:
    lines = [
        f"{safe(title)}.",
        "",
        f"Made by derive from {safe(source)}.",
        "",
        *textwrap.wrap(
            "C99. Every length is a compile-time constant (-DSIZE_n=10). It is meant to be compiled with -fno-math-errno "
            "-fno-trapping-math -fno-signed-zeros, and never with -ffast-math: that would rewrite these formulas, and it lets "
            "denormal numbers be 0 in the whole process.",
            WIDTH,
            break_on_hyphens=False,
        ),
        "",
        *textwrap.wrap(
            "Vectors are as wide as the processor's that it is compiled for (-march=native), or as -DVECTOR_BYTES=32 says (64, "
            "32 or 16). With 64 the loops between them should be as wide: GCC is told so below, for other compilers add "
            "-mprefer-vector-width=512.",
            WIDTH,
            break_on_hyphens=False,
        ),
    ]
    names = {f.name for f in functions}
    for function in functions:
        other, labels = function.signature.distributed, function.signature.labels
        if other in names and labels is not None:
            lines += [
                "",
                f"{function.name} takes the places of labels, {other} a distribution {safe(labels.family)} in their place.",
            ]
    claims = dict.fromkeys(c.latex for f in functions for c in f.licences if c.law != "cases")
    if claims:
        lines += [
            "",
            *textwrap.wrap(
                "How it is computed rests on these equations. Each was proved, for every size and every value of the "
                "arguments, every index c and every number s (c is taken where the exponent is largest).",
                WIDTH,
            ),
            "",
        ]
        lines += [f"$${safe(claim)}$$" for claim in claims]
    refused = dict.fromkeys(claim for f in functions for claim in f.unproved)
    if refused:
        lines += ["", *textwrap.wrap(UNPROVED, WIDTH), "", *(f"$${safe(claim)}$$" for claim in refused)]
    return "\n".join(["/*", *(f" * {line}".rstrip() for line in lines), " */"])


def safe(text: str) -> str:
    """Text of a document inside a C comment: it cannot end it, nor begin one."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable.replace("*/", "* /").replace("/*", "/ *").replace("??/", "? ?/")
