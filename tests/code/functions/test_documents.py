"""Documents of kinds that the library does not have: every target writes code for them, and it computes what they say.

The examples in the written text hold, the values are those of the balls, and the gradients those of central differences.
"""

import doctest
import re
from dataclasses import replace

import numpy as np
import pytest

from derive.code import targets
from derive.code.arrays.program import BATCH, Elementwise, Ref
from derive.code.c.build import CompilerMissing, require
from derive.code.c.call import Compiled
from derive.code.functions.compare import Mismatch, check
from derive.code.functions.examples import example
from derive.code.functions.interpret import evaluate
from derive.code.loading import load
from derive.jobs.compile import NothingToCompile
from derive.jobs.compile import compile as compiled
from derive.terms.heads import name_of

TARGETS = ("numpy", "torch", "jax")

DOCUMENTS = {
    "attention": r"""---
derive:
  indices: i, j, k in 1..n
  indices: h in 1..d
  families: q_h, K_{kh}, V_k, s_k, a_k
---
# Attention of one query

$$s_k = \frac{1}{\sqrt{d}} \sum_{h=1}^{d} q_h K_{kh}$$

$$a_k = \frac{e^{s_k}}{\sum_{j=1}^{n} e^{s_j}}$$

$$o = \sum_{k=1}^{n} a_k V_k$$

$$\frac{\partial o}{\partial s_k} = ?$$

$$\frac{\partial o}{\partial V_k} = ?$$
""",
    "layer norm": r"""---
derive:
  indices: i, j, k in 1..n
  families: x_i, y_i, g_i
  scalars: \epsilon, \mu, v
  assume: \epsilon > 0
---
# Layer normalisation

$$\mu = \frac{1}{n} \sum_{k=1}^{n} x_k$$

$$v = \frac{1}{n} \sum_{k=1}^{n} (x_k - \mu)^2$$

$$y_i = \frac{x_i - \mu}{\sqrt{v + \epsilon}}$$

$$S = \sum_{k=1}^{n} g_k y_k$$

$$\frac{\partial S}{\partial g_k} = ?$$

$$\frac{\partial S}{\partial x_i} = ?$$

$$\frac{\partial v}{\partial x_i} = ?$$
""",
    "linear regression": r"""---
derive:
  indices: k in 1..n
  indices: j in 1..d
  families: w_{kj}, b_k, x_j, z_k, y_k
---
# Linear regression

$$z_k = \sum_{j=1}^{d} w_{kj} x_j + b_k$$

$$L = \frac{1}{n} \sum_{k=1}^{n} (z_k - y_k)^2$$

$$\frac{\partial L}{\partial w_{kj}} = ?$$

$$\frac{\partial L}{\partial b_k} = ?$$
""",
    "logistic regression": r"""---
derive:
  indices: j, i in 1..d
  families: w_j, x_j
  scalars: t, y, \lambda
---
# Logistic regression with a penalty

$$t = \sum_{j=1}^{d} w_j x_j$$

$$L = \ln(1 + e^{t}) - y t + \frac{\lambda}{2} \sum_{j=1}^{d} w_j^2$$

$$\frac{\partial L}{\partial w_i} = ?$$
""",
    "log-cosh loss": r"""---
derive:
  indices: i, k in 1..n
  families: x_i, y_i
---
# A smooth absolute error

$$L = \sum_{k=1}^{n} \ln \cosh(x_k - y_k)$$

$$\frac{\partial L}{\partial x_i} = ?$$
""",
    "Gaussian": r"""---
derive:
  indices: k in 1..n
  families: x_k
  scalars: \mu, \sigma
  assume: \sigma > 0
---
# The log-likelihood of a normal distribution

$$L = -\frac{n}{2} \ln(2 \pi) - n \ln \sigma - \frac{1}{2 \sigma^2} \sum_{k=1}^{n} (x_k - \mu)^2$$

$$\frac{\partial L}{\partial \mu} = ?$$

$$\frac{\partial L}{\partial \sigma} = ?$$
""",
    "kernels": r"""---
derive:
  indices: k in 1..m
  indices: i, j in 1..d
  families: x_j, c_{kj}, w_k, r_k
  scalars: \gamma
---
# A sum of radial kernels

$$r_k = \sum_{j=1}^{d} (x_j - c_{kj})^2$$

$$f = \sum_{k=1}^{m} w_k e^{-\gamma r_k}$$

$$\frac{\partial f}{\partial w_k} = ?$$

$$\frac{\partial f}{\partial x_i} = ?$$
""",
    "factorisation": r"""---
derive:
  indices: i, s in 1..n
  indices: j in 1..m
  indices: h, t in 1..r
  families: U_{ih}, V_{jh}, A_{ij}
---
# Factors of a matrix

$$L = \sum_{i=1}^{n} \sum_{j=1}^{m} \left(A_{ij} - \sum_{h=1}^{r} U_{ih} V_{jh}\right)^2$$

$$\frac{\partial L}{\partial U_{st}} = ?$$
""",
    "cosine similarity": r"""---
derive:
  indices: i, k in 1..n
  families: u_i, v_i
  scalars: p
  assume: p > 0
---
# The cosine of the angle between two vectors

$$p = \sum_{k=1}^{n} u_k^2$$

$$c = \frac{\sum_{k=1}^{n} u_k v_k}{\sqrt{\sum_{k=1}^{n} u_k^2} \sqrt{\sum_{k=1}^{n} v_k^2}}$$

$$\frac{\partial c}{\partial u_i} = ?$$
""",
    "focal loss": r"""---
derive:
  scalars: z, p, y
---
# A loss that passes over what is easy

$$p = \frac{1}{1 + e^{-z}}$$

$$L = -(1 - p)^2 \ln p$$

$$\frac{\partial p}{\partial z} = ?$$

$$\frac{\partial L}{\partial p} = ?$$

$$\frac{\partial L}{\partial z} = ?$$
""",
    "powers": r"""---
derive:
  indices: i, k in 1..n
  families: x_i
  scalars: p
  assume: x_i > 0
  assume: p > 0
---
# A generalised mean

$$M = \left(\frac{1}{n} \sum_{k=1}^{n} x_k^p\right)^{\frac{1}{p}}$$

$$\frac{\partial M}{\partial x_i} = ?$$
""",
}
SHORT = ("linear regression", "log-cosh loss", "Gaussian", "factorisation", "cosine similarity", "powers")
MADE = {}


def marks(name):
    """Half of the documents, which take most of the time, are left to the long run."""
    return () if name in SHORT else pytest.mark.slow


NAMES = [pytest.param(name, marks=marks(name)) for name in DOCUMENTS]


def made(name):
    if name not in MADE:
        MADE[name] = compiled(DOCUMENTS[name])
    return MADE[name]


def written(name, target):
    """The module of a target."""
    if target != "numpy":
        pytest.importorskip(target, reason=f"{target} is not installed")
    if (name, target) not in MADE:
        MADE[name, target] = load(targets.TARGETS[target].written(made(name).functions, name, f"{name}.md"))
    return MADE[name, target]


def called(name, target, function, arrays):
    """The results as NumPy arrays, in double precision."""
    values = [np.copy(arrays[node.name]) for node in function.arguments]
    if target == "c":
        found = Compiled(function)(*values)
    elif target == "torch":
        torch = pytest.importorskip("torch", reason="needs torch")
        found = getattr(written(name, target), function.name)(*map(torch.from_numpy, values))
    elif target == "jax":
        jax = pytest.importorskip("jax", reason="needs jax")
        with jax.enable_x64(True):
            found = getattr(written(name, target), function.name)(*map(jax.numpy.asarray, values))
    else:
        found = getattr(written(name, target), function.name)(*values)
    return [np.asarray(part) for part in (found if isinstance(found, tuple) else (found,))]


def cases():
    return [pytest.param(name, target, id=f"{name}-{target}", marks=marks(name)) for name in DOCUMENTS for target in TARGETS]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_out(name):
    asked = re.findall(r"\\frac\{\\partial (\w+)\}\{\\partial \\?(\w+?)(?:_.*?)?\} = \?", DOCUMENTS[name])
    assert made(name).notes == () and asked
    assert {f"d{top}_d{below}" for top, below in asked} <= {function.name for function in made(name).functions}


@pytest.mark.parametrize("name", NAMES)
def test_the_values_are_those_of_the_balls(name):
    assert all(check(function) > 0 for function in made(name).functions)


@pytest.mark.parametrize(("name", "target"), cases())
def test_its_own_examples_hold(name, target):
    if target == "jax":
        jax = pytest.importorskip("jax", reason="needs jax")
        with jax.enable_x64(True):
            found = doctest.testmod(written(name, target))
    else:
        found = doctest.testmod(written(name, target))
    assert found.attempted > 2 and found.failed == 0


@pytest.mark.parametrize(
    ("name", "target"), [*cases(), *(pytest.param(name, "c", id=f"{name}-c", marks=marks(name)) for name in DOCUMENTS)]
)
def test_every_target_gives_the_numbers_of_the_program(name, target):
    if target == "c":
        try:
            require()
        except CompilerMissing:
            pytest.skip("no C compiler")
    for function in made(name).functions:
        arrays = example(function)
        expected = evaluate(function.program, arrays)
        for output, value in zip(function.program.outputs, called(name, target, function, arrays), strict=True):
            np.testing.assert_allclose(value, expected[output.name], rtol=1e-12, atol=1e-14, err_msg=function.name)


def slopes(function, arrays, argument):
    """Central differences of the first result, summed up over its entries, by every entry of an argument."""
    first = function.program.outputs[0].name
    found = np.empty_like(arrays[argument])
    for place in np.ndindex(*found.shape):
        gap = 1e-5 * (1 + abs(arrays[argument][place]))
        ends = []
        for sign in (1, -1):
            moved = {key: np.array(value) for key, value in arrays.items()}
            moved[argument][place] += sign * gap
            ends.append(evaluate(function.program, moved)[first].sum())
        found[place] = (ends[0] - ends[1]) / (2 * gap)
    return found


def gradients(name):
    """The function with a loss and its gradients, and which argument each gradient is by."""
    function = next(f for f in made(name).functions if f.signature.kind == "fused")
    pairs = []
    for output, wanted in zip(function.program.outputs[1:], function.signature.results[1:], strict=True):
        argument = function.spelling[name_of(wanted.meaning.variable)]
        pairs.append((output.name, argument))
    return function, pairs


def agrees(function, pairs):
    arrays = {key: value.astype(float) for key, value in example(function).items()}
    found = evaluate(function.program, arrays)
    for output, argument in pairs:
        numeric = slopes(function, arrays, argument)
        if not np.allclose(np.broadcast_to(found[output], numeric.shape), numeric, rtol=1e-6, atol=1e-8):
            return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_the_gradients_are_those_of_central_differences(name):
    function, pairs = gradients(name)
    assert pairs and agrees(function, pairs)


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_error_is_found(name):
    """The twin: a gradient with the wrong sign agrees with neither the differences nor the balls."""
    function, pairs = gradients(name)
    output = pairs[0][0]
    nodes = function.program.nodes
    place = next(p for p, o in enumerate(function.program.outputs) if o.name == output)
    right = function.program.outputs[place]
    wrong = Elementwise("neg", (right.ref,), right.axes)
    outputs = list(function.program.outputs)
    outputs[place] = replace(right, ref=Ref(len(nodes), right.ref.axes))
    planted = replace(function, program=replace(function.program, nodes=(*nodes, wrong), outputs=tuple(outputs)))
    assert not agrees(planted, pairs)
    with pytest.raises(Mismatch):
        check(planted)


OUTSIDE = {
    "a special function": (r"$$f = \Gamma(x)$$", r"f: .*[Gg]amma"),
    "a condition of indices": (
        "---\nderive:\n  indices: i, j in 1..n\n  families: x_i\n---\n"
        r"$$f = \sum_{i=1}^{n} \sum_{j=i}^{n} x_i x_j$$",
        "f: an index from i to n; only indices from 1 to a size are axes",
    ),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_outside_the_language_is_named(name):
    text, message = OUTSIDE[name]
    with pytest.raises(NothingToCompile, match=message):
        compiled(text)


@pytest.mark.parametrize("name", NAMES)
def test_no_square_matrix_is_made(name):
    """A sum over a δ is sifted and one over a bracket with a δ is taken apart before any code is written."""
    for function in made(name).functions:
        for node in function.program.nodes:
            sizes = [axis.size for axis in node.axes if axis.size != BATCH]
            assert len(sizes) == len(set(sizes)), (function.name, node)


def test_a_matrix_is_made_where_it_is_asked_for():
    (function,) = compiled("softmax", ["da_dz"]).functions
    assert [axis.size for axis in function.program.outputs[0].axes] == [BATCH, "n", "n"]
