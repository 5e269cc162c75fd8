"""What computes the steps: C does in stretches what Python does one by one, and shows what it used."""

import signal
from dataclasses import replace

import numpy as np
import pytest

from derive.code.arrays.program import Elementwise
from derive.code.c.build import vector_bytes
from derive.code.c.epoch.call import Compiled
from derive.code.c.epoch.plan import planned
from derive.training import run
from derive.training.comparison.compare import compared, culprit, sampled
from derive.training.comparison.health import Health
from derive.training.settings.errors import TrainError
from derive.training.settings.settings import Settings
from derive.training.shown.outcome import Ending
from derive.training.steps import engine, generate
from derive.training.steps.engine import InC, InPython, in_c, mean_loss
from derive.training.steps.epoch import epoch
from derive.training.steps.loop import Diverged, beginning, steps
from derive.training.steps.network import initial
from tests.tools.compilers import needs_compiler

SETTINGS = Settings(model="mlp", hidden=(4,), target="c", epochs=6, batch=7, rate=0.3, decay=0.1, penalty=0.001, seed=3)
SIZES = (2, 4, 3)


@pytest.fixture(scope="module")
def functions():
    return generate.functions("tanh")


@pytest.fixture(scope="module")
def in_c_of(functions):
    def made(changed=functions, sizes=SIZES, batch=7):
        return InC(Compiled(planned(epoch(sizes, changed), "float64", vector_bytes()), batch), sizes)

    return made


def flipped(functions, part, name, before, after):
    """The functions with one operation of one of them planted wrong."""
    module = dict(getattr(functions, part))
    nodes = module[name].program.nodes
    assert any(isinstance(node, Elementwise) and node.op == before for node in nodes)
    wrong = tuple(replace(n, op=after) if isinstance(n, Elementwise) and n.op == before else n for n in nodes)
    module[name] = replace(module[name], program=replace(module[name].program, nodes=wrong))
    return replace(functions, **{part: module})


@pytest.mark.slow
@needs_compiler
def test_c_takes_the_same_steps_as_python(blobs, code, in_c_of):
    both = [list(steps(beginning(SETTINGS, blobs), SETTINGS, blobs, one, {1, 20})) for one in (InPython(code), in_c_of())]
    assert len(both[0]) == 42 and [(s.first, s.number) for s in both[1]] == [
        (1, 1),
        (2, 7),
        (8, 14),
        (15, 19),
        (20, 20),
        (21, 21),
        (22, 28),
        (29, 35),
        (36, 42),
    ]
    one, other = (found[-1].after for found in both)
    np.testing.assert_allclose(other.losses, one.losses, rtol=1e-12)
    np.testing.assert_allclose(other.norms, one.norms, rtol=1e-12)
    assert other.accuracies == one.accuracies and other.generator == one.generator
    for a, b in zip(one.layers, other.layers, strict=True):
        np.testing.assert_allclose(b.w, a.w, rtol=1e-11)
        np.testing.assert_allclose(b.b, a.b, rtol=1e-11, atol=1e-13)


@needs_compiler
@pytest.mark.slow
def test_c_shows_what_it_used(blobs, code, in_c_of):
    both = [next(steps(beginning(SETTINGS, blobs), SETTINGS, blobs, one, {1})) for one in (InPython(code), in_c_of())]
    one, other = both
    for known, found in zip(
        (one.passed.x, one.passed.z, one.slopes.z, one.slopes.h, one.slopes.w, one.slopes.b),
        (other.passed.x, other.passed.z, other.slopes.z, other.slopes.h, other.slopes.w, other.slopes.b),
        strict=True,
    ):
        assert len(known) == len(found)
        for a, b in zip(known, found, strict=True):
            np.testing.assert_allclose(b, a, rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(other.slopes.losses, one.slopes.losses, rtol=1e-13)
    np.testing.assert_array_equal(other.x, one.x)


@needs_compiler
@pytest.mark.parametrize("stop", [1, 10, 41])
def test_c_continues_bit_for_bit_after_any_step(blobs, in_c_of, stop):
    *_, whole = steps(beginning(SETTINGS, blobs), SETTINGS, blobs, in_c_of())
    part = next(s for s in steps(beginning(SETTINGS, blobs), SETTINGS, blobs, in_c_of(), {stop}) if s.number == stop)
    *_, rest = steps(part.after, SETTINGS, blobs, in_c_of())
    assert rest.after.losses == whole.after.losses and rest.after.norms == whole.after.norms
    assert all(
        np.array_equal(a.w, b.w) and np.array_equal(a.b, b.b)
        for a, b in zip(rest.after.layers, whole.after.layers, strict=True)
    )


@pytest.mark.slow
@needs_compiler
def test_ctrl_c_between_two_stretches_saves_and_the_rest_is_the_same(blobs_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(engine, "WORK", 6 * (2 * 4 + 4 * 3) * 7 * 3)
    settings = replace(SETTINGS, data=str(blobs_file))
    whole = run.train(settings, compare=0)

    def press(step, total, loss, right):
        if step == 10:
            signal.raise_signal(signal.SIGINT)

    part = run.train(settings, compare=0, progress=press)
    assert part.ended.kind is Ending.INTERRUPTED and part.state.step == 10 and part.saved is not None
    rest = run.resume(part.saved, compare=0)
    assert not rest.ended and rest.state.losses == whole.state.losses
    assert all(np.array_equal(a.w, b.w) for a, b in zip(rest.state.layers, whole.state.layers, strict=True))


@needs_compiler
@pytest.mark.parametrize(
    ("part", "name", "before", "after", "quantity", "document"),
    [
        ("activation", "dS_dz", "div", "mul", "∂L/∂z_1", "training/tanh"),
        pytest.param("linear", "z", "add", "sub", "z_1", "training/linear", marks=pytest.mark.slow),
        pytest.param("linear", "dS_db", "div", "mul", "∂L/∂b_2", "training/linear", marks=pytest.mark.slow),
        pytest.param("step", "v", "sub", "add", "new b_1", "training/step", marks=pytest.mark.slow),
        ("step", "u", "sub", "add", "new w_1", "training/step"),
    ],
)
def test_an_error_planted_in_c_is_named(blobs, functions, in_c_of, part, name, before, after, quantity, document):
    def first_error(made):
        layers = tuple(replace(layer, b=layer.b + 0.25) for layer in initial(SIZES, 1))
        x, labels = blobs.inputs[:7], blobs.labels[:7]
        used = made.step(layers, x, labels, SETTINGS.schedule, 2)
        one = sampled(1, 2, layers, x, labels, made, SETTINGS.schedule, used)
        return culprit(compared(one, "tanh", SETTINGS.schedule, 0))

    assert first_error(in_c_of()) is None
    found = first_error(in_c_of(flipped(functions, part, name, before, after)))
    assert found is not None
    assert (found.quantity.name, found.quantity.function, found.quantity.document) == (quantity, name, document)


@needs_compiler
def test_only_some_rows_of_a_large_network_are_compared_with_the_same_code(in_c_of):
    made, sizes = in_c_of(sizes=(200, 150, 3)), (200, 150, 3)
    layers, x, labels = initial(sizes, 0), np.random.default_rng(0).standard_normal((7, 200)), np.arange(7) % 3
    one = sampled(1, 0, layers, x, labels, made, SETTINGS.schedule, made.step(layers, x, labels, SETTINGS.schedule, 0))
    assert len(one.x) == 2 and culprit(compared(one, "tanh", SETTINGS.schedule, 0)) is None


@needs_compiler
def test_a_loss_that_is_not_finite_ends_a_stretch_at_its_step(blobs, in_c_of):
    inputs = np.array(blobs.inputs)
    data = replace(blobs, inputs=inputs)
    order = np.random.Generator(np.random.PCG64([3, 1])).permutation(len(inputs))
    inputs[order[3 * 7]] = np.inf
    seen = []
    with pytest.raises(Diverged, match="the loss is nan at step 4; a smaller --rate may help"):
        for step in steps(beginning(SETTINGS, data), SETTINGS, data, in_c_of()):
            seen.append(step)
    assert [(s.first, s.number) for s in seen] == [(1, 3)] and np.isfinite(seen[0].after.layers[0].w).all()
    assert seen[0].passed.x[0].shape == (7, 2) and len(seen[0].after.losses) == 3


@needs_compiler
def test_the_health_of_a_stretch_is_that_of_its_steps(blobs, code, in_c_of):
    settings = replace(SETTINGS, output_rate=30.0)
    alarms = []
    for one in (InPython(code), in_c_of()):
        health = Health()
        for step in steps(beginning(settings, blobs), settings, blobs, one):
            health.watch(step, settings.schedule)
        alarms.append([(a.layer, a.kind, a.count, a.first, a.at) for a in health.alarms])
    assert alarms[0] == alarms[1] != []


@needs_compiler
def test_the_mean_loss_does_not_move_the_weights(blobs, code, in_c_of):
    layers, x, labels = initial(SIZES, 0), blobs.inputs[:5], blobs.labels[:5]
    made = in_c_of()
    assert mean_loss(made, layers, x, labels) == pytest.approx(mean_loss(InPython(code), layers, x, labels), rel=1e-13)
    assert np.array_equal(
        made.step(layers, x, labels, SETTINGS.schedule, 0)[0].z[0], made.step(layers, x, labels, SETTINGS.schedule, 0)[0].z[0]
    )


def test_without_a_compiler_it_is_one_line(monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(TrainError) as caught:
        in_c(SIZES, "tanh", 7)
    assert str(caught.value) == "--target c: no C compiler: expected no-such-compiler on the path"


@pytest.mark.slow
@needs_compiler
def test_code_is_generated_once_and_found_again(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = generate.planned_epoch(SIZES, "tanh", 32)
    kept = generate._source("training/tanh", "numpy")
    monkeypatch.setattr(generate, "_compiled", lambda *arguments: pytest.fail("it was generated again"))
    assert generate.planned_epoch(SIZES, "tanh", 32) == first and generate._source("training/tanh", "numpy") == kept
    with pytest.raises(BaseException, match="generated again"):
        generate.planned_epoch((2, 5, 3), "tanh", 32)
    with pytest.raises(BaseException, match="generated again"):
        generate._source("training/tanh", "torch")
