"""Other forms that people write keep their digits too; beside each stands what the formula gives as it is written."""

import numpy as np
import pytest

from derive.code.functions.interpret import evaluate
from derive.code.stable.stabiliser import Stabiliser
from derive.jobs.compile import compile as compiled
from derive.judge.decide import decide
from derive.terms.context import Claim, Context
from derive.terms.terms import scalar
from tests.tools.conditioned import Exact, worst

HEAD = "---\nderive:\n  indices: i, k in 1..n\n  families: z_i, y_i\n---\n"
CURVE = r"Let $\sigma(x) = \frac{1}{1+e^{-x}}$ and" + "\n\n"

BIG = [-800.0, -40.0, -1e-3, 0.0, 1e-8, 2.5, 37.5, 750.0]
ROWS = [[1.0, -2.0, 0.5], [800.0, 790.0, -3.0], [-900.0, -45.0, -50.0], [40.0, 0.0, -1.0], [-np.inf, 3.0, 1.0]]

FORMS = {
    "a class of its own for the rest": (
        HEAD + r"$$p_i = \frac{e^{z_i}}{1 + \sum_{k=1}^{n} e^{z_k}}$$",
        "p",
        ROWS,
        lambda z: np.exp(z) / (1 + np.exp(z).sum()),
    ),
    "its logarithm": (
        HEAD + r"$$L = \ln\left(1 + \sum_{k=1}^{n} e^{z_k}\right)$$",
        "L",
        ROWS,
        lambda z: np.log(1 + np.exp(z).sum()),
    ),
    "a hyperbolic tangent": (
        r"$$h = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}$$",
        "h",
        BIG,
        lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    ),
    "another one": (r"$$h = \frac{e^{2x} - 1}{e^{2x} + 1}$$", "h", BIG, lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)),
    "a sigmoid": (r"$$s = \frac{e^{x}}{e^{x} + 1}$$", "s", BIG, lambda x: np.exp(x) / (np.exp(x) + 1)),
    "the slope of a tangent": (
        r"$$h = \tanh x$$" "\n\n" r"$$\frac{\partial h}{\partial x} = 1 - h^2$$",
        "dh_dx",
        BIG,
        lambda x: 1 - np.tanh(x) ** 2,
    ),
    "an exponential less 1": (r"$$d = e^{x} - 1$$", "d", BIG[:-1], lambda x: np.exp(x) - 1),
    "a logarithm of 1 less": (CURVE + r"$$L = \ln(1 - \sigma(z))$$", "L", BIG, lambda z: np.log(1 - 1 / (1 + np.exp(-z)))),
    "a name for 1 less": (
        r"$$a = \frac{1}{1+e^{-z}}$$" "\n\n" r"$$b = 1 - a$$" "\n\n" r"$$L = \ln b$$",
        "L",
        BIG,
        lambda z: np.log(1 - 1 / (1 + np.exp(-z))),
    ),
}


def within(document, name, inputs, dtype):
    """The largest error on the inputs, and how many results are not finite in vain."""
    (function,) = compiled(document, [name]).functions
    found = []
    for values in inputs:
        arrays = {function.arguments[0].name: np.array(values, dtype)}
        batched = {key: array[None] for key, array in arrays.items()}
        with np.errstate(all="ignore"):
            results = {key: array[0] for key, array in evaluate(function.program, batched).items()}
        found.append(worst(Exact(function, arrays), results, dtype)[:2])
    return max(error for error, _ in found), sum(bad for _, bad in found)


@pytest.mark.parametrize("form", FORMS)
def test_the_digits_are_kept(form):
    document, name, inputs, plain = FORMS[form]
    error, bad = within(document, name, inputs, np.float64)
    assert error <= 8 and bad == 0
    (function,) = compiled(document, [name]).functions
    lost = 0
    for values in inputs:
        arrays = {function.arguments[0].name: np.array(values)}
        with np.errstate(all="ignore"):
            error, bad, _ = worst(Exact(function, arrays), {name: np.asarray(plain(np.array(values)))}, np.float64)
        lost += error > 8 or bad > 0
    assert lost


PAIRS = [(0.0, 0.0), (800.0, 790.0), (-900.0, -850.0), (1e20, 1.0), (-1e20, 1.0), (3.0, -40.0)]


def test_the_logarithm_of_two_exponentials():
    (function,) = compiled(r"$$L = \ln(e^{x} + e^{y})$$", ["L"]).functions
    for x, y in PAIRS:
        got = evaluate(function.program, {"x": np.array([x]), "y": np.array([y])})["L"][0]
        assert got == pytest.approx(np.logaddexp(x, y), rel=1e-15)
    assert evaluate(function.program, {"x": np.array([-np.inf]), "y": np.array([2.0])})["L"][0] == 2
    with np.errstate(over="ignore"):
        assert not np.isfinite(np.log(np.exp(800.0) + np.exp(790.0)))


LOSS = r"$$L = \ln\left(1 + e^{z}\right) - y z$$" "\n\n" r"$$\frac{\partial L}{\partial z} = ?$$"


def test_a_logit_with_its_label():
    loss, slope = compiled(LOSS, ["L", "dL_dz"]).functions
    for z, y in [(40.0, 1.0), (750.0, 1.0), (-40.0, 0.0), (-750.0, 0.0)]:
        arrays = {"z": np.array([z]), "y": np.array([y])}
        assert evaluate(loss.program, arrays)["L"][0] == np.exp(-abs(z))
        assert abs(evaluate(slope.program, arrays)["dL_dz"][0]) == pytest.approx(np.exp(-abs(z)), rel=1e-15)
    assert np.log(1 + np.exp(40.0)) - 40.0 == 0 and 1 / (1 + np.exp(-40.0)) - 1 == 0


NAMED = "\n\n".join(
    [
        r"$$a = \frac{1}{1+e^{-z}}$$",
        r"$$b = 1 - a$$",
        r"$$L = -y \ln a - (1 - y) \ln b$$",
        r"$$\frac{\partial L}{\partial z} = a - y$$",
    ]
)


def test_cross_entropy_with_a_name_for_1_less():
    loss, slope = compiled(NAMED, ["L", "dL_dz"]).functions
    for z, y in [(40.0, 1.0), (-40.0, 0.0)]:
        arrays = {"z": np.array([z]), "y": np.array([y])}
        assert evaluate(loss.program, arrays)["L"][0] == pytest.approx(np.exp(-40.0), rel=1e-14)
        assert abs(evaluate(slope.program, arrays)["dL_dz"][0]) == pytest.approx(np.exp(-40.0), rel=1e-14)
    assert evaluate(loss.program, {"z": np.array([800.0]), "y": np.array([0.0])})["L"][0] == 800


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_that_are_all_minus_infinity_and_sums_of_any_length(dtype):
    (function,) = compiled(HEAD + r"$$L = \ln \sum_{k=1}^{n} e^{z_k}$$", ["L"]).functions
    with np.errstate(all="ignore"):
        assert evaluate(function.program, {"z": np.full((1, 3), -np.inf, dtype)})["L"][0] == -np.inf
    highest = np.log(np.finfo(dtype).max)
    for level in (highest - 1, 1000.0, 30.0):
        got = evaluate(function.program, {"z": np.full((1, 2_000_000), level, dtype)})["L"][0]
        assert got == pytest.approx(level + np.log(2e6), rel=1e-6)


@pytest.mark.parametrize("form", ["pair", "difference", "ramp", "slope"])
def test_without_a_proof_no_form_is_changed(form):
    from sympy import exp, log, tanh

    x, y = scalar("x"), scalar("y")
    term = {"pair": log(exp(x) + exp(y)), "difference": exp(x) - 1, "ramp": log(1 + exp(x)) - x * y, "slope": 1 - tanh(x) ** 2}[
        form
    ]
    doubting = Stabiliser(Context(), judge=lambda claim, context: decide(Claim(claim.left, "=", claim.right + 1), context))
    assert doubting(term) == term and not doubting.licences and doubting.refused
    assert Stabiliser(Context())(term) != term
