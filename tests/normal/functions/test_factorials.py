"""Factorials and binomial coefficients are judged by their ratio."""

from __future__ import annotations

import pytest
from sympy import Integer, Rational, factorial, log

from derive.balls.duals import Undefined, Unsupported
from derive.balls.elementary import BALLS
from derive.jobs.check import check
from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.normal.algebra.ring import OutOfDomain
from derive.normal.normaliser import Normaliser
from derive.terms.context import Claim, Context
from derive.terms.terms import index, scalar, size, summation

n, k, x = size("n"), index("k"), scalar("x")
BARE = Context()


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (r"\frac{(n+1)!}{n!} = n + 1", r"\frac{(n+1)!}{n!} = n"),
        (r"\frac{n!}{(n-1)!} = n", r"\frac{n!}{(n-1)!} = n - 1"),
        (r"\binom{n}{k} + \binom{n}{k+1} = \binom{n+1}{k+1}", r"\binom{n}{k} + \binom{n}{k+1} = \binom{n+1}{k}"),
        (r"\binom{n}{k} = \binom{n}{n-k}", r"\binom{n}{k} = \binom{n}{n-k+1}"),
        (r"k \binom{n}{k} = n \binom{n-1}{k-1}", r"k \binom{n}{k} = n \binom{n-1}{k}"),
        (r"\binom{n}{2} = \frac{n (n-1)}{2}", r"\binom{n}{2} = \frac{n (n+1)}{2}"),
        (r"\binom{5}{2} = 10", r"\binom{5}{2} = 20"),
        (r"4! = 24", r"4! = 12"),
        (r"\ln((n+1)!) = \ln(n!) + \ln(n+1)", r"\ln((n+1)!) = \ln n! + \ln n"),
        (r"\sum_{k=1}^n k \cdot k! = (n+1)! - 1", r"\sum_{k=1}^n k \cdot k! = (n+1)! - 2"),
        (r"\sum_{k=0}^n \frac{k}{(k+1)!} = 1 - \frac{1}{(n+1)!}", r"\sum_{k=0}^n \frac{k}{(k+1)!} = 1 - \frac{1}{n!}"),
    ],
)
def test_claims_with_factorials(true, false):
    text = f"$${true}$$\n\n$${false}$$\n"
    last = [claim.verdict for claim in check(text).claims][-2:]
    assert last == ["proved", "refuted"]


@pytest.mark.parametrize("formula", ["n!! = n!", "6!! = 48", r"\binom{n} = 1", r"(-1)! = 1"])
def test_what_is_no_factorial_is_not_read(formula):
    assert [claim.verdict for claim in check(f"$${formula}$$").claims] == ["unread"]


@pytest.mark.parametrize("shift", [-3, -1, 0, 1, 2, 12])
def test_a_factorial_is_moved_by_whole_numbers(shift):
    normal = Normaliser(BARE)
    expected = factorial(n)
    for step in range(1, shift + 1):
        expected = expected * (n + step)
    for step in range(shift + 1, 1):
        expected = expected / (n + step)
    assert normal.is_zero(normal(factorial(n + shift)) - normal(expected))
    assert not normal.is_zero(normal(factorial(n + shift)) - normal(expected * (n + 20)))


@pytest.mark.parametrize("argument", [n + Rational(1, 2), n + 13, n - 13])
def test_a_factorial_stays_where_it_would_be_moved_far_or_by_a_part(argument):
    normal = Normaliser(BARE)
    ((monomial, coefficient),) = normal(factorial(argument))
    assert (len(monomial), coefficient) == (1, 1)
    ((atom, exponent),) = monomial
    assert (atom.data[0], atom.data[2], exponent) == ("factorial", (normal(argument),), 1)


def test_the_factorial_of_a_number():
    normal = Normaliser(BARE)
    law = normal.form
    assert law(factorial(Integer(5), evaluate=False)).constant() == 120
    assert law(factorial(Integer(0), evaluate=False)).constant() == 1
    assert law(factorial(Integer(100), evaluate=False)).constant() is not None
    assert law(factorial(Integer(101), evaluate=False)).constant() is None
    for argument in (Integer(-1), Rational(1, 2)):
        with pytest.raises(OutOfDomain):
            law(factorial(argument, evaluate=False))


def test_a_factorial_is_positive():
    normal = Normaliser(BARE)
    assert normal(log(factorial(k) * factorial(n))) == normal(log(factorial(k))) + normal(log(factorial(n)))
    assert decide(Claim(factorial(n), ">", Integer(0)), BARE).kind is Kind.PROVED
    assert decide(Claim(factorial(n), ">", Integer(1)), BARE).kind is not Kind.PROVED


def test_a_sum_that_is_written_out_has_the_factorials_of_numbers():
    term = summation(factorial(k), k, Integer(0), Integer(3))
    assert decide(Claim(term, "=", Integer(10)), BARE).kind is Kind.PROVED
    assert decide(Claim(term, "=", Integer(9)), BARE).kind is Kind.REFUTED


def test_of_what_is_no_whole_number_there_is_none():
    from flint import arb, fmpq

    value = BALLS["factorial"]
    assert value(fmpq(5)) == 120
    for argument in (fmpq(1, 2), fmpq(-1)):
        with pytest.raises(Undefined):
            value(argument)
    for argument in (arb(3), fmpq(1001)):
        with pytest.raises(Unsupported):
            value(argument)
    assert decide(Claim(factorial(x) ** 2, "=", factorial(x)), BARE).kind is not Kind.PROVED
