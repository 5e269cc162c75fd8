"""Relations between balls: what touches is open, what is apart is decided, and bits are added until it is."""

from __future__ import annotations

import pytest
from flint import arb, fmpq
from sympy import Integer, exp, log, pi

from derive.balls import comparison
from derive.balls.comparison import PRECISIONS, Outcome, closed_comparison, compare
from derive.balls.duals import TooLarge, Undecided, Undefined, Unsupported
from derive.balls.evaluation import Evaluator, Point, Reading
from derive.terms.context import Claim, Context
from derive.terms.terms import scalar

x = scalar("x")
HOLDS, AGREES, FAILS, OPEN, UNDEFINED = Outcome


def tried(monkeypatch, values, relation="=", rounding=None, precisions=PRECISIONS):
    """The outcome where `values` gives for each number of bits the two balls or what evaluation raises, and the bits tried."""
    bits = []

    def read(program, sides, point, precision):
        bits.append(precision)
        found = values[precision] if isinstance(values, dict) else values
        if isinstance(found, Exception):
            raise found
        return Reading(found, (), (), (), precision)

    monkeypatch.setattr(comparison, "read", read)
    pair = (x, x + 1)
    claim = Claim(*pair[:1], relation, pair[1], rounding=rounding)
    outcome, reading = compare(claim, Evaluator(Context(), pair), pair, Point(), precisions)
    return outcome, reading.steps if reading is not None else None, bits


HALF, ONE, TWO, NONE = fmpq(1, 2), fmpq(1), fmpq(2), fmpq(0)
TOUCHES_FROM_ABOVE, TOUCHES_FROM_BELOW = arb(1, 1), arb(-1, 1)
STRADDLES, AROUND_HALF = arb(0, 1), arb(0.25, 0.5)


@pytest.mark.parametrize(
    ("relation", "rounding", "difference", "outcome"),
    [
        ("=", None, NONE, HOLDS),
        ("=", None, HALF, FAILS),
        ("=", None, -HALF, FAILS),
        ("=", None, STRADDLES, AGREES),
        ("=", None, TOUCHES_FROM_ABOVE, AGREES),
        ("=", None, TOUCHES_FROM_BELOW, AGREES),
        ("=", None, arb(0.5), FAILS),
        ("=", None, arb(-0.5), FAILS),
        ("=", None, arb(0), AGREES),
        ("=", 0, HALF, HOLDS),
        ("=", 0, -HALF, HOLDS),
        ("=", 0, fmpq(51, 100), FAILS),
        ("=", 0, -fmpq(51, 100), FAILS),
        ("=", 1, fmpq(5, 100), HOLDS),
        ("=", 1, fmpq(6, 100), FAILS),
        ("=", 2, fmpq(6, 1000), FAILS),
        ("=", 0, arb(1.5, 1), OPEN),
        ("=", 0, STRADDLES, OPEN),
        ("=", 0, arb(0.25, 0.125), HOLDS),
        (">", None, arb(0), FAILS),
        (">", None, arb(2, 1), HOLDS),
        (">", None, arb(-2, 1), FAILS),
        ("<=", None, arb(0), HOLDS),
        (">=", None, arb(2, 1), HOLDS),
        (">=", None, arb(-2, 1), FAILS),
        ("!=", None, arb(0), FAILS),
        ("=", 0, arb(2, 1), FAILS),
        ("!=", None, NONE, FAILS),
        ("!=", None, HALF, HOLDS),
        ("!=", None, -HALF, HOLDS),
        ("!=", None, arb(0.5), HOLDS),
        ("!=", None, arb(-0.5), HOLDS),
        ("!=", None, STRADDLES, OPEN),
        ("!=", None, TOUCHES_FROM_ABOVE, OPEN),
        ("!=", None, TOUCHES_FROM_BELOW, OPEN),
        (">", None, NONE, FAILS),
        (">", None, HALF, HOLDS),
        (">", None, -HALF, FAILS),
        (">", None, TOUCHES_FROM_ABOVE, OPEN),
        (">", None, AROUND_HALF, OPEN),
        ("<", None, NONE, FAILS),
        ("<", None, HALF, FAILS),
        ("<", None, -HALF, HOLDS),
        ("<", None, TOUCHES_FROM_BELOW, OPEN),
        (">=", None, NONE, HOLDS),
        (">=", None, -HALF, FAILS),
        (">=", None, TOUCHES_FROM_BELOW, OPEN),
        (">=", None, AROUND_HALF, OPEN),
        ("<=", None, NONE, HOLDS),
        ("<=", None, HALF, FAILS),
        ("<=", None, -HALF, HOLDS),
        ("<=", None, TOUCHES_FROM_ABOVE, OPEN),
    ],
)
def test_a_difference_decides(monkeypatch, relation, rounding, difference, outcome):
    """The sides are `difference` + 1 and 1: a sign that is lost shows."""
    assert tried(monkeypatch, (difference + 1, ONE), relation, rounding, (64,))[0] is outcome
    swapped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(relation, relation)
    assert tried(monkeypatch, (ONE, difference + 1), swapped, rounding, (64,))[0] is outcome


def test_bits_are_added_until_it_is_decided(monkeypatch):
    wide, narrow = (STRADDLES + 1, ONE), (arb(3), ONE)
    assert tried(monkeypatch, dict.fromkeys(PRECISIONS, narrow), ">") == (HOLDS, 64, [64])
    assert tried(monkeypatch, {64: wide, 128: narrow}, ">") == (HOLDS, 128, [64, 128])
    assert tried(monkeypatch, {64: wide, 128: narrow}, "<") == (FAILS, 128, [64, 128])
    assert tried(monkeypatch, {64: wide, 128: wide, 256: wide, 1024: wide}, ">") == (OPEN, 1024, [64, 128, 256, 1024])
    assert tried(monkeypatch, {64: Undecided(), 128: narrow}, ">") == (HOLDS, 128, [64, 128])
    assert tried(monkeypatch, dict.fromkeys(PRECISIONS, Undecided()), ">") == (OPEN, None, [64, 128, 256, 1024])
    assert tried(monkeypatch, narrow, ">", precisions=()) == (OPEN, None, [])


def test_where_balls_meet_only_the_most_bits_are_tried(monkeypatch):
    meeting, apart = (STRADDLES + 1, ONE), (arb(3), ONE)
    assert tried(monkeypatch, {64: meeting, 1024: meeting}) == (AGREES, 1024, [64, 1024])
    assert tried(monkeypatch, {64: meeting, 1024: apart}) == (FAILS, 1024, [64, 1024])
    assert tried(monkeypatch, {64: Undecided(), 128: meeting, 1024: apart}) == (FAILS, 1024, [64, 128, 1024])
    assert tried(monkeypatch, {64: meeting, 1024: Undecided()}) == (OPEN, 64, [64, 1024])


def test_what_has_no_value_ends_the_search(monkeypatch):
    assert tried(monkeypatch, {64: Undecided(), 128: Undefined()}) == (UNDEFINED, None, [64, 128])
    for problem in (TooLarge(), Unsupported()):
        with pytest.raises(type(problem)):
            tried(monkeypatch, problem)


def test_what_cannot_be_evaluated_is_not_decided(monkeypatch):
    claim = Claim(pi, "<", Integer(4))
    assert closed_comparison(claim, Context()) is True
    for problem in (TooLarge(), Unsupported()):
        monkeypatch.setattr(comparison, "compare", lambda *given, problem=problem: (_ for _ in ()).throw(problem))
        assert closed_comparison(claim, Context()) is None


@pytest.mark.parametrize("relation", ["=", "<", ">", "<=", ">=", "!="])
def test_a_side_without_a_value_is_not_compared(relation):
    assert closed_comparison(Claim(log(Integer(0), evaluate=False), relation, exp(1)), Context()) is None
    assert closed_comparison(Claim(x, relation, x), Context()) is None
