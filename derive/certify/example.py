"""That the premises of a statement can hold: an example in numbers, so that no certificate is about nothing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import islice
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.balls.evaluation import Evaluator, Point, Undecided, Undefined, Unsupported, read
from derive.certify.exact import Exact
from derive.certify.script.begun import script_for
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.scripts import Script
from derive.certify.statement.facts import ForAll, If, Integers, Within
from derive.certify.statement.scope import Key
from derive.certify.statement.stating import Stated
from derive.certify.statement.syntax import Base, Defined, walk
from derive.judge.points.sampling import NoPoint, points
from derive.terms.context import Assumption, Claim, Context, Obligation

TRIED = 24
LARGEST = 12
LARGEST_MATRIX = 4


def example_point(claim: Claim, context: Context, conditions: tuple[Assumption | Obligation, ...]) -> Point:
    """A point of the constraint set at which both sides have a value.

    Raises:
        NoProof: if none is found.
    """
    within = context.assume(*(c for c in conditions if not isinstance(c, Obligation)))
    program = Evaluator(within, (claim.left, claim.right))
    try:
        for point in islice(points(claim, within), TRIED):
            try:
                read(program, (claim.left, claim.right), point)
            except (Undefined, Undecided):
                continue
            return point
    except (NoPoint, Unsupported) as problem:
        raise NoProof(f"no example of the premises: {problem}") from problem
    raise NoProof("no example of the premises was found")


def values_at(stated: Stated, point: Point) -> dict[str, str]:
    """For each variable of the statement its value at the point, as Coq's text."""
    script = script_for(stated)
    used = {node.name for premise in stated.statement.premises for node in walk(premise) if isinstance(node, Base)}
    used |= {name for d in stated.statement.definitions for name, _ in d.parameters}
    result: dict[str, str] = {}
    for (name, kind), key in zip(stated.statement.variables, stated.keys, strict=True):
        if kind == "Z":
            result[name] = script.writer.index(Integer(integer_at(key, point)))
        elif key in stated.inverses:
            result[name] = _inverse(stated, key, point)
        elif kind == "R":
            result[name] = number(point.value(str(key[1]), ()))
        else:
            result[name] = _table(str(key[1]), kind.count("->"), point)
    return result


def integer_at(key: Key, point: Point) -> int:
    """The value of a size or an index."""
    symbol = key[1]
    if key[0] == "size":
        return int(point.sizes.get(str(symbol), 1))
    known = point.indices.get(symbol) if isinstance(symbol, Symbol) else None
    if known is not None:
        return int(known)
    if str(symbol).startswith("c of "):
        family = str(symbol).removeprefix("c of ")
        for position in range(1, LARGEST):
            if point.value(family, (position,)) == 1:
                return position
    return 1


def _table(name: str, arity: int, point: Point) -> str:
    """A family as a function: its values at the positions up to the largest size, 0 elsewhere."""
    if arity > 2:
        raise NoProof("an example with a family of more than two indices")
    largest = min(max(point.sizes.values(), default=1), LARGEST if arity == 1 else LARGEST_MATRIX)
    positions = (
        [(p,) for p in range(1, largest + 1)]
        if arity == 1
        else [(p, q) for p in range(1, largest + 1) for q in range(1, largest + 1)]
    )
    return table({each: number(point.value(name, each)) for each in positions}, arity, largest)


def _inverse(stated: Stated, key: Key, point: Point) -> str:
    """The inverse of a matrix at the point."""
    matrix = stated.inverses[key]
    exact = Exact(stated, point, {symbol: integer_at((kind, symbol), point) for kind, symbol in _integers(stated)})
    high = exact.index(matrix.high)
    if high > LARGEST_MATRIX:
        raise NoProof("an example with the inverse of a large matrix")
    values = {place: number(value) for place, value in exact.inverse(key).items()}
    places = range(1, high + 1)
    return table({(p, q): values.get((p, q), "0") for p in places for q in places}, 2, high)


def _integers(stated: Stated) -> list[tuple[str, Symbol]]:
    return [(key[0], key[1]) for key in stated.keys if key[0] in ("size", "index") and isinstance(key[1], Symbol)]


def table(values: Mapping[tuple[int, ...], str], arity: int, largest: int) -> str:
    """A function with the given values at positions up to `largest`, 0 elsewhere; a scalar for no positions."""
    if arity == 0:
        return values[()]
    variables = [f"index_{place}" for place in range(1, arity + 1)]

    def choice(positions: tuple[int, ...]) -> str:
        if len(positions) == arity:
            return values[positions]
        variable = variables[len(positions)]
        text = "0"
        for position in range(largest, 0, -1):
            text = f"if Z.eqb {variable} {position} then {choice((*positions, position))} else {text}"
        return f"({text})"

    return f"(fun {' '.join(variables)} : Z => {choice(())})"


def number(value: Fraction) -> str:
    """An exact number."""
    size = abs(value)
    text = str(size.numerator) if size.denominator == 1 else f"({size.numerator} / {size.denominator})"
    return f"(- {text})" if value < 0 else text


def write_example(stated: Stated, point: Point, script: Script) -> None:
    """The lines that prove the example of a statement."""
    values = values_at(stated, point)
    if values:
        script.line(f"exists {', '.join(values.values())}.")
    integers = {key[1]: integer_at(key, point) for key in stated.keys if key[0] in ("size", "index")}
    premises = stated.statement.premises
    if not premises:
        script.line("exact I.")
    for number_, premise in enumerate(premises):
        last = number_ == len(premises) - 1
        if not last:
            script.line("split.")
        with script.block():
            prove_premise(premise, integers, stated, script)


def prove_premise(premise: Any, integers: Mapping[Any, int], stated: Stated, script: Script) -> None:
    """Closes a premise at numbers; `integers` are the values of sizes and indices."""
    if isinstance(premise, (Within, Integers)):
        script.line("lia.")
        return
    if isinstance(premise, ForAll):
        low, high = _at(premise.low, integers), _at(premise.high, integers)
        name, fact = script.writer.index(premise.index), script.label("H")
        script.line(f"intros {name} {fact}.")
        if high < low:
            script.line("lia.")
            return
        cases = " \\/ ".join(f"{name} = {value}" for value in range(low, high + 1))
        case = script.label("V")
        script.line(f"assert ({case} : ({cases})%Z) by lia; clear {fact}.")
        script.line(
            f"destruct {case} as [{'|'.join([case] * (high - low + 1))}]; subst {name}." if high > low else f"subst {name}."
        )
        for value in range(low, high + 1):
            with script.block():
                prove_premise(premise.body, {**integers, premise.index: value}, stated, script)
        return
    if isinstance(premise, If):
        script.line("intros.")
        script.line("first [lia | numbers].")
        return
    names = {node.name for node in walk(premise) if isinstance(node, Defined)}
    if names:
        script.line(f"cbv delta [{' '.join(d.name for d in stated.statement.definitions)}].")
    script.line("numbers.")


def _at(expr: Expr, integers: Mapping[Any, int]) -> int:
    value = expr.xreplace({symbol: Integer(number_) for symbol, number_ in integers.items() if isinstance(symbol, Symbol)})
    if not isinstance(value, Integer):
        raise NoProof(f"the range {expr} in an example")
    return int(value)
