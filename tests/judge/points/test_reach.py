"""A witness reads no member that its family does not have; within the family's own range it is found as ever."""

from __future__ import annotations

import pytest
from sympy import Integer, KroneckerDelta, exp

from derive.judge.decide import decide
from derive.judge.points.domains import domain_of
from derive.judge.points.sampling import points
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Range
from derive.terms.terms import Partial, family, index, size, summation

n, classes = size("n"), size("C")
i, j, k, t = index("i"), index("j"), index("k"), index("t")
z, p, y = family("z"), family("p"), family("y")
SOFTMAX = (
    Context()
    .with_range(k, Range(Integer(1), classes))
    .define(Definition(p[k], exp(z[k]) / summation(exp(z[t]), t, 1, classes)))
)


@pytest.mark.parametrize(
    ("right", "kind"),
    [
        (p[i] * (KroneckerDelta(i, j) - p[j]), Kind.TESTED),
        (p[i] * (KroneckerDelta(i, j) + p[j]), Kind.REFUTED),
        (p[i] * (1 - p[j]), Kind.REFUTED),
    ],
)
def test_samples_are_no_classes(right, kind):
    """i and j run over 1..n, the members of z over 1..C: z_2 is none where C is 1."""
    verdict = decide(Claim(Partial(p[i], z[j]), "=", right), SOFTMAX)
    assert verdict.kind in ((kind, Kind.CONDITIONAL) if kind is Kind.REFUTED else (kind, Kind.PROVED))
    if verdict.witness is not None:
        values = dict(verdict.witness.values)
        assert max(values["i"], values["j"]) <= values["C"]


@pytest.mark.parametrize(("place", "least"), [(2, 2), (3, 3), (0, 1)])
def test_a_number_below_a_family_is_one_of_its_places(place, least):
    """One below the first place says nothing: a recurrence may start there."""
    claim = Claim(summation(z[k], k, 1, classes), "=", z[place])
    assert min(point.sizes["C"] for point in points(claim, SOFTMAX)) == least
    assert decide(claim, SOFTMAX).kind in (Kind.REFUTED, Kind.CONDITIONAL)


def test_an_index_of_the_same_range_needs_no_bound():
    assert domain_of(Claim(p[k], "=", z[k]), SOFTMAX).index_facts == ()
    assert domain_of(Claim(y[i], "=", y[j]), SOFTMAX).index_facts == ()
    assert [str((f.left, f.relation, f.right)) for f in domain_of(Claim(p[i], "=", y[i]), SOFTMAX).index_facts] == [
        "(i, '<=', C)",
        "(i, '>=', 1)",
    ]
