"""Refutations: the negation of a claim as a theorem, by one point at which it fails.

The point is one of the judge's, or one like it at which exponentials are rational: e^{ln 2} is 2. The script keeps sizes and
indices as numbers and everything else as variables with known values, so that it uses the same laws as a proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.balls.evaluation import Point
from derive.certify.certificate import module, proof_lines, specification
from derive.certify.exact import Exact
from derive.certify.example import example_point, integer_at, prove_premise, table
from derive.certify.issued import Certificate
from derive.certify.script.begun import follows, script_for
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import added
from derive.certify.script.premises import named, ranges_of, signs_of
from derive.certify.script.protocols import Place
from derive.certify.script.scripts import Script
from derive.certify.statement.facts import Integers, Reals, Statement
from derive.certify.statement.stating import Stated, state
from derive.certify.statement.syntax import Apply, Base, Minus, Number, Ref, Term, alpha, at_indices, number, walk
from derive.judge.points.sampling import points
from derive.terms.context import Claim, Context

POINTS = 8
LARGEST = 4


@dataclass(frozen=True)
class Witness:
    """Numbers for sizes and indices, and the values of members and scalars as terms."""

    integers: Mapping[Symbol, Expr]
    values: Mapping[Any, Term]
    texts: Mapping[str, str]


def refuting(name: str, claim: Claim, context: Context, comment: str = "") -> Certificate:
    """The certificate that a claim does not hold wherever its sides have values.

    Raises:
        OutsideFragment, NoProof: where there is none.
    """
    stated = state(claim, context, follows())
    statement = stated.statement
    premises = (*statement.premises, *statement.goals[:-1])
    refuted = replace(statement, premises=premises, goals=statement.goals[-1:], refuted=True)
    whole = replace(stated, statement=refuted)
    reason = "no point with rational values of both sides was found"
    for point in [example_point(claim, context, ()), *islice(points(claim, context), POINTS)]:
        for witness in _witnesses(stated, point):
            try:

                def write(_: Statement, script: Script, witness: Witness = witness) -> None:
                    _write(stated, witness, script)

                lines = proof_lines(stated, write)
            except NoProof as problem:
                reason = str(problem)
                continue
            # a negation needs no example: where the premises cannot hold, it has no proof
            return Certificate(
                name, specification(name, whole, comment), module(name, [("statement", lines), ("example", ["  exact I."])])
            )
    raise NoProof(reason)


def _witnesses(stated: Stated, point: Point) -> Iterator[Witness]:
    """The point itself, and the same with logarithms of primes for what no premise speaks of."""
    constrained = {node.name for premise in stated.statement.premises for node in walk(premise) if isinstance(node, Base)}
    places = {key[1]: integer_at(key, point) for key in stated.keys if isinstance(key[1], Symbol)}
    inverses = {key: Exact(stated, point, places).inverse(key) for key in stated.keys if key in stated.inverses}
    for logarithms in (False, True):
        integers: dict[Symbol, Expr] = {}
        values: dict[Any, Term] = {}
        texts: dict[str, str] = {}
        primes = iter((2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71))
        largest = min(max(point.sizes.values(), default=1), LARGEST)
        for (name, kind), key in zip(stated.statement.variables, stated.keys, strict=True):
            if isinstance(key[1], Symbol):
                value = Integer(integer_at(key, point))
                integers[key[1]] = value
                texts[name] = f"({value})%Z"
                continue
            arity = kind.count("->")
            free = logarithms and name not in constrained and arity < 2

            def term(positions: tuple[int, ...], key: Any = key, free: bool = free, primes: Iterator[int] = primes) -> Term:
                prime = next(primes, None) if free else None
                if prime is not None:
                    return Apply("ln", Number(prime))
                known = inverses.get(key)
                return number(point.value(str(key[1]), positions) if known is None else known.get(positions, Fraction(0)))

            family = Base(name, arity)
            chosen = {positions: term(positions) for positions in _positions(arity, largest)}
            for positions, value_ in chosen.items():
                values[alpha(Ref(family, tuple(Integer(p) for p in positions)))] = value_
            script = script_for(stated)
            texts[name] = table({p: script.text(v) for p, v in chosen.items()}, arity, largest)
        yield Witness(integers, values, texts)


def _positions(arity: int, largest: int) -> list[tuple[int, ...]]:
    if arity == 0:
        return [()]
    return [(first, *rest) for first in range(1, largest + 1) for rest in _positions(arity - 1, largest)]


def _write(stated: Stated, witness: Witness, script: Script) -> None:
    """First that the claim cannot hold where the variables have these values, then that they can have them."""
    statement, writer = stated.statement, script.writer
    pairs = named(statement.premises)
    goals, claim = statement.goals[:-1], statement.goals[-1]
    names = [name for name, _ in statement.variables]
    values = dict(witness.integers)
    equations = [(writer.index(symbol), writer.index(value), "Z") for symbol, value in values.items()]
    members = _needed(statement, witness)
    script.line("intros W.")
    binders = " ".join(f"({name} : {kind})" for name, kind in statement.variables)
    given = [writer.fact(premise) for _, premise in pairs]
    given += [f"({name} = {value})" for name, value, _ in equations]
    given += [f"({writer.term(node)} = {writer.term(value)})" for node, value in members.items()]
    goal = " -> ".join([*given, "False"])
    script.line(f"assert (K : {'forall ' + binders + ', ' if binders else ''}{goal}).")
    with script.block():
        labels = [f"V_{place}" for place in range(1, len(equations) + len(members) + 1)]
        script.line(f"intros {' '.join([*names, *(name for name, _ in pairs), *labels])}.")
        for name, _, _ in equations:
            script.line(f"subst {name}.")
        known = [(name, at_indices(premise, values)) for name, premise in pairs]
        premises = [premise for _, premise in known]
        facts = signs_of(premises, ranges_of(premises, Facts()), script)
        equal = {node: (value, label) for (node, value), label in zip(members.items(), labels[len(equations) :], strict=True)}
        place = Place(replace(facts, equal=equal))
        proofs = [script.assure(at_indices(fact, values), place) for fact in goals]
        ends = [
            f"({writer.index(values[key[1]])})" if isinstance(key[1], Symbol) else name
            for name, key in zip(names, stated.keys, strict=True)
        ]
        script.line(f"assert (E := {' '.join(['W', *ends, *(name for name, _ in pairs), *proofs])}).")
        _contradiction(at_indices(claim, values), place, script)
    script.line(f"apply (K {' '.join(witness.texts[name] for name in names)}).")
    integers = {symbol: int(value) for symbol, value in values.items()}
    for premise in statement.premises:
        with script.block():
            prove_premise(premise, integers, stated, script)
    for _ in equations:
        script.line("{ reflexivity. }")
    for _ in members:
        script.line("{ reflexivity. }")


def _needed(statement: Statement, witness: Witness) -> dict[Any, Term]:
    """The members of which the script uses the values."""
    used = {node.name for part in (*statement.premises, *statement.goals) for node in walk(part) if isinstance(node, Base)}
    return {node: value for node, value in witness.values.items() if node.family.name in used}


def _contradiction(claim: Any, place: Place, script: Script) -> None:
    """Closes False from the claim, ``E``, at numbers."""
    if isinstance(claim, Integers):
        script.line("lia.")
        return
    if not isinstance(claim, Reals):
        raise NoProof("a claim that is no relation")
    normal, facts = script.normal, place.facts
    difference = added(normal.of(claim.left, facts), normal.of(claim.right, facts), -1)
    if any(m != () for m in difference):
        raise NoProof("the values of the sides are not rational")
    value = difference.get((), 0)
    fails = {"=": value != 0, "!=": value == 0, "<": value >= 0, "<=": value > 0, ">": value <= 0, ">=": value < 0}
    if not fails[claim.relation]:
        raise NoProof("the claim holds at the points that were tried")
    target = normal.ring.term(difference)
    script.line(f"assert (D : {script.text(Minus(claim.left, claim.right))} = {script.text(target)}).")
    with script.block():
        script.equal(Minus(claim.left, claim.right), target, place.inside())
    script.line("lra.")
