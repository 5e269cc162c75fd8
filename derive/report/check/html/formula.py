"""A formula of a document with the signs of its claims in it, each where its claim ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from html import escape

from derive.documents import Formula
from derive.report.check.html.claim import WORST, Placed, sign
from derive.report.web.mathml import MARK, CannotRender, mathml

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}]", re.DOTALL)
_OWN = re.compile("[\U000f0000-\U000ffffd]")


def shown(formula: Formula, claims: Sequence[Placed], macros: Mapping[str, tuple[int, str]]) -> str:
    """The formula as HTML, marked by the worst verdict of its claims and, inside, by each of them."""
    display = formula.kind in ("display", "bare")
    worst = min((placed.verdict for placed in claims), key=WORST.index, default="")
    kind = " ".join(part for part in ("formula", "display" if display else "", worst) if part)
    return f'<span class="{kind}">{_written(formula, claims, macros, display)}</span>'


def _written(formula: Formula, claims: Sequence[Placed], macros: Mapping[str, tuple[int, str]], display: bool) -> str:
    latex = _OWN.sub("\ufffd", formula.latex)
    ends = [_end(formula, latex, placed) for placed in claims]
    ordered = [claim for _, claim in sorted(zip(ends, claims, strict=True), key=lambda pair: pair[0])]
    signs = [sign(claim) for claim in ordered]
    marked = latex
    for number, end in reversed(list(enumerate(sorted(ends)))):
        marked = f"{marked[:end]}{chr(MARK + number)}{marked[end:]}"
    plain = formula.kind == "plain"
    try:
        if plain:
            raise CannotRender("no LaTeX")
        return mathml(marked, display, macros, signs, [f"claim {claim.verdict}" for claim in ordered])
    except CannotRender:
        pass
    try:
        if plain:
            raise CannotRender("no LaTeX")
        written = mathml(latex, display, macros)
    except CannotRender:
        written = f'<code class="{"plain" if plain else "tex"}">{escape(formula.latex)}</code>'
    return written + "".join(signs)


def _end(formula: Formula, latex: str, placed: Placed) -> int:
    """Where in the formula the claim ends: behind its last character, outside of names and groups."""
    claim = placed.claim
    end = bisect_left(range(len(latex) + 1), (claim.end_line, claim.end_column), key=formula.position)
    end = len(latex[:end].rstrip())
    depth = 0
    for match in _TOKEN.finditer(latex):
        if match.end() > end and match.start() >= end and depth <= 0:
            break
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if match.start() < end < match.end() or (match.end() >= end and depth <= 0 and match.start() >= end):
            end = match.end()
    return end
