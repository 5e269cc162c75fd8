"""Loops inside of loops as lines of C."""

from __future__ import annotations

from collections.abc import Sequence

from derive.code.c.library.functions import Real
from derive.code.c.values.expressions import TAB, indented


def nested(loops: Sequence[str], body: Sequence[str], braces: bool = False) -> list[str]:
    """The body inside of the loops."""
    if not loops:
        return ["{", *indented(body), "}"] if braces else list(body)
    lines: list[str] = []
    for depth, loop in enumerate(loops):
        opening = " {" if depth == len(loops) - 1 else ""
        lines.append(TAB * depth + loop + opening)
    depth = len(loops)
    lines += [line if line.startswith("#") else TAB * depth + line for line in body]
    return [*lines, TAB * (depth - 1) + "}"]


def place_of_largest(text: str, counted: Sequence[tuple[str, str]], loops: Sequence[str], real: Real) -> list[str]:
    """What finds the first place of the largest `text` along the axis of the first of the loops, as ``place``.

    Along one axis the largest is found first, and then its place: compilers do either for many entries at once.
    """
    if len(loops) > 1:
        update = [
            f"const {real.name} value = {text};",
            f"place = value > total ? {counted[0][0]} : place;",
            "total = value > total ? value : total;",
        ]
        return [f"{real.name} total = -({real.name})INFINITY, place = 0;", *nested(loops, update, braces=True)]
    ((k, size),) = counted
    return [
        f"{real.name} most = -({real.name})INFINITY;",
        "#pragma omp simd reduction(max: most)",
        loops[0],
        f"{TAB}most = {text} > most ? {text} : most;",
        f"{real.integer} place = {size} - 1;",
        "#pragma omp simd reduction(min: place)",
        f"{loops[0]} {{",
        f"{TAB}const {real.integer} here = {text} == most ? {k} : {size} - 1;",
        f"{TAB}place = here < place ? here : place;",
        "}",
    ]
