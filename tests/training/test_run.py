"""Runs from end to end, with generated code and with code written by hand."""

import errno
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from derive.training.comparison.symbolic import renamed
from derive.training.run import resume, train
from derive.training.settings.errors import TrainError
from derive.training.settings.settings import Settings
from derive.training.shown.outcome import Ending
from derive.training.shown.sparkline import sparkline
from derive.training.shown.summary import write
from derive.training.steps import generate as generating
from derive.training.steps.generate import generate
from derive.training.steps.saving import load
from derive.training.steps.sources import Source, source
from derive.training.steps.targets import with_numpy


@pytest.fixture
def settings(blobs_file):
    return Settings(data=str(blobs_file), model="mlp", hidden=(4,), epochs=6, batch=7, rate=0.3, seed=3)


@pytest.mark.parametrize(
    ("options", "least"),
    [({"decay": 0.05}, 0.95), pytest.param({"model": "mlp", "hidden": (32,)}, 0.97, marks=pytest.mark.slow)],
)
def test_the_digits_are_learnt_with_generated_code(options, least):
    result = train(Settings(**options), compare=2)
    assert result.accuracy >= least
    assert result.agrees and result.comparison is not None and max(e.ulp for e in result.comparison.errors) <= 64
    assert "Every layer agrees with its symbolic form within" in write(result)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_generated_code_is_that_of_the_documents(code, sigmoid_code, activation):
    made, hand = generate(activation, "numpy"), sigmoid_code if activation == "sigmoid" else code
    generator = np.random.default_rng(1)
    z, g = generator.standard_normal((2, 5, 3))
    for name, arguments in (("h", {"z": z}), ("dS_dz", {"z": z, "g": g})):
        assert np.allclose(made.activation[name](**arguments), hand.activation[name](**arguments), rtol=1e-14)


def test_a_planted_sign_error_in_a_generated_file_is_caught_and_named(settings, tmp_path):
    assert train(settings, compare=2, code_folder=tmp_path).agrees
    path = tmp_path / "linear.py"
    text = path.read_text()
    assert text.count("return g @ w") == 1
    path.write_text(text.replace("return g @ w", "return -g @ w"))
    result = train(settings, compare=2, code_folder=tmp_path)
    assert not result.agrees
    summary = write(result)
    assert "DIFFERS: layer 1: ∂L/∂h_1" in summary and "the sign is wrong" in summary
    assert "It was computed by dS_dx, made from proofs/training/linear.md" in summary


@pytest.mark.parametrize("text", ["def z(", "import nothing_like_this", "x = 1"])
def test_a_generated_file_that_cannot_be_run(settings, tmp_path, text):
    (tmp_path / "linear.py").write_text(text)
    with pytest.raises(TrainError, match=r"linear\.py: "):
        train(settings, code_folder=tmp_path)


def test_a_target_that_is_not_there_is_one_line(settings, monkeypatch):
    module = importlib.import_module("derive.jobs.compile")

    def refuse(document, names, target):
        raise module.NothingToCompile(f"the target {target} is not in this version")

    monkeypatch.setattr(module, "compile", refuse)
    with pytest.raises(TrainError, match=r"no code for proofs/training/linear\.md: the target c is not in this version"):
        generating._source("training/linear", "c")


@pytest.mark.slow
@pytest.mark.parametrize("target", ["lambdify", "c", "torch", "jax"])
def test_every_target_takes_the_same_steps(settings, tmp_path, target):
    """The same seed gives the same accuracies, and weights that agree to rounding."""
    package = {"c": "cffi", "torch": "torch", "jax": "jax"}.get(target)
    if package is not None and find_spec(package) is None:
        pytest.skip(f"no {package}")
    if target == "c" and not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        pytest.skip("no C compiler")
    options = replace(settings, epochs=2, decay=0.1, penalty=0.01)
    numpy = train(options, compare=1)
    # In a process of its own, so that the threads of JAX and PyTorch are not in this one, which forks.
    path = tmp_path / "m.npz"
    command = [
        sys.executable,
        "-m",
        "derive",
        "train",
        "--data",
        options.data,
        "--model",
        "mlp",
        "--hidden",
        "4",
        "--epochs",
        "2",
        "--batch",
        "7",
        "--rate",
        "0.3",
        "--seed",
        "3",
        "--decay",
        "0.1",
        "--l2",
        "0.01",
        "--compare",
        "1",
        "--target",
        target,
        "--save",
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Every layer agrees" in done.stdout, done.stderr
    other = load(path).state
    assert other.accuracies == numpy.state.accuracies
    for one, two in zip(numpy.state.layers, other.layers, strict=True):
        assert np.allclose(one.w, two.w, rtol=1e-12, atol=1e-14) and np.allclose(one.b, two.b, rtol=1e-12, atol=1e-14)


def test_c_and_lambdify_keep_no_python_files(settings, tmp_path):
    with pytest.raises(TrainError, match="--code: expected one of the targets numpy, torch, jax, found c"):
        train(replace(settings, target="c"), code_folder=tmp_path)


def test_ctrl_c_saves_and_the_model_continues_bit_for_bit(settings, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    whole = train(settings, compare=0, code=code, output=tmp_path / "whole.npz")

    def press(step, total, loss, right):
        if step == 10:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    part = train(settings, compare=0, code=code, progress=press)
    assert signal.getsignal(signal.SIGINT) is before
    assert part.ended.kind is Ending.INTERRUPTED and part.state.step == 10 and part.saved is not None and part.saved.exists()
    assert "interrupted after step 10 of 42" in part.ended.message
    rest = resume(part.saved, compare=0, code=code)
    assert not rest.ended and rest.state.losses == whole.state.losses
    assert all(np.array_equal(a.w, b.w) for a, b in zip(rest.state.layers, whole.state.layers, strict=True))


def test_a_second_ctrl_c_ends_at_once(settings, code):
    def press(step, total, loss, right):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        train(settings, compare=0, code=code, progress=press)


def test_more_epochs_and_other_data(settings, code, tmp_path, blobs_file):
    path = tmp_path / "m.npz"
    train(settings, compare=0, code=code, output=path)
    assert resume(path, epochs=8, compare=1, code=code).state.epoch == 8
    blobs_file.write_text(blobs_file.read_text().replace("0.", "1.", 1))
    with pytest.raises(TrainError, match="expected the data that it was trained on"):
        resume(path, compare=0, code=code)


def test_a_run_that_diverges_saves_nothing_over_the_old_model(settings, code, plant, tmp_path):
    path = tmp_path / "m.npz"
    train(settings, compare=0, code=code, output=path)
    before = path.read_bytes()
    calls = []

    def later(z):
        calls.append(1)
        return z if len(calls) < 20 else z * np.nan

    result = train(settings, compare=1, code=plant(code, "linear", "z", later), output=path)
    assert "the loss is nan at step" in result.ended.message and result.saved is None and path.read_bytes() == before


def test_the_progress_bar_shows_loss_and_accuracy(blobs_file):
    pty = pytest.importorskip("pty", reason="needs pty")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "derive", "train", "--data", str(blobs_file), "--epochs", "3", "--compare", "0"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    out, _ = process.communicate()
    assert process.returncode == 0 and b"\x1b" not in out
    text = seen.decode()
    assert "loss 0." in text and "test accuracy " in text and "9/9" in text


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_full_disk_at_the_end_loses_nothing(settings, code, tmp_path, monkeypatch, elsewhere):
    path = tmp_path / "m.npz"
    train(settings, compare=0, code=code, output=path)
    before = path.read_bytes()
    (tmp_path / "other").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "other"))
    replaced = os.replace

    def full(source, target):
        if Path(target) == path or not elsewhere:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replaced(source, target)

    monkeypatch.setattr(os, "replace", full)
    result = train(replace(settings, epochs=7), compare=1, code=code, output=path)
    assert "m.npz: cannot be saved: No space left on device; what the file held before is still there" in result.ended.message
    assert path.read_bytes() == before and "Every layer agrees" in write(result) and result.ended.kind is Ending.DONE
    if elsewhere:
        assert result.saved is not None and load(result.saved).state.epoch == 7 and str(result.saved) in result.ended.message
    else:
        assert result.saved is None


def test_a_document_with_a_wrong_derivative_is_refused(monkeypatch, tmp_path):
    from derive.documents import library

    text = library.find("training/tanh").read_text()
    (tmp_path / "tanh.md").write_text(text.replace(r"\left(1 - h_k^2\right)", r"\left(1 + h_k^2\right)"))
    (tmp_path / "right.md").write_text(text)
    monkeypatch.setattr(library, "find", lambda name: tmp_path / f"{name}.md")
    source.cache_clear()
    try:
        assert isinstance(source("right"), Source)
        with pytest.raises(TrainError, match="expected a proof of .*, found: refuted"):
            source("tanh")
        with pytest.raises(TrainError, match="expected a definition of q"):
            source("right").definition("q")
        with pytest.raises(TrainError, match="expected a proved value of ∂S/∂q"):
            source("right").slope("S", "q")
    finally:
        source.cache_clear()


def test_renaming_leaves_bound_indices_alone():
    head = source("training/linear").definition("z")
    body = renamed(head.body, {"w": "w_1", "j": "q", "k": "k_1", "d": "n_0"})
    assert str(body) == "b[k_1] + Sum(w_1[k_1, _j]*x[_j], (_j, 1, n_0))"


def test_functions_of_torch_take_and_give_numpy():
    torch = pytest.importorskip("torch", reason="needs torch")
    call = with_numpy(lambda w, t: (w * t, torch.exp(w)), "torch")
    array = np.arange(3.0)
    array.setflags(write=False)
    product, power = call(w=array, t=2.0)
    assert product.tolist() == [0, 2, 4] and power.dtype == np.float64
    assert with_numpy(np.exp, "numpy") is np.exp


@pytest.mark.slow
def test_a_picture(settings, code, tmp_path):
    pytest.importorskip("matplotlib", reason="needs matplotlib")
    from derive.training.shown.plot import plot, plottable

    result = train(settings, compare=0, code=code)
    for name in ("a.png", "a.svg"):
        plottable(tmp_path / name)
        plot(result, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 5000
    with pytest.raises(TrainError, match="expected a name that ends with"):
        plottable(tmp_path / "a.txt")


def test_sparklines():
    assert sparkline([]) == "" and sparkline([1, 1, 1]) == "▁▁▁" and len(sparkline(range(1000))) == 60
    assert sparkline([float("nan"), 1.0, 2.0]) == "▁█"
