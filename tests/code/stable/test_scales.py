"""What all exponents have as a factor is taken out of their differences; beside each stands what is lost otherwise."""

from dataclasses import replace

import numpy as np
import pytest
from sympy import Integer, Sum, exp, log

from derive.code.functions.interpret import evaluate
from derive.code.stable.shifts import divided, scaled
from derive.code.stable.stabiliser import Stabiliser
from derive.jobs.compile import compile as compiled
from derive.judge.decide import decide
from derive.terms.context import Context, Fact, Range
from derive.terms.terms import bound, family, scalar, size
from tests.tools.conditioned import Exact, worst
from tests.tools.slow import every

HEAD = "---\nderive:\n  indices: i, j, k in 1..n\n  families: z_i\n  scalars: \\tau, \\beta, b\n{}---\n"
POSITIVE = HEAD.format("  assume: \\tau > 0\n")
OPEN = HEAD.format("")
SHARES = r"$$a_i = \frac{{e^{{{}}}}}{{\sum_{{k=1}}^{{n}} e^{{{}}}}}$$"


def shares(exponent):
    return SHARES.format(exponent.replace("#", "i"), exponent.replace("#", "k"))


TEMPERATURE = POSITIVE + shares(r"z_# / \tau")
FORMS = {
    "a temperature": (TEMPERATURE, "a", lambda z, t: _shares(z / t)),
    "a temperature of unknown sign": (OPEN + shares(r"z_# / \tau"), "a", lambda z, t: _shares(z / t)),
    "energies": (POSITIVE + shares(r"-z_# / \tau"), "a", lambda z, t: _shares(-z / t)),
    "a factor": (OPEN + shares(r"-\beta z_#"), "a", lambda z, t: _shares(-t * z)),
    "a number": (OPEN + shares(r"3 z_#"), "a", lambda z: _shares(3 * z)),
    "a root": (OPEN + shares(r"z_# / \sqrt{n}"), "a", lambda z: _shares(z / np.sqrt(len(z)))),
    "a class of its own": (
        POSITIVE + r"$$a_i = \frac{e^{z_i / \tau}}{1 + \sum_{k=1}^{n} e^{z_k / \tau}}$$",
        "a",
        lambda z, t: _shares(np.append(z / t, 0))[:-1],
    ),
    "a logarithm": (
        POSITIVE + r"$$a_i = \ln \frac{e^{z_i / \tau}}{\sum_{k=1}^{n} e^{z_k / \tau}}$$",
        "a",
        lambda z, t: z / t - (z / t).max() - np.log(np.exp(z / t - (z / t).max()).sum()),
    ),
    "a soft maximum": (
        POSITIVE + r"$$L = \tau \ln \sum_{k=1}^{n} e^{z_k / \tau} - z_1$$",
        "L",
        lambda z, t: t * ((z / t).max() + np.log(np.exp(z / t - (z / t).max()).sum())) - z[0],
    ),
}


def _shares(exponents):
    """What libraries have: the largest is subtracted, but from what is rounded already."""
    e = np.exp(exponents - exponents.max())
    return e / e.sum()


def _measured(function, plain, offset):
    """The largest errors of the program and of the plain form on some inputs that lie near `offset`."""
    program = form = 0.0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        arrays = {node.name: np.asarray(rng.normal(offset, 3, 5) if node.name == "z" else 0.7) for node in function.arguments}
        batched = {node.name: arrays[node.name][None] if node.axes else arrays[node.name] for node in function.arguments}
        exact = Exact(function, arrays)
        results = {name: value[0] for name, value in evaluate(function.program, batched).items()}
        ours, bad, _ = worst(exact, results, np.float64)
        theirs, _, _ = worst(exact, {name: np.asarray(plain(*arrays.values())) for name in results}, np.float64)
        assert not bad
        program, form = max(program, ours), max(form, theirs)
    return program, form


@pytest.mark.parametrize("form", FORMS)
def test_scores_near_one_large_number_keep_their_digits(form):
    document, name, plain = FORMS[form]
    (function,) = compiled(document, [name]).functions
    assert not function.unproved
    measured = [_measured(function, plain, offset) for offset in (0, 1e4, -1e7, 1e7)]
    assert max(ours for ours, _ in measured) <= 8
    assert max(theirs for _, theirs in measured) > 100


@pytest.mark.parametrize("name", every(2, ["da_dz_jvp", "da_dz_vjp"]))
def test_so_do_products_with_the_jacobian(name):
    slope = "\n\n" + r"$$\frac{\partial a_i}{\partial z_j} = ?$$"
    (function,) = compiled(TEMPERATURE + slope, [name]).functions

    def plain(z, v, t):
        a = _shares(z / t)
        top = a.argmax()
        return a * (v - v[top] - a @ (v - v[top])) / t

    ours, theirs = _with_direction(function, plain)
    assert ours <= 8 < 100 < theirs


def _with_direction(function, plain):
    rng = np.random.default_rng(0)
    arrays = {"z": rng.normal(1e7, 3, 4), "v": rng.standard_normal(4), "tau": np.asarray(0.7)}
    arrays = {node.name: arrays[node.name] for node in function.arguments}
    batched = {node.name: arrays[node.name][None] if node.axes else arrays[node.name] for node in function.arguments}
    results = {name: value[0] for name, value in evaluate(function.program, batched).items()}
    exact = Exact(function, arrays)
    theirs = {name: plain(arrays["z"], arrays["v"], arrays["tau"]) for name in results}
    return worst(exact, results, np.float64)[0], worst(exact, theirs, np.float64)[0]


@pytest.mark.parametrize("temperature", [0.7, -0.7])
def test_of_an_unknown_sign_the_largest_exponent_is_found_all_the_same(temperature):
    (function,) = compiled(OPEN + shares(r"z_# / \tau"), ["a"]).functions
    z = np.array([[1e3, -1e3, 0.0]])
    got = evaluate(function.program, {"z": z, "tau": np.asarray(temperature)})["a"]
    assert got.tolist() == [[1.0, 0.0, 0.0] if temperature > 0 else [0.0, 1.0, 0.0]]
    (wrong,) = compiled(TEMPERATURE, ["a"]).functions
    with np.errstate(all="ignore"):
        said = evaluate(wrong.program, {"z": z, "tau": np.asarray(temperature)})["a"]
    assert np.isfinite(said).all() == (temperature > 0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_that_are_minus_infinity(dtype):
    (function,) = compiled(POSITIVE + r"$$L = \ln \sum_{k=1}^{n} e^{z_k / \tau}$$", ["L"]).functions
    rows = np.array([[-np.inf] * 3, [-np.inf, 3, 1]], dtype)
    with np.errstate(divide="ignore"):
        first, second = evaluate(function.program, {"z": rows, "tau": dtype(0.5)})["L"]
    assert first == -np.inf and second == pytest.approx(np.logaddexp(6, 2), rel=1e-6)
    with np.errstate(invalid="ignore"):
        assert np.isnan(rows[0] - rows[0].max()).all()


N, K, TAU = size("n"), bound("k"), scalar("tau")
Z = family("z")
SPAN = Range(Integer(1), N)
CONTEXT = Context().with_range(K, SPAN).assume(Fact(TAU, ">", Integer(0)))
TOTAL = log(Sum(exp(Z[K] / TAU), (K, 1, N)))


def test_every_scaled_shift_is_proved():
    stable = Stabiliser(CONTEXT)
    found = stable(TOTAL)
    (series,) = stable.shifts.series
    assert (series.scale, series.argument.xreplace({series.letter: K}), series.is_rising) == (1 / TAU, Z[K], True)
    assert found != TOTAL and [licence.law for licence in stable.licences] == ["logarithm"] and not stable.refused


def test_without_a_proof_nothing_is_scaled():
    stable = Stabiliser(CONTEXT, judge=lambda claim, context: decide(replace(claim, right=claim.right + 1), context))
    assert stable(TOTAL) == TOTAL and stable.refused and not stable.licences


def test_what_all_terms_have_as_a_factor():
    assert scaled(-Z[K] / (2 * TAU), K) == (1 / TAU, -Z[K] / 2)
    assert scaled(3 * Z[K] / TAU + 3 / TAU, K) == (3 / TAU, Z[K] + 1)
    assert scaled(Z[K] / TAU + 1, K) == (1, Z[K] / TAU + 1)
    assert scaled(-2 * Z[K], K) == (1, -2 * Z[K])
    assert divided(-6 * Z[K] / TAU, 3 / TAU) == -2 * Z[K]
    assert divided(Z[K] / TAU, 3 / TAU) is None and divided(Z[K], 1 / TAU) is None
