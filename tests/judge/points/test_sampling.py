"""Points of the constraint set: they obey the hypotheses, and are generic otherwise."""

import os
import subprocess
import sys
from collections import deque
from fractions import Fraction
from itertools import islice

import pytest
from sympy import Integer, KroneckerDelta, Rational, exp, log

from derive.judge.points import satisfying
from derive.judge.points.linear import Inconsistent
from derive.judge.points.sampling import NoPoint, points
from derive.judge.points.satisfying import satisfiable
from derive.judge.points.values import Interval
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot, Range
from derive.terms.terms import family, index, scalar, size, summation

i, j, k, n, d = index("i"), index("j"), index("k"), size("n"), size("d")
z, a, y, w = family("z"), family("a"), family("y"), family("w")
x, u = scalar("x"), scalar("u")
TOTAL = Fact(summation(y[k], k, 1, n), "=", Integer(1))


def drawn(claim, context, **options):
    return list(points(claim, context, **options))


def members(point, name):
    return [point.value(name, (m,)) for m in range(1, point.sizes["n"] + 1)]


def test_a_family_on_the_simplex_is_generic():
    found = [members(p, "y") for p in drawn(Claim(y[i], "=", y[i]), Context().assume(TOTAL))]
    assert all(sum(values) == 1 for values in found)
    wide = [values for values in found if len(values) > 1]
    assert any(sorted(values) != [0] * (len(values) - 1) + [1] for values in wide)
    assert any(min(values) < 0 for values in wide)


def test_with_its_sign_it_is_not_negative_and_still_generic():
    context = Context().assume(TOTAL, Fact(y[k], ">=", Integer(0), (k,)))
    found = [members(p, "y") for p in drawn(Claim(y[i], "=", y[i]), context)]
    assert {len(values) for values in found} == {1, 2, 3, 4, 5}
    assert all(sum(values) == 1 and min(values) >= 0 for values in found)
    assert any(min(values) > 0 and len(values) == 5 for values in found)


def test_one_hot_at_every_place():
    found = drawn(Claim(y[i] * y[j], "=", z[i]), Context().assume(OneHot(y)))
    seen = set()
    for point in found:
        values = members(point, "y")
        assert sorted(values) == [0] * (len(values) - 1) + [1]
        at = values.index(1) + 1
        seen.add((len(values), point.indices[i] == at, point.indices[j] == at, point.indices[i] == point.indices[j]))
    assert {(3, True, True, True), (3, True, False, False), (3, False, True, False), (3, False, False, True)} <= seen
    named = drawn(Claim(y[i], "=", z[i]), Context().assume(OneHot(y, j)))
    assert all(p.value("y", (p.indices[j],)) == 1 for p in named)
    delta = Context().assume(Fact(y[k], "=", KroneckerDelta(k, j), (k,)))
    assert all(p.value("y", (p.indices[j],)) == 1 == sum(members(p, "y")) for p in drawn(Claim(y[i], "=", z[i]), delta))


def test_every_pattern_of_coincidence():
    found = drawn(Claim(z[i] * z[j] * z[k], "=", x), Context())
    shapes = {
        (p.indices[i] == p.indices[j], p.indices[j] == p.indices[k], p.indices[i] == p.indices[k])
        for p in found
        if p.sizes["n"] == 3
    }
    assert len(shapes) == 5
    assert [p.sizes["n"] for p in found] == sorted(p.sizes["n"] for p in found)


@pytest.mark.parametrize(
    ("fact", "holds"),
    [
        (Fact(i, "=", j), lambda p: p.indices[i] == p.indices[j]),
        (Fact(i, "!=", j), lambda p: p.indices[i] != p.indices[j]),
        (Fact(i, "<", j), lambda p: p.indices[i] < p.indices[j]),
        (Fact(n, ">=", Integer(3)), lambda p: p.sizes["n"] >= 3),
        (Fact(n, "=", Integer(10)), lambda p: p.sizes["n"] == 10),
    ],
)
def test_facts_about_indices(fact, holds):
    claim = Claim(z[i] * z[j], "=", summation(z[k], k, 1, n))
    assert all(holds(p) for p in drawn(claim, Context().assume(fact)))
    assert not all(holds(p) for p in drawn(claim, Context()))


def test_signs_and_obligations_are_built_in():
    assert all(p.value("x", ()) > 0 for p in drawn(Claim(x, "=", u), Context().assume(Fact(x, ">", Integer(0)))))
    assert all(p.value("x", ()) > 0 for p in drawn(Claim(log(x), "=", u, (Obligation(x, ">"),)), Context()))
    assert all(p.value("x", ()) != 0 for p in drawn(Claim(1 / x, "=", u, (Obligation(x, "!="),)), Context()))
    between = Context().assume(Fact(x, ">", Integer(0)), Fact(x, "<", Rational(1, 10)))
    assert all(0 < p.value("x", ()) < Rational(1, 10) for p in drawn(Claim(x, "=", u), between))
    every = Claim(summation(log(z[k]), k, 1, n), "=", x, (Obligation(z[k], ">", ((k, Integer(1), n),)),))
    assert all(min(members(p, "z")) > 0 for p in drawn(every, Context()))
    apart = Claim(1 / (x - u), "=", u, (Obligation(x - u, "!="),))
    assert all(p.value("x", ()) != p.value("u", ()) for p in drawn(apart, Context()))


def test_equations_are_solved():
    twice = Context().assume(Fact(x, "=", 2 * u + 1))
    assert all(p.value("x", ()) == 2 * p.value("u", ()) + 1 for p in drawn(Claim(x, "=", u), twice))
    product = Context().assume(Fact(x * u, "=", Integer(6)))
    assert all(p.value("x", ()) * p.value("u", ()) == 6 for p in drawn(Claim(x, "=", u), product))
    symmetric = Context().assume(Fact(w[i, j], "=", w[j, i], (i, j)))
    assert all(
        p.value("w", (1, 2)) == p.value("w", (2, 1)) for p in drawn(Claim(w[1, 2], "=", w[2, 1]), symmetric) if p.sizes["n"] > 1
    )


def test_a_hypothesis_on_a_defined_family_that_always_holds():
    context = Context().define(Definition(a[i], exp(z[i]) / summation(exp(z[k]), k, 1, n)))
    assert drawn(Claim(a[i], "=", x), context.assume(Fact(summation(a[k], k, 1, n), "=", Integer(1))))
    assert drawn(Claim(a[i], "=", x), context.assume(Fact(a[i], ">", Integer(0), (i,))))
    with pytest.raises(NoPoint):
        drawn(Claim(a[i], "=", x), context.assume(Fact(summation(a[k], k, 1, n), "=", Integer(2))))


def test_sizes_are_chosen_apart():
    context = Context().with_range(j, Range(Integer(1), d))
    for point in drawn(Claim(w[i, j], "=", x), context):
        assert point.sizes["n"] != point.sizes["d"]
        assert 1 <= point.indices[j] <= point.sizes["d"]


def test_a_size_of_another_name():
    found = drawn(Claim(summation(z[k], k, 1, d), "=", x), Context())
    assert {p.sizes["d"] for p in found} == {1, 2, 3, 4, 5}


def test_hypotheses_on_other_quantities_do_not_matter():
    context = Context().assume(Fact(x, ">", Integer(0)), Fact(x, "<", Integer(0)))
    assert drawn(Claim(u, "=", u), context)
    with pytest.raises(NoPoint) as none:
        drawn(Claim(x, "=", u), context)
    assert none.value.certain


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ((), True),
        ((TOTAL,), True),
        ((TOTAL, OneHot(y)), True),
        ((TOTAL, Fact(summation(y[k], k, 1, n), "=", Integer(2))), False),
        ((OneHot(y), Fact(summation(y[k], k, 1, n), "=", Integer(2))), False),
        ((Fact(x, ">", Integer(0)), Fact(x, "<", Integer(0))), False),
        ((Fact(x, ">=", Integer(0)), Fact(x, "<=", Integer(0))), True),
        ((Fact(i, "=", j), Fact(i, "!=", j)), False),
        ((Fact(i, "!=", j),), True),
        ((Fact(x**2, "=", Integer(-1)),), None),
    ],
)
def test_satisfiable(facts, answer):
    assert satisfiable(Context().assume(*facts)) is answer


@pytest.fixture
def searches(monkeypatch):
    """The contexts that were searched as a whole."""
    made = []
    real = satisfying.search
    monkeypatch.setattr(satisfying, "_FOUND", deque(maxlen=4))
    monkeypatch.setattr(satisfying, "search", lambda domain, *more: made.append(domain) or real(domain, *more))
    return made


def growing(facts):
    context = Context()
    for fact in facts:
        context = context.assume(fact)
        assert satisfiable(context) is True
    return context


def test_a_growing_context_is_not_searched_anew(searches):
    signs = [Fact(scalar(f"s_{number}"), (">", "<", "!=", ">=")[number % 4], Integer(0)) for number in range(40)]
    context = growing(signs)
    assert len(searches) == 1
    assert satisfiable(context.assume(Fact(scalar("s_0"), "<", Integer(0)))) is False
    assert len(searches) == 2


def test_facts_that_share_a_quantity_are_searched_together(searches):
    context = growing([Fact(x, ">", Integer(5)), Fact(u, "<", x), Fact(u, ">", Integer(5))])
    assert satisfiable(context.assume(Fact(u, ">", x))) is None


def test_a_point_is_not_carried_past_a_new_definition(searches):
    context = growing([Fact(x, ">", Integer(0)), Fact(u, ">", Integer(0))])
    assert satisfiable(context.define(Definition(u, -x))) is False


def test_few_points_reach_several_sizes():
    found = drawn(Claim(z[i] * z[j], "=", z[i]), Context(), count=6)
    assert [p.sizes["n"] for p in found] == [1, 2, 2, 3, 3, 3]
    later = drawn(Claim(z[i], "=", z[i]), Context().assume(Fact(n, ">=", Integer(4))), count=6)
    assert {p.sizes["n"] for p in later} == {4, 5}


def test_intervals():
    assert Interval(Fraction(0), Fraction(0)).checked().place(Fraction(3), Fraction(1, 2)) == 0
    with pytest.raises(Inconsistent):
        Interval(Fraction(0)).below(Fraction(0), True)
    assert Interval(avoid_zero=True).place(Fraction(0), Fraction(1, 2)) != 0
    assert Interval(high=Fraction(0), open_high=True).place(Fraction(2), Fraction(1, 2)) == -2


SCRIPT = """
from derive.terms.context import *
from derive.terms.terms import *
from derive.judge.points.sampling import points
from derive.judge.points.refuting import refute
from sympy import exp, Integer
i, j, k, n = index("i"), index("j"), index("k"), size("n")
z, y, a, x = family("z"), family("y"), family("a"), scalar("x")
c = Context().assume(Fact(summation(y[k], k, 1, n), "=", Integer(1)), Fact(x, ">", Integer(0)))
claim = Claim(y[i] * exp(z[j]) * Call("f", [x]), "=", y[j])
for p in points(claim, c):
    print(sorted(p.sizes.items()), sorted((s.name, v) for s, v in p.indices.items()), sorted(p.members.items()),
          p.value("z", (1,)), p.value("x", ()))
print(refute(claim, c))
"""


def test_the_same_in_every_process():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            capture_output=True,
            check=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert "Witness" in outputs.pop()


def test_points_are_lazy():
    assert len(list(islice(points(Claim(z[i], "=", x), Context()), 2))) == 2
