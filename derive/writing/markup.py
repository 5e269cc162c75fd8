r"""The LaTeX notation: ``\frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from derive.latex.symbols.table import DEFAULT_FUNCTIONS, DEFAULT_INDICES
from derive.latex.tokens.vocabulary import TEXTUAL
from derive.terms.elementary import ROWS
from derive.terms.relations import BY_KEY, RelationKey
from derive.writing.notation import Level, Limits, Written
from derive.writing.spelling import Spelling, spell

_CONSTANTS = {
    "pi": r"\pi",
    "e": "e",
    "oo": r"\infty",
    "-oo": r"-\infty",
    "i": r"\mathrm{i}",
    "dots": r"\vdots",
    "undefined": r"\text{undefined}",
}

_COMMANDS = {row.written: row.command for row in ROWS} | {name: f"\\{name}" for name in ("max", "min")}

_CALLABLE = re.compile(r"(?:\\(?:mathrm|operatorname|text)\{[^{}]*\}|')$")
"""The end of a factor that, before a bracket, would be read as a function's name."""

_LONE = re.compile(r"\\left\((?!-|\\(?:frac|sqrt|sum|partial)\b)\S+\\right\)")
"""A bracket that holds one name, such as ``W^{+}``: behind another name it would be read as its argument."""

_LETTER_D = re.compile(r"d(?![A-Za-z_])")
"""The scalar d, which above and below a line would be read as the sign of a derivative."""

_TALL = re.compile(r"\\(?:frac|sum|prod|int|begin|left)\b")


class LatexNotation:
    """Formulas in the LaTeX that Markdown viewers, notebooks and TeX all render."""

    def bracket(self, source: str) -> str:
        return rf"\left({source}\right)"

    def name(self, name: str) -> Written:
        return _marked(spell(name), ())

    def member(self, family: str, positions: Sequence[str]) -> Written:
        return _marked(spell(family), positions)

    def delta(self, positions: Sequence[str]) -> Written:
        return _marked(Spelling(r"\delta"), positions)

    def constant(self, name: str) -> Written:
        return Written(_CONSTANTS[name], Level.ATOM if name != "-oo" else Level.SIGNED)

    def fraction(self, numerator: Written, denominator: Written) -> Written:
        above, below = numerator.source, denominator.source
        if _LETTER_D.match(above) and _LETTER_D.match(below):
            below = "{d}" + below[1:]
        return Written(rf"\frac{{{above}}}{{{below}}}", Level.TIGHT)

    def power(self, base: str, exponent: Written) -> Written:
        above = self.bracket("T") if exponent.source == "T" else exponent.source
        return Written(f"{base}^{_group(above)}", Level.POWER)

    def exponential(self, exponent: Written, letter_is_free: bool) -> Written:
        if letter_is_free:
            return Written(f"e^{{{exponent.source}}}", Level.TIGHT)
        return Written(rf"\exp{self.bracket(exponent.source)}", Level.TIGHT)

    def root(self, radicand: Written) -> Written:
        return Written(rf"\sqrt{{{radicand.source}}}", Level.ATOM)

    def absolute(self, inside: Written) -> Written:
        return Written(rf"\left|{inside.source}\right|", Level.ATOM)

    def function(self, name: str, arguments: Sequence[Written], power: str = "") -> Written:
        command = _COMMANDS.get(name, rf"\operatorname{{{name}}}")
        head = f"{command}^{_group(power)}" if power else command
        closed = head + self.bracket(", ".join(argument.source for argument in arguments))
        if len(arguments) == 1 and (arguments[0].level >= Level.TIGHT or arguments[0].level == Level.PREFIX):
            return Written(f"{head} {arguments[0].source}", Level.PREFIX, closed)
        return Written(closed, Level.PREFIX)

    def factorial(self, argument: str) -> Written:
        return Written(f"{argument}!", Level.TIGHT)

    def call(self, name: str, orders: Sequence[int], arguments: Sequence[str]) -> Written:
        spelling = spell(name)
        head = _marked(spelling, ()).source
        if any(orders):
            head = self.bracket(head) if spelling.decorated else head
            head += _primes(orders)
        inside = ", ".join(arguments)
        return Written(head + (self.bracket(inside) if _TALL.search(inside) else f"({inside})"), Level.ATOM)

    def sum(self, limits: Limits, body: str) -> Written:
        return self._over(r"\sum", limits, body)

    def multiplied(self, limits: Limits, body: str) -> Written:
        return self._over(r"\prod", limits, body)

    def integral(self, variable: str, low: str, high: str, body: str) -> Written:
        source = rf"\int_{{{_tight(low)}}}^{{{_tight(high)}}} {body} \, d{variable}"
        return Written(source, Level.PREFIX, self.bracket(source))

    def limit(self, variable: str, point: str, body: str) -> Written:
        source = rf"\lim_{{{variable} \to {point}}} {body}"
        return Written(source, Level.PREFIX, self.bracket(source))

    def _over(self, command: str, limits: Limits, body: str) -> Written:
        excluded = ", ".join(rf"{limits.index} \ne {value}" for value in limits.excluded)
        if excluded and limits.default:
            sign = rf"{command}_{{{excluded}}}"
        else:
            below = ", ".join(part for part in (f"{limits.index}={_tight(limits.low)}", excluded) if part)
            sign = rf"{command}_{{{below}}}^{{{_tight(limits.high)}}}"
        return Written(f"{sign} {body}", Level.PREFIX, self.bracket(f"{sign} {body}"))

    def partial(self, numerator: Written, compound: bool, variables: Sequence[tuple[str, int]]) -> Written:
        total = sum(count for _, count in variables)
        sign = r"\partial" + (f"^{_group(str(total))}" if total > 1 else "")
        counts = [f"^{_group(str(count))}" if count > 1 else "" for _, count in variables]
        below = " ".join(rf"\partial {name}{count}" for (name, _), count in zip(variables, counts, strict=True))
        if not compound:
            return Written(rf"\frac{{{sign} {numerator.source}}}{{{below}}}", Level.TIGHT)
        source = rf"\frac{{{sign}}}{{{below}}} {self.bracket(numerator.source)}"
        return Written(source, Level.PRODUCT, self.bracket(source))

    def cases(self, rows: Sequence[tuple[str, str | None]]) -> Written:
        lines = r" \\ ".join(rf"{value} & {condition or self.words('otherwise')}" for value, condition in rows)
        return Written(rf"\begin{{cases}} {lines} \end{{cases}}", Level.SIGNED)

    def vector(self, entries: Sequence[str]) -> Written:
        lines = r" \\ ".join(entries)
        return Written(rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}", Level.TIGHT)

    def product(self, factors: Sequence[str]) -> str:
        result = factors[0]
        for previous, factor in pairwise(factors):
            called = factor.startswith(r"\left(") and (
                previous in DEFAULT_FUNCTIONS or _CALLABLE.search(previous) or _LONE.match(factor)
            )
            result += (r" \cdot " if called or factor[0].isdigit() else " ") + factor
        return result

    def relation(self, op: RelationKey) -> str:
        return BY_KEY[op].latex

    def words(self, word: str) -> str:
        return rf"\text{{{word}}}"


def _marked(spelling: Spelling, positions: Sequence[str]) -> Written:
    """The base with its marks; indices join the name's own subscript, one goes into the slot of a superscript."""
    spelling, positions = spelling.fill([_tight(position) for position in positions])
    parts = ([spelling.subscript] if spelling.subscript else []) + list(positions)
    source = spelling.base
    if parts:
        source += f"_{_group(_listed(parts))}"
    if spelling.superscript:
        source += f"^{{{spelling.superscript}}}"
    return Written(source, Level.TIGHT if spelling.decorated else Level.ATOM)


def _listed(parts: Sequence[str]) -> str:
    """Indices side by side where they are letters and cannot be taken for a word (``in``, ``rs``), else with commas."""
    word = "".join(parts)
    letters = all(len(part) == 1 and part.isascii() and part.isalpha() for part in parts)
    indices = letters and word not in TEXTUAL and any(part in DEFAULT_INDICES for part in parts)
    return ("" if indices else ",").join(parts)


def _primes(orders: Sequence[int]) -> str:
    return "'" * orders[0] if len(orders) == 1 else f"^{{({','.join(map(str, orders))})}}"


def _group(source: str) -> str:
    return source if len(source) == 1 else f"{{{source}}}"


def _tight(source: str) -> str:
    """Without the spaces around signs, as an index or a limit is written."""
    return re.sub(r" ([+-]) ", r"\1", source)
