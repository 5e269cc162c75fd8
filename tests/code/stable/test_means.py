"""A value less its weighted mean is computed from the value at the largest weight, where the judge proves that the weights
sum to 1; the digits are compared with 50 of them."""

import mpmath
import numpy as np
import pytest
from sympy import exp

from derive.code import targets
from derive.code.functions.compare import check
from derive.code.loading import load
from derive.code.stable.means import means
from derive.code.stable.stabiliser import Stabiliser
from derive.jobs.compile import compile as compiled
from derive.terms.context import Context, Definition
from derive.terms.terms import Cases, family, index, size, summation

z, a, w, v, x = (family(name) for name in "zawvx")
i, j, k, n = index("i"), index("j"), index("k"), size("n")
TOTAL = summation(exp(z[k]), k, 1, n)
CHANCES = Context().define(Definition(a[i], exp(z[i]) / TOTAL))
WEIGHTS = {"a name": a[k], "written out": exp(z[k]) / TOTAL}
ULP = np.finfo(float).eps

DOCUMENT = r"""---
derive:
  indices: i, j, k in 1..n
  families: u_i, p_i, l_i
---
# Other letters

$$p_i = \frac{e^{2 u_i}}{\sum_{k=1}^{n} e^{2 u_k}}$$

$$\frac{\partial p_i}{\partial u_j} = ?$$

$$l_i = u_i - \ln \sum_{k=1}^{n} e^{u_k}$$

$$\frac{\partial l_i}{\partial u_j} = ?$$
"""

ROWS = [[37.43, 0.0], [0.0, 41.0, -3.0], [800.0, 763.0, 1.0], [-2.0, -40.5, -45.25, -90.0], [0.3, 0.1, -0.2]]


def mean_less(weight):
    return v[i] - summation(weight * v[k], k, 1, n)


def share_less(weight):
    return v[j] - weight.xreplace({k: j}) * summation(v[k], k, 1, n)


@pytest.mark.parametrize("weight", WEIGHTS.values(), ids=WEIGHTS)
@pytest.mark.parametrize("moderate", [False, True])
def test_the_value_at_the_largest_weight_is_subtracted_first(weight, moderate):
    stable = Stabiliser(CHANCES, moderate=moderate, split=False)
    found = stable(x[i] * mean_less(weight))
    (peak,) = stable.shifts.peaks
    assert peak.exponent == z[peak.letter]
    assert found.has(v[peak.top]) and "mean" in {licence.law for licence in stable.licences} and not stable.refused


@pytest.mark.parametrize("weight", WEIGHTS.values(), ids=WEIGHTS)
def test_a_share_is_taken_apart_at_the_largest_weight(weight):
    stable = Stabiliser(CHANCES)
    found = stable(share_less(weight))
    assert isinstance(found, Cases) and found.has(stable.shifts.peaks[0].top)
    assert [licence.arbitrary for licence in stable.licences if licence.law == "mean"] == [("m",)]


@pytest.mark.parametrize("weight", [w[k], 2 * a[k], a[k] ** 2, exp(z[k]), exp(2 * z[k]) / TOTAL], ids=str)
@pytest.mark.parametrize("form", [mean_less, share_less])
def test_weights_that_do_not_sum_to_1_are_left(weight, form):
    stable = Stabiliser(CHANCES)
    stable(form(weight))
    assert not stable.shifts.peaks and not stable.refused
    assert "mean" not in {licence.law for licence in stable.licences}


def test_a_wrong_place_in_the_other_sign_is_refused():
    stable = Stabiliser(CHANCES)
    (mean, *_) = means(mean_less(a[k]), frozenset())
    place = stable.shifts.of_peak(z[k], k, mean.span)
    right = mean.from_place(place)
    assert stable._granting.grant(mean_less(a[k]), right, "mean", ())
    assert not stable._granting.grant(mean_less(a[k]), right + 2 * v[place], "mean", ())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("means") / "other.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    functions = compiled(path).functions
    return functions, load(targets.TARGETS["numpy"].written(functions, "other", "other.md"))


def exact(u, t):
    """p, and for each entry of p_i (t_i - Σ p t) the value and Σ_k p_k |t_i - t_k| beside it."""
    powers = [mpmath.exp(2 * mpmath.mpf(x)) for x in u]
    p = [x / mpmath.fsum(powers) for x in powers]
    gaps = [[p[k] * (mpmath.mpf(one) - mpmath.mpf(other)) for k, other in enumerate(t)] for one in t]
    values = [2 * p[i] * mpmath.fsum(row) for i, row in enumerate(gaps)]
    sizes = [2 * p[i] * mpmath.fsum(map(abs, row)) for i, row in enumerate(gaps)]
    return values, sizes


def directions(length):
    rng = np.random.default_rng(length)
    return [np.eye(length)[0], np.eye(length)[-1], 1e3 + rng.normal(size=length), np.linspace(-1, 1, length)]


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("name", ["dp_du_vjp", "dp_du_jvp"])
def test_products_with_the_jacobian_keep_their_digits(made, name, row):
    u = np.array(row) / 2
    with mpmath.workdps(50):
        for t in directions(len(u)):
            values, sizes = exact(u, t)
            for got, value, scale in zip(getattr(made[1], name)(u, t), values, sizes, strict=True):
                assert abs(mpmath.mpf(float(got)) - value) <= 8 * ULP * scale + np.finfo(float).tiny


def test_the_plain_form_loses_them():
    u, t = np.array([37.43, 0.0]), np.array([1.0, 0.0])
    p = np.exp(u) / np.exp(u).sum()
    with mpmath.workdps(50):
        value = exact(u / 2, t)[0][0] / 2
    plain = p[0] * (t[0] - p @ t)
    assert plain == 0 and abs(value - mpmath.mpf("5.55e-17")) < 1e-19


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_gradient_of_a_logarithm_keeps_its_digits(made, row):
    u = np.array(row)
    with mpmath.workdps(50):
        powers = [mpmath.exp(mpmath.mpf(x)) for x in row]
        p = [x / mpmath.fsum(powers) for x in powers]
        for t in directions(len(u)):
            exactly = [mpmath.mpf(x) for x in t]
            for place, got in enumerate(made[1].dl_du_vjp(u, t)):
                rest = [k for k in range(len(u)) if k != place]
                first = exactly[place] * mpmath.fsum(p[k] for k in rest)
                second = p[place] * mpmath.fsum(exactly[k] for k in rest)
                scale = abs(first) + p[place] * mpmath.fsum(abs(exactly[k]) for k in rest)
                assert abs(mpmath.mpf(float(got)) - (first - second)) <= 8 * ULP * scale + np.finfo(float).tiny


def test_any_leading_axes_will_do(made):
    u, t = np.random.default_rng(0).normal(size=(2, 2, 3, 4)) * 20
    for name in ("dp_du_vjp", "dl_du_vjp", "dl_du_jvp"):
        function = getattr(made[1], name)
        whole = function(u, t)
        assert all(np.allclose(whole[at], function(u[at], t[at]), rtol=1e-13, atol=0) for at in np.ndindex(2, 3))


def test_every_function_is_what_the_balls_say(made):
    assert all(check(function) > 0 for function in made[0])
