"""The comparison finds a wrong function and names it, and finds nothing where nothing is wrong."""

from dataclasses import replace

import numpy as np
import pytest
from flint import arb

from derive.terms import terms
from derive.terms.terms import Partial
from derive.training.comparison import autograd
from derive.training.comparison.compare import LIMIT, compared, culprit, joined, sampled
from derive.training.comparison.differences import differences
from derive.training.comparison.exact import Exact
from derive.training.comparison.symbolic import Quantity, network
from derive.training.settings.settings import Schedule
from derive.training.steps.engine import InPython
from derive.training.steps.network import forward, gradients, initial, stepped

SCHEDULE = Schedule(rate=0.5, output_rate=0.25, decay=0.1, penalty=0.01)


def step_of(code, sizes=(2, 4, 3), number=1, rows=7):
    generator = np.random.default_rng(3)
    layers = tuple(replace(layer, w=layer.w + 0.1, b=generator.standard_normal(layer.b.shape)) for layer in initial(sizes, 1))
    x, labels = generator.standard_normal((rows, sizes[0])), np.arange(rows) % sizes[-1]
    passed = forward(layers, x, code)
    slopes = gradients(layers, passed, labels, code)
    after = stepped(layers, slopes, SCHEDULE, 2, code)
    return sampled(number, 2, layers, x, labels, InPython(code), SCHEDULE, (passed, slopes, after))


@pytest.mark.parametrize("sizes", [(2, 3), (2, 4, 3), (3, 4, 2, 3)])
def test_right_code_agrees_in_every_layer(code, sizes):
    errors = compared(step_of(code, sizes), "tanh", SCHEDULE, 0)
    assert {e.quantity.layer for e in errors} == set(range(1, len(sizes)))
    assert culprit(errors) is None
    assert all(e.ulp < 8 for e in errors), [(e.quantity.name, e.ulp) for e in errors]


def test_sigmoids_agree_too(sigmoid_code):
    assert culprit(compared(step_of(sigmoid_code), "sigmoid", SCHEDULE, 0)) is None


@pytest.mark.parametrize(
    ("part", "name", "document", "quantity"),
    [
        ("linear", "z", "training/linear", "z_1"),
        ("linear", "dS_dw", "training/linear", "∂L/∂w_2"),
        ("linear", "dS_db", "training/linear", "∂L/∂b_2"),
        ("linear", "dS_dx", "training/linear", "∂L/∂h_1"),
        ("activation", "h", "training/tanh", "h_1"),
        ("activation", "dS_dz", "training/tanh", "∂L/∂z_1"),
        ("step", "u", "training/step", "new w_1"),
        ("step", "v", "training/step", "new b_1"),
    ],
)
def test_a_planted_sign_error_is_named(code, plant, part, name, document, quantity):
    wrong = plant(code, part, name, lambda result: -result)
    found = culprit(compared(step_of(wrong), "tanh", SCHEDULE, 0))
    assert found is not None
    assert (found.quantity.name, found.quantity.function, found.quantity.document) == (quantity, name, document)
    assert "the sign is wrong" in found.text() and f"proofs/{document}.md" in found.text()


@pytest.mark.parametrize("change", [lambda r: (r[0], -r[1]), lambda r: (-r[0], r[1])])
def test_a_planted_sign_error_in_the_loss_is_named(code, plant, change):
    found = culprit(compared(step_of(plant(code, "loss", "loss_and_gradient", change)), "tanh", SCHEDULE, 0))
    assert found is not None and found.quantity.function == "loss_and_gradient"


def test_an_error_of_a_thousandth_of_a_millionth_is_an_error_but_rounding_is_not(code, plant):
    small = plant(code, "linear", "dS_dw", lambda result: result * (1 + 1e-9))
    assert culprit(compared(step_of(small), "tanh", SCHEDULE, 0)) is not None
    rounding = plant(code, "linear", "dS_dw", lambda result: result * (1 + 2.0**-52))
    assert culprit(compared(step_of(rounding), "tanh", SCHEDULE, 0)) is None


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_differs(code, plant, value):
    wrong = plant(code, "linear", "dS_db", lambda result: np.full_like(result, value))
    found = culprit(compared(step_of(wrong), "tanh", SCHEDULE, 0))
    assert found is not None and found.ulp == np.inf


def test_errors_of_several_steps_are_joined(code, plant):
    right = compared(step_of(code), "tanh", SCHEDULE, 0)
    wrong = compared(step_of(plant(code, "step", "v", lambda r: -r), number=9), "tanh", SCHEDULE, 0)
    together = joined([right, wrong, right])
    assert len(together) == len(right) and sum(e.entries for e in together) > 2 * sum(e.entries for e in right)
    found = culprit(together)
    assert found is not None and found.worst.step == 9 and found.ulp > LIMIT


def test_the_proved_forms_are_the_derivatives_of_the_loss():
    """The gradient put together from the documents is the derivative of L, evaluated by dual numbers in balls."""
    generator = np.random.default_rng(8)
    sizes = {"n_0": 2, "n_1": 3, "n_2": 3}
    arrays = {
        "x": generator.standard_normal(2),
        "y": np.array([0.0, 1.0, 0.0]),
        "b_1": generator.standard_normal(3),
        "b_2": generator.standard_normal(3),
        "w_1": generator.standard_normal((3, 2)),
        "w_2": generator.standard_normal((3, 3)),
    }
    for activation in ("sigmoid", "tanh"):
        known = network(2, activation)
        letters = terms.index("p"), terms.index("q")
        more = {
            f"direct {name}": Quantity(Partial(terms.scalar("L"), terms.family(name)[letters]), letters)
            for name in ("w_1", "w_2")
        }
        exact = Exact(replace(known, quantities={**known.quantities, **more}), arrays, sizes)
        for name in ("w_1", "w_2"):
            for place in np.ndindex(arrays[name].shape):
                chained, direct = exact.value(f"∂{name}", place), exact.value(f"direct {name}", place)
                assert chained.overlaps(direct) and isinstance(direct, arb) and float(direct.rad()) < 1e-30


def test_only_some_rows_of_a_large_network_are_compared(code):
    one = step_of(code, (200, 150, 3))
    assert len(one.x) == 2 and culprit(compared(one, "tanh", SCHEDULE, 0)) is None


def test_central_differences_agree_and_a_planted_error_does_not(code, plant):
    assert all(d.agrees and d.relative < 1e-6 for d in differences(step_of(code), InPython(code), 0))
    wrong = plant(code, "linear", "dS_dw", lambda result: -result)
    found = {(d.layer, d.name): d.agrees for d in differences(step_of(wrong), InPython(wrong), 0)}
    assert found == {(1, "w"): False, (1, "b"): True, (2, "w"): False, (2, "b"): True}


def test_autograd_agrees_and_a_planted_error_does_not(code, plant):
    pytest.importorskip("torch", reason="needs torch")
    assert autograd.available()
    assert all(a.agrees and a.ulp < 32 for a in autograd.autograd(step_of(code), "tanh"))
    wrong = plant(code, "activation", "dS_dz", lambda result: -result)
    found = {(a.layer, a.name): a.agrees for a in autograd.autograd(step_of(wrong), "tanh")}
    assert found == {(1, "w"): False, (1, "b"): False, (2, "w"): True, (2, "b"): True}
