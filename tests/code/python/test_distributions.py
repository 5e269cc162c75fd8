"""Labels and distributions from one document: the caller may pass either, where that is proved to be right."""

import numpy as np
import pytest

from derive.code import targets
from derive.code.c.build import CompilerMissing, require
from derive.code.c.call import Compiled
from derive.code.loading import load
from derive.jobs.compile import compile as compiled

ONE_HOT = r"""---
derive:
  indices: i, j, k in 1..n
  families: z_i, a_i, y_i
  ASSUMED
---
$$a_i = \frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}$$

HOT

$$L = -\sum_{k=1}^{n} y_k \ln a_k$$

$$\frac{\partial L}{\partial z_i} = GRADIENT$$
"""
SUM = ONE_HOT.replace("ASSUMED", r"assume: \sum_{k=1}^{n} y_k = 1").replace("HOT", "The loss is:")
HOT = ONE_HOT.replace("  ASSUMED\n", "").replace("HOT", "The labels $y$ are one-hot.")
LOGITS = np.random.default_rng(3).normal(size=(5, 4)) * 3
PLACES = np.array([3, 0, 1, 1, 2])
WEIGHTS = np.random.default_rng(4).dirichlet(np.ones(4), 5)
MADE = {}


@pytest.fixture(params=["numpy", "torch", "jax"])
def target(request):
    if request.param != "numpy":
        pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    return request.param


def module(target):
    if "functions" not in MADE:
        MADE["functions"] = compiled("softmax-cross-entropy", ["loss_and_gradient"]).functions
    if target not in MADE:
        MADE[target] = load(targets.TARGETS[target].written(MADE["functions"], "T", "s"))
    return MADE[target]


def array(target, values):
    if target == "torch":
        return pytest.importorskip("torch", reason="needs torch").as_tensor(np.asarray(values))
    return np.asarray(values) if target == "numpy" else pytest.importorskip("jax", reason="needs jax").numpy.asarray(values)


def expected(weights):
    chances = np.exp(LOGITS - LOGITS.max(-1, keepdims=True))
    chances /= chances.sum(-1, keepdims=True)
    return -(weights * np.log(chances)).sum(-1), chances - weights


@pytest.mark.parametrize("given", [PLACES, PLACES.astype(np.uint8), np.eye(4)[PLACES], np.eye(4, dtype=int)[PLACES], WEIGHTS])
def test_labels_or_a_distribution_may_be_given(target, given):
    weights = given if given.ndim == 2 else np.eye(4)[given]
    logits, call = array(target, LOGITS), module(target).loss_and_gradient
    for found in (call(logits, array(target, given)), call(z=logits, labels=array(target, given))):
        for one, other in zip(found, expected(weights), strict=True):
            np.testing.assert_allclose(np.asarray(one), other, rtol=1e-5 if target == "jax" else 1e-13, atol=1e-6)
        assert not np.allclose(np.asarray(found[1]), expected(np.roll(weights, 1, axis=-1))[1], atol=1e-3)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (PLACES + 1, IndexError),
        (PLACES - 1, IndexError),
        (PLACES.astype(float), ValueError),
        (PLACES[:4], ValueError),
        (WEIGHTS[0], ValueError),
        (WEIGHTS[:, :3], ValueError),
        (WEIGHTS[:3], ValueError),
        (WEIGHTS[None, :, :3], ValueError),
    ],
)
def test_what_is_neither_is_refused(target, wrong, error):
    with pytest.raises(error):
        module(target).loss_and_gradient(array(target, LOGITS), array(target, wrong))


def test_one_example_may_be_given_without_an_axis_of_examples():
    torch = pytest.importorskip("torch", reason="needs torch")
    one = module("torch").loss(torch.as_tensor(LOGITS[0]), torch.as_tensor(PLACES[0]))
    hot, other = torch.eye(4, dtype=torch.float64)[PLACES[0]], torch.as_tensor(WEIGHTS[0])
    assert float(module("torch").loss(torch.as_tensor(LOGITS[0]), hot)) == pytest.approx(float(one), rel=1e-14)
    assert float(module("torch").loss(torch.as_tensor(LOGITS[0]), other)) != pytest.approx(float(one), rel=1e-3)


@pytest.mark.parametrize("given", [PLACES, WEIGHTS])
def test_pytorch_differentiates_both_twice_and_compiles_both(given):
    torch = pytest.importorskip("torch", reason="needs torch")
    own, other = torch.as_tensor(LOGITS).requires_grad_(True), torch.as_tensor(given)
    penalties = []
    for loss in (module("torch").loss, lambda z, y: torch.nn.functional.cross_entropy(z, y, reduction="none")):
        (slope,) = torch.autograd.grad(loss(own, other).sum(), own, create_graph=True)
        penalties.append(torch.autograd.grad((slope**2).sum(), own)[0])
    torch.testing.assert_close(*penalties, rtol=1e-10, atol=1e-12)
    mapped = torch.func.vmap(module("torch").loss)(own.detach(), other)
    torch.testing.assert_close(mapped, module("torch").loss(own, other).detach(), rtol=1e-13, atol=0)
    made = torch.compile(module("torch").loss_and_gradient, fullgraph=True, backend="eager")
    torch.testing.assert_close(made(own.detach(), other)[0], mapped, rtol=1e-13, atol=0)


@pytest.mark.parametrize("given", [PLACES, WEIGHTS])
def test_jax_differentiates_and_compiles_both(given):
    jax = pytest.importorskip("jax", reason="needs jax")
    z, y, loss = jax.numpy.asarray(LOGITS), jax.numpy.asarray(given), module("jax").loss
    slope = jax.jit(jax.grad(lambda z, y: loss(z, y).sum()))(z, y)
    np.testing.assert_allclose(slope, module("jax").loss_and_gradient(z, y)[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(jax.vmap(loss)(z, y), loss(z, labels=y), rtol=1e-5)
    with pytest.raises(ValueError):
        jax.jit(loss)(z, y[:3])


@pytest.mark.parametrize(
    ("text", "gradient", "both"),
    [
        (SUM, "a_i - y_i", True),
        (HOT, "a_i - y_i", True),
        (HOT, "a_i - y_i^2", False),
        (HOT, r"a_i \sum_{k=1}^{n} y_k^2 - y_i", False),
    ],
)
def test_a_distribution_is_taken_only_where_the_gradient_is_proved_for_it(text, gradient, both):
    made = compiled(text.replace("GRADIENT", gradient), ["loss_and_gradient"])
    assert [f.name for f in made.functions] == ["loss_and_gradient", "soft_loss_and_gradient"][: 1 + both]
    call = load(made.source).loss_and_gradient
    np.testing.assert_allclose(call(LOGITS, PLACES)[1], expected(np.eye(4)[PLACES])[1], rtol=1e-12)
    if both:
        np.testing.assert_allclose(call(LOGITS, WEIGHTS)[1], expected(WEIGHTS)[1], rtol=1e-12)
    else:
        with pytest.raises(ValueError):
            call(LOGITS, WEIGHTS)


def test_c_has_a_function_for_each_and_says_so():
    made = compiled("softmax-cross-entropy", ["loss_and_gradient"], target="c")
    said = "loss_and_gradient takes the places of labels, soft_loss_and_gradient a distribution y in their place."
    assert said in made.source and "int soft_loss_and_gradient_f64(" in made.source
    labels_only = targets.TARGETS["c"].written([made["loss_and_gradient"]], "T", "s")
    assert said not in labels_only
    try:
        require()
    except CompilerMissing as reason:
        pytest.skip(str(reason))
    for found, other in zip(Compiled(made["soft_loss_and_gradient"])(LOGITS, WEIGHTS), expected(WEIGHTS), strict=True):
        np.testing.assert_allclose(found, other, rtol=1e-13, atol=1e-15)
    with pytest.raises(ValueError):
        Compiled(made["loss_and_gradient"])(LOGITS, WEIGHTS)
