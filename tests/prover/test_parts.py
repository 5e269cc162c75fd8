"""The small tools of the prover: sifting, splitting, dependence, letters, names."""

import pytest
from sympy import Expr, Integer, KroneckerDelta, Mul, Symbol, exp, log

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.prover.deltas import as_written, free_pairs, partner, rebuilt, sifted, split, sum_of
from derive.prover.dependence import Dependence, body_of
from derive.prover.letters import Letters, relettered, spans_of
from derive.prover.refold import refolded
from derive.prover.shapes import Shaper, cost
from derive.prover.slopes import Slopes
from derive.terms.context import Claim, Context, Definition, Range
from derive.terms.terms import Call, Partial, family, index, scalar, size, summation
from derive.writing.writer import text

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
a, w, x, y, z = (family(name) for name in "awxyz")
L, S, X, tau = scalar("L"), scalar("S"), scalar("x"), scalar("\\tau")
ONE = Integer(1)
SUM = summation(exp(z[k]), k, ONE, n)
CLASSES = Context().define(Definition(a[i], exp(z[i]) / SUM), Definition(L, -summation(y[k] * log(a[k]), k, ONE, n)))
FOLDED = Shaper(Context())


def test_sifting() -> None:
    assert sifted(summation(KroneckerDelta(k, i) * x[k] * y[j], k, ONE, n)) == x[i] * y[j]
    two = KroneckerDelta(k, i) * x[k] + y[k] * KroneckerDelta(j, k)
    assert sifted(summation(two, k, ONE, n)) == x[i] + y[j]
    assert sifted(summation(x[k] * two, k, ONE, n)) == x[i] ** 2 + x[j] * y[j]
    nested = summation(summation(w[k, l] * KroneckerDelta(k, i) * KroneckerDelta(l, j), l, ONE, d), k, ONE, n)
    assert sifted(nested) == w[i, j]


def test_sifting_reaches_into_the_sums_below() -> None:
    inside = summation(KroneckerDelta(k, i) * w[k, l] * y[l], l, ONE, d)
    assert text(sifted(summation(inside, k, ONE, n))) == text(summation(w[i, l] * y[l], l, ONE, d))
    assert text(sifted(summation(x[k] * inside, k, ONE, n))) == text(x[i] * summation(w[i, l] * y[l], l, ONE, d))
    along = summation(KroneckerDelta(k, l) * w[k, l], l, ONE, n)
    assert text(sifted(summation(along, k, ONE, n))) == text(summation(w[k, k], k, ONE, n))
    both = summation(summation(KroneckerDelta(k, i) * w[k, l], l, ONE, d) + KroneckerDelta(j, k) * y[k], k, ONE, n)
    assert text(sifted(both)) == text(summation(w[i, l], l, ONE, d) + y[j])


def test_no_sifting_without_a_factor_or_by_a_bound_index() -> None:
    plain = summation(x[k] * (1 + KroneckerDelta(k, i)), k, ONE, n)
    assert sifted(plain) == plain
    unlike = summation(KroneckerDelta(i, j) * x[k], k, ONE, n)
    assert sifted(unlike) == unlike


def test_no_sifting_where_the_ends_of_a_sum_below_depend_on_the_index() -> None:
    triangle = summation(summation(KroneckerDelta(k, i) * w[k, l], l, ONE, k), k, ONE, n)
    assert sifted(triangle) == triangle
    mixed = summation(summation((1 + KroneckerDelta(k, i)) * w[k, l], l, ONE, d), k, ONE, n)
    assert sifted(mixed) == mixed


def test_split_of_a_sum() -> None:
    factors = (Integer(-1), y[j], 1 / a[j], a[j], KroneckerDelta(i, j) - a[i])
    whole = sum_of(factors, j, ONE, n)
    one, others = split(factors, j, i, ONE, n)
    assert text(one) == "-a_i y_i (1 - a_i)/a_i" and text(rebuilt(one)) == "-y_i (1 - a_i)"
    assert decide(Claim(whole, "=", one + others), Context()).kind is Kind.PROVED
    assert decide(Claim(whole, "=", one - others), Context()).kind is not Kind.PROVED
    assert split((x[j], KroneckerDelta(i, j)), j, i, ONE, n)[1] == 0


def test_factors_stay_apart_until_they_are_rebuilt() -> None:
    product = as_written(a[i], 1 / a[i])
    assert isinstance(product, Mul) and rebuilt(product) == 1


def test_partner_and_pairs() -> None:
    assert partner(x[k] * (KroneckerDelta(k, i) - 1), k) == i
    assert partner(summation(KroneckerDelta(k, l), l, ONE, n), k) is None
    assert free_pairs(KroneckerDelta(i, j) + summation(KroneckerDelta(k, i), k, ONE, n)) == ((i, j),)


def test_dependence() -> None:
    graph = Dependence(CLASSES.define(Definition(S, SUM)))
    assert graph.depends(L, z[i]) and not graph.depends(y[k], z[i])
    assert graph.gateway("L", "z") == "a" and graph.gateway("a", "z") is None
    both = CLASSES.define(Definition(L, a[1] + z[1]))
    assert Dependence(both).gateway("L", "z") is None


def test_the_gateway_nearest_to_the_variable() -> None:
    layer = CLASSES.define(Definition(z[k], summation(w[k, j] * x[j], j, ONE, d)))
    assert Dependence(layer).gateway("L", "w") == "z"


def test_a_parameter_is_no_name() -> None:
    graph = Dependence(Context().define(Definition(Call("f", [X]), X**2), Definition(L, Call("f", [tau]))))
    assert graph.depends(L, tau) and not graph.depends(L, X)


def test_the_definition_of_literal_members_goes_first() -> None:
    context = Context().define(Definition(a[1], tau), Definition(a[i], z[i]))
    assert body_of(a[1], context) == tau and body_of(a[j], context) == z[j] and body_of(y[1], context) is None


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (exp(z[i]) / SUM, "a_i"),
        ((exp(z[i]) * SUM - exp(2 * z[i])) / SUM**2, "a_i (1 - a_i)"),
        (-exp(z[i] + z[j]) / SUM**2 / tau, "-a_i a_j/tau"),
        (KroneckerDelta(i, j) * exp(z[i]) / SUM - exp(z[i] + z[j]) / SUM**2, "a_i (delta_ij - a_j)"),
        (exp(z[i]) * summation(z[k] * exp(z[k]), k, ONE, n) / SUM**2, "a_i sum_k a_k z_k"),
    ],
)
def test_refolded(term: Expr, expected: str) -> None:
    found = refolded(term, Shaper(CLASSES), FOLDED, ())
    assert found is not None and text(found) == expected
    assert decide(Claim(term, "=", found), CLASSES).kind is Kind.PROVED


@pytest.mark.parametrize("term", [exp(z[i]), exp(z[i]) + 1 / SUM, Integer(3)])
def test_what_the_names_do_not_express_is_not_refolded(term: Expr) -> None:
    assert refolded(term, Shaper(CLASSES), FOLDED, ()) is None


def test_one_level_and_carried_out() -> None:
    def depends(term: Expr) -> bool:
        return term.has(z.label)

    laws = Slopes(z[i], depends)
    assert text(laws.one_level(exp(z[j]) / SUM)).count("d/dz_i") == 2
    assert [rule.name for rule in laws.used] == ["quotient rule"]
    assert text(Slopes(z[i], depends).carried_out(x[j] * exp(z[j]))) == "x_j delta_ij exp(z_j)"
    assert Slopes(z[i], depends).carried_out(x[j]) == 0
    assert Slopes(X, lambda term: term.has(X)).carried_out(-X) == -1


def test_letters() -> None:
    context = Context().with_range(j, Range(ONE, d))
    letters = Letters()
    assert [s.name for s in letters.fresh([Range(ONE, n), Range(ONE, d)], {"k"}, context)] == ["l", "j"]
    with_other = Letters({"k": Range(ONE, d)})
    assert with_other.fresh([Range(ONE, n)], (), context)[0].name != "k"
    assert spans_of("w", 2, context.define(Definition(z[k], summation(w[k, j], j, ONE, d)))) == (Range(ONE, n), Range(ONE, d))


def test_relettered() -> None:
    clash = Symbol("k", integer=True)
    term = x[clash] * summation(y[k], k, ONE, n)
    other = relettered(term, Context())
    assert text(other) == "x_k sum_l y_l"
    assert relettered(summation(y[k], k, ONE, n), Context()).limits[0][0].name == "k"
    assert decide(Claim(term, "=", other), Context()).kind is Kind.PROVED


def test_cost() -> None:
    assert cost(a[i] * (1 - a[i])) <= cost(a[i] - a[i] ** 2)
    assert cost(a[i] - y[i]) < cost(a[i] * summation(y[k], k, ONE, n) - y[i])
    assert cost(-y[i]) == cost(y[i]) and cost(Partial(L, z[i])) > cost(L)
