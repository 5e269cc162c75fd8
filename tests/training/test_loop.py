"""Steps, their repetition, and saving between them."""

import errno
import os
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from derive.training.comparison.health import Health
from derive.training.settings.errors import SaveError, TrainError
from derive.training.settings.settings import Schedule, Settings, defaults
from derive.training.steps.engine import InPython, accuracy
from derive.training.steps.loop import Diverged, batches_of, beginning, steps
from derive.training.steps.network import initial
from derive.training.steps.saving import Saved, load, save, writable

SETTINGS = Settings(model="mlp", hidden=(4,), epochs=6, batch=7, rate=0.3, decay=0.1, penalty=0.001, seed=3)


def last(state, settings, data, code):
    *_, step = steps(state, settings, data, InPython(code))
    return step.after


def same(one, other):
    arrays = all(np.array_equal(a.w, b.w) and np.array_equal(a.b, b.b) for a, b in zip(one.layers, other.layers, strict=True))
    return arrays and (one.losses, one.norms, one.accuracies) == (other.losses, other.norms, other.accuracies)


def test_training_learns_and_its_seed_decides_everything(blobs, code):
    first, second = (last(beginning(SETTINGS, blobs), SETTINGS, blobs, code) for _ in range(2))
    assert same(first, second) and first.step == 6 * batches_of(SETTINGS, blobs) == 42
    assert accuracy(InPython(code), first.layers, blobs.test_inputs, blobs.test_labels) > 0.9
    other = replace(SETTINGS, seed=4)
    assert not same(first, last(beginning(other, blobs), other, blobs, code))


@pytest.mark.parametrize("stop", [1, 7, 10, 41])
def test_a_run_saved_after_any_step_continues_bit_for_bit(blobs, code, tmp_path, stop):
    whole = last(beginning(SETTINGS, blobs), SETTINGS, blobs, code)
    *_, step = islice(steps(beginning(SETTINGS, blobs), SETTINGS, blobs, InPython(code)), stop)
    save(tmp_path / "m.npz", Saved(SETTINGS, step.after, blobs.fingerprint()))
    saved = load(tmp_path / "m.npz")
    assert saved.settings == SETTINGS and saved.fingerprint == blobs.fingerprint() and same(saved.state, step.after)
    assert same(last(saved.state, saved.settings, blobs, code), whole)


def test_each_epoch_sees_every_example_once(blobs, code):
    epoch = [step for step in steps(beginning(SETTINGS, blobs), SETTINGS, blobs, InPython(code)) if step.epoch == 1]
    rows = np.concatenate([step.x for step in epoch])
    assert sorted(map(tuple, rows)) == sorted(map(tuple, blobs.inputs)) and len(epoch[-1].x) == 45 - 6 * 7


def test_a_loss_that_is_not_finite_ends_the_run(blobs, code, plant):
    wrong = plant(code, "linear", "z", lambda z: z * np.nan)
    with pytest.raises(Diverged, match="the loss is nan at step 1; a smaller --rate may help"):
        last(beginning(SETTINGS, blobs), SETTINGS, blobs, wrong)


def test_the_first_weights():
    alone, deep = initial((5, 3), 1), initial((5, 400, 3), 1)
    assert not alone[0].w.any() and [layer.w.shape for layer in deep] == [(400, 5), (3, 400)]
    assert abs(np.std(deep[0].w) * np.sqrt(5) - 1) < 0.1


@pytest.fixture
def saved(blobs):
    return Saved(SETTINGS, beginning(SETTINGS, blobs), blobs.fingerprint())


@pytest.mark.parametrize("where", ["fsync", "replace", "write"])
def test_a_full_disk_leaves_the_old_model(saved, tmp_path, monkeypatch, where):
    path = tmp_path / "m.npz"
    save(path, saved)
    before = path.read_bytes()

    def full(*arguments, **more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if where == "write":
        opened = os.fdopen
        monkeypatch.setattr(os, "fdopen", lambda *a, **k: _Full(opened(*a, **k)))
    else:
        monkeypatch.setattr(os, where, full)
    changed = replace(saved, settings=replace(SETTINGS, epochs=99))
    with pytest.raises(SaveError, match="m.npz: cannot be saved: No space left on device; what the file held before is still"):
        save(path, changed)
    monkeypatch.undo()
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["m.npz"]
    save(path, changed)
    assert load(path).settings.epochs == 99


class _Full:
    """A file on a disk that is full."""

    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()

    def write(self, data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", None, "half", "other"])
def test_a_file_that_is_no_model(saved, tmp_path, damage):
    path = tmp_path / "m.npz"
    save(path, saved)
    if damage is None:
        path.unlink()
    elif damage == "half":
        path.write_bytes(path.read_bytes()[:-200])
    elif damage == "other":
        np.savez(path, x=np.zeros(3))
    else:
        path.write_bytes(damage)
    with pytest.raises(SaveError) as caught:
        load(path)
    assert "\n" not in str(caught.value) and "m.npz" in str(caught.value)


def test_where_a_model_cannot_be_saved(tmp_path):
    writable(tmp_path / "m.npz")
    for path in (tmp_path, tmp_path / "none" / "m.npz"):
        with pytest.raises(SaveError, match="cannot be saved"):
            writable(path)


@pytest.mark.parametrize(
    ("changes", "option"),
    [
        ({"rate": 0.0}, "--rate"),
        ({"rate": float("nan")}, "--rate"),
        ({"output_rate": -1.0}, "--output-rate"),
        ({"decay": -0.1}, "--decay"),
        ({"penalty": float("inf")}, "--l2"),
        ({"batch": 0}, "--batch"),
        ({"epochs": -1}, "--epochs"),
        ({"seed": -1}, "--seed"),
        ({"hidden": ()}, "--hidden"),
        ({"hidden": (3, 0)}, "--hidden"),
        ({"model": "softmax"}, "--hidden"),
        ({"activation": "relu"}, "--activation"),
        ({"target": "fortran"}, "--target"),
    ],
)
def test_settings_out_of_range(changes, option):
    with pytest.raises(TrainError, match=option):
        replace(SETTINGS, **changes).checked()


def test_settings_survive_json_and_defaults_are_valid():
    assert Settings.from_json(SETTINGS.to_json()) == SETTINGS
    for model, activation in (("softmax", "tanh"), ("mlp", "tanh"), ("mlp", "sigmoid")):
        Settings(**defaults(model, activation)).checked()
    with pytest.raises(ValueError, match="other settings"):
        Settings.from_json({"rate": 1.0})


def watched(code, blobs, settings, schedule=None):
    health = Health()
    for step in steps(beginning(settings, blobs), settings, blobs, InPython(code)):
        health.watch(step, schedule or settings.schedule)
    return health.alarms


def test_a_healthy_run_raises_no_alarm(blobs, code):
    assert watched(code, blobs, SETTINGS) == ()


def test_a_rate_that_is_too_large_is_told_with_its_layer(blobs, code):
    (alarm,) = watched(code, blobs, SETTINGS, Schedule(0.3, 300.0))
    assert (alarm.layer, alarm.kind) == (2, "too large") and alarm.worst > 2
    text = alarm.text(2)
    assert "layer 2 (output): the gradient is too large: step" in text and "--output-rate" in text


def test_a_gradient_that_vanishes_is_told_with_its_layer(blobs, code, plant):
    weak = plant(code, "activation", "dS_dz", lambda slope: slope * 1e-5)
    (alarm,) = watched(weak, blobs, SETTINGS)
    assert (alarm.layer, alarm.kind) == (1, "vanishes") and alarm.worst < 1e-3
    assert "layer 1: the gradient vanishes: at step" in alarm.text(2)
