"""The plain notation, for terminals and messages: ``sum_k y_k = 1``, ``a_i (1 - a_i)``, ``i != j``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.terms.relations import RelationKey
from derive.writing.notation import Level, Limits, Written
from derive.writing.spelling import Spelling, plain_spelling

_CONSTANTS = {"pi": "pi", "e": "e", "oo": "oo", "-oo": "-oo", "i": "i", "dots": "...", "undefined": "undefined"}


class PlainNotation:
    """Formulas in one line of plain characters, to be read by people."""

    def bracket(self, source: str) -> str:
        return f"({source})"

    def name(self, name: str) -> Written:
        return _marked(plain_spelling(name), ())

    def member(self, family: str, positions: Sequence[str]) -> Written:
        return _marked(plain_spelling(family), positions)

    def delta(self, positions: Sequence[str]) -> Written:
        return _marked(Spelling("delta"), positions)

    def constant(self, name: str) -> Written:
        return Written(_CONSTANTS[name], Level.ATOM if name != "-oo" else Level.SIGNED)

    def fraction(self, numerator: Written, denominator: Written) -> Written:
        above = numerator.sealed if numerator.level >= Level.PRODUCT else self.bracket(numerator.source)
        below = denominator.sealed if denominator.level >= Level.PREFIX else self.bracket(denominator.source)
        return Written(f"{above}/{below}", Level.PRODUCT, self.bracket(f"{above}/{below}"))

    def power(self, base: str, exponent: Written) -> Written:
        above = exponent.source if exponent.level == Level.ATOM else self.bracket(exponent.source)
        return Written(f"{base}^{above}", Level.POWER)

    def exponential(self, exponent: Written, letter_is_free: bool) -> Written:
        return Written(f"exp({exponent.source})", Level.ATOM)

    def root(self, radicand: Written) -> Written:
        return Written(f"sqrt({radicand.source})", Level.ATOM)

    def absolute(self, inside: Written) -> Written:
        return Written(f"|{inside.source}|", Level.ATOM)

    def function(self, name: str, arguments: Sequence[Written], power: str = "") -> Written:
        head = f"{name}^{power}" if power else name
        closed = f"{head}({', '.join(argument.source for argument in arguments)})"
        if len(arguments) == 1 and arguments[0].level == Level.ATOM and re.fullmatch(r"\w+", arguments[0].source):
            return Written(f"{head} {arguments[0].source}", Level.PREFIX, closed)
        return Written(closed, Level.PREFIX)

    def factorial(self, argument: str) -> Written:
        return Written(f"{argument}!", Level.TIGHT)

    def call(self, name: str, orders: Sequence[int], arguments: Sequence[str]) -> Written:
        primes = "'" * orders[0] if len(orders) == 1 else ""
        if len(orders) > 1 and any(orders):
            primes = f"^({','.join(map(str, orders))})"
        return Written(f"{self.name(name).source}{primes}({', '.join(arguments)})", Level.ATOM)

    def sum(self, limits: Limits, body: str) -> Written:
        return self._over("sum", limits, body)

    def multiplied(self, limits: Limits, body: str) -> Written:
        return self._over("prod", limits, body)

    def integral(self, variable: str, low: str, high: str, body: str) -> Written:
        source = f"int_({low}..{high}) {body} d{variable}"
        return Written(source, Level.PREFIX, self.bracket(source))

    def limit(self, variable: str, point: str, body: str) -> Written:
        source = f"lim_({variable} -> {point}) {body}"
        return Written(source, Level.PREFIX, self.bracket(source))

    def _over(self, command: str, limits: Limits, body: str) -> Written:
        parts = [f"{limits.index} != {value}" for value in limits.excluded]
        if not limits.default:
            parts.insert(0, f"{limits.index}={limits.low}..{limits.high}")
        scope = f"({', '.join(parts)})" if parts else limits.index
        source = f"{command}_{scope} {body}"
        return Written(source, Level.PREFIX, self.bracket(source))

    def partial(self, numerator: Written, compound: bool, variables: Sequence[tuple[str, int]]) -> Written:
        total = sum(count for _, count in variables)
        sign = "d" + (f"^{total}" if total > 1 else "")
        parts = [f"d{name}" + (f"^{count}" if count > 1 else "") for name, count in variables]
        below = parts[0] if len(parts) == 1 else self.bracket(" ".join(parts))
        source = f"{sign}/{below} {self.bracket(numerator.source)}" if compound else f"{sign}{numerator.source}/{below}"
        return Written(source, Level.PRODUCT, self.bracket(source) if compound else None)

    def cases(self, rows: Sequence[tuple[str, str | None]]) -> Written:
        lines = "; ".join(f"{value} if {condition}" if condition else f"{value} otherwise" for value, condition in rows)
        return Written(f"{{{lines}}}", Level.ATOM)

    def vector(self, entries: Sequence[str]) -> Written:
        return Written(f"[{', '.join(entries)}]", Level.ATOM)

    def product(self, factors: Sequence[str]) -> str:
        result = factors[0]
        for factor in factors[1:]:
            result += ("*" if factor[0].isdigit() else " ") + factor
        return result

    def relation(self, op: RelationKey) -> str:
        return op

    def words(self, word: str) -> str:
        return word


def _marked(spelling: Spelling, positions: Sequence[str]) -> Written:
    spelling, positions = spelling.fill([re.sub(r" ([+-]) ", r"\1", position) for position in positions])
    parts = ([spelling.subscript] if spelling.subscript else []) + list(positions)
    source = spelling.base
    if parts:
        if all(len(part) == 1 and part.isalpha() for part in parts):
            source += "_" + "".join(parts)
        elif len(parts) == 1 and parts[0].isalnum():
            source += f"_{parts[0]}"
        else:
            source += f"_({','.join(parts)})"
    if spelling.superscript:
        source += f"^{spelling.superscript}"
    return Written(source, Level.TIGHT if spelling.decorated else Level.ATOM)
