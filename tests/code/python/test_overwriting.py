"""What PyTorch computes where nothing is differentiated again: in parts, by shorter programs, with arguments seen before."""

import numpy as np
import pytest

from derive.code.loading import load
from derive.jobs.compile import compile as compiled
from tests.benchmarks.tensors import DOCUMENTS

torch = pytest.importorskip("torch", reason="needs torch")
MODULES = {}


def module(name):
    if name not in MODULES:
        MODULES[name] = load(compiled(DOCUMENTS[name], ["loss_and_gradient"], target="torch").source)
    return MODULES[name]


def arguments(name, batch, classes, scale=3.0):
    numbers = torch.Generator().manual_seed(0)
    z, v, y = (torch.randn(batch, classes, generator=numbers, dtype=torch.float64) * s for s in (scale, scale, 1))
    labels = torch.randint(0, classes, (batch,), generator=numbers)
    return {
        "cross-entropy": [z, labels],
        "smoothing": [z, torch.tensor(0.1), labels],
        "BCE": [z, y.sigmoid()],
        "distillation": [z, v, torch.tensor(2.0, dtype=torch.float64)],
    }[name]


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize(("batch", "classes"), [(700, 1000), (3, 7), (1, 300_000)])
def test_many_examples_are_computed_as_few_are(name, batch, classes):
    loaded, given = module(name), arguments(name, batch, classes)
    whole, gradient = loaded.loss_and_gradient(*given)
    torch.testing.assert_close(loaded.loss(*given), whole, rtol=1e-12, atol=1e-14)
    leaf = given[0].clone().requires_grad_(True)
    loaded.loss(leaf, *given[1:]).sum().backward()
    torch.testing.assert_close(leaf.grad, gradient, rtol=1e-11, atol=1e-16)
    wrong = leaf.grad.roll(1, 0)
    assert batch == 1 or not torch.allclose(wrong, gradient, rtol=1e-3)


def test_a_batch_is_cut_along_the_examples_only():
    seen = []

    def function(x, shared, labels):
        seen.append((tuple(x.shape), tuple(shared.shape), tuple(labels.shape)))
        return x.sum(dim=-1) + labels, x * shared

    x, shared, labels = torch.arange(80.0).reshape(10, 8), torch.arange(8.0), torch.arange(10)
    loss, scaled = module("distillation").in_parts(function, 20, (1, -1, 0), x, shared, labels)
    assert [shape[0][0] for shape in seen] == [3, 3, 2, 2] and all(shape[1] == (8,) for shape in seen)
    assert torch.equal(loss, x.sum(dim=-1) + labels) and torch.equal(scaled, x * shared)
    seen.clear()
    module("distillation").in_parts(function, 20, (1, -1, 0), x[0], shared, labels[0])
    assert len(seen) == 1


@pytest.mark.parametrize("row", [[1.0, 1e-9, 3e-12], [2.0, 2.0, 2.0], [0.0, 0.0, 0.0], [1e-3, 1e60, 1e60], [5.0]])
def test_the_sum_of_the_others_keeps_what_a_difference_from_the_whole_loses(row):
    x = torch.tensor([row], dtype=torch.float64)
    expected = sum(sorted(row)[:-1])
    got = float(module("distillation").others(x, x.amax(dim=-1)))
    assert got == pytest.approx(expected, rel=1e-15, abs=0)
    if row[0] == 1:
        assert float(x.sum() - x.amax()) != pytest.approx(expected, rel=1e-9, abs=0)


@pytest.mark.parametrize("scale", [1.0, 100.0, 1e5])
def test_the_shorter_program_gives_the_same_loss(scale):
    loaded, given = module("cross-entropy"), arguments("cross-entropy", 50, 10, scale)
    torch.testing.assert_close(loaded.loss(*given), loaded.loss_and_gradient(*given)[0], rtol=1e-14, atol=1e-300)
    assert loaded.is_moderate(given[0]) == (scale < 1000)


@pytest.mark.parametrize("entry", [np.nan, np.inf, -np.inf, 400.0])
def test_what_is_not_moderate(entry):
    is_moderate = module("cross-entropy").is_moderate
    z = torch.zeros(2, 3, dtype=torch.float64)
    assert is_moderate(z) and not is_moderate(z[:0])
    z[1, 2] = entry
    assert not is_moderate(z)


def test_arguments_are_looked_at_each_time():
    loss = module("cross-entropy").loss
    z, labels = torch.zeros(2, 3), torch.tensor([0, 2])
    for _ in range(2):
        assert loss(z, labels).shape == (2,)
    for wrong, error in (
        (torch.tensor([0, 3]), IndexError),
        (torch.tensor([-1, 0]), IndexError),
        (torch.tensor([0.0, 1.0]), ValueError),
        (torch.tensor([0]), ValueError),
    ):
        with pytest.raises(error):
            loss(z, wrong)
    assert loss(z.half(), labels).dtype == torch.float16
    with pytest.raises(TypeError):
        loss(z.to(torch.complex64), labels)
    batched = torch.func.vmap(loss)(torch.zeros(2, 3)[:, None], torch.tensor([[0], [3]]))
    assert torch.isfinite(batched[0]).all() and torch.isnan(batched[1]).all()
