"""The command that trains, what it says of data and disks that fail it, and the examples that the documentation shows."""

import errno
import importlib
import os
import tempfile
from pathlib import Path

import pytest

from derive.training.run import train
from derive.training.settings.settings import Settings
from derive.training.steps.saving import load

cli = importlib.import_module("derive.cli")


def command(capsys, *arguments):
    status = cli.run(["train", *arguments])
    return status, *capsys.readouterr()


def test_a_full_disk_is_one_line_and_status_2(capsys, blobs_file, tmp_path, monkeypatch):
    path = tmp_path / "m.npz"
    options = ["--data", str(blobs_file), "--epochs", "2", "--compare", "0", "--save", str(path)]
    assert command(capsys, *options)[0] == 0
    before, replaced = path.read_bytes(), os.replace
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def full(source, target):
        if Path(target) == path:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replaced(source, target)

    monkeypatch.setattr(os, "replace", full)
    status, out, err = command(capsys, *options, "--seed", "1")
    assert status == 2 and err.count("\n") == 1 and "m.npz: cannot be saved: No space left on device" in err
    assert path.read_bytes() == before and "test accuracy" in out and load(tmp_path / "derive-model.npz").settings.seed == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2,0\n3,nan,1\n4,5,0\n1,1,1\n", "line 2: expected a number, found nan (input 2)"),
        ("1,2,0\n3,4,7\n1,2,1\n1,1,1\n", "line 2: expected a label from 0 to 2 (3 classes), found 7"),
        ("1,2,0\n3,4\n", ":2: expected 3 columns as in the first line, found 2"),
        ("", "expected examples, found none"),
    ],
)
def test_data_that_cannot_be_trained_with_are_one_line_and_status_2(capsys, tmp_path, text, message):
    path = tmp_path / "x.csv"
    path.write_text(text)
    status, out, err = command(capsys, "--data", str(path))
    assert status == 2 and out == "" and err.count("\n") == 1 and message in err


def test_the_command(capsys, blobs_file, tmp_path):
    model, picture = tmp_path / "m.npz", tmp_path / "p.svg"
    options = [
        "--data",
        str(blobs_file),
        "--model",
        "mlp",
        "--hidden",
        "4,3",
        "--epochs",
        "2",
        "--l2",
        "0.001",
        "--save",
        str(model),
        "--code",
        str(tmp_path / "code"),
    ]
    status, out, err = command(capsys, *options)
    assert status == 0 and err == "" and "\x1b" not in out
    assert "MLP (tanh) 2 → 4 → 3 → 3" in out and "agrees" in out and f"saved to {model}" in out
    assert sorted(p.name for p in (tmp_path / "code").glob("*.py")) == [
        "linear.py",
        "softmax_cross_entropy.py",
        "step.py",
        "tanh.py",
    ]
    status, out, err = command(capsys, "--resume", str(model), "--epochs", "3", "--code", str(tmp_path / "code"))
    assert status == 0 and "after 3 epochs" in out and not picture.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "none.csv"], "none.csv: cannot be read: no such file"),
        (["--resume", "none.npz"], "none.npz: cannot be read: No such file or directory"),
        (["--resume", "none.npz", "--rate", "1"], "--rate: expected no such option beside --resume"),
        (["--hidden", "4"], "--hidden: expected --model mlp"),
        (["--model", "mlp", "--hidden", "4,x"], "--hidden: expected sizes separated by commas"),
        (["--rate", "0"], "--rate: expected a number above 0, found 0"),
        (["--save", "/nowhere/m.npz"], "/nowhere/m.npz: cannot be saved: no such folder"),
        (["--compare", "-1"], "--compare: expected a number of steps"),
        (["--plot", "x.txt"], "--plot"),
        (["--model", "tree"], "tree"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(capsys, arguments, message):
    status, out, err = command(capsys, *arguments)
    assert status == 2 and out == "" and err.count("\n") == 1 and message in err


# -- what the documentation shows -------------------------------------------------------------------------------------


def alarms_of(**options):
    result = train(Settings(model="mlp", activation="sigmoid", rate=1.0, **options), compare=0)
    return {(alarm.layer, alarm.kind): alarm.text(len(result.state.layers)) for alarm in result.alarms}


def test_the_example_of_a_learning_rate_that_is_too_large():
    """Behind sigmoids the output layer learns too fast with its rate of 10, and well with 0.1."""
    options = {"hidden": (64,), "batch": 8, "epochs": 1}
    found = alarms_of(output_rate=10.0, **options)
    assert list(found) == [(2, "too large")]
    assert "layer 2 (output): the gradient is too large: step 2 moved its weights by 10.6 times" in found[2, "too large"]
    assert alarms_of(output_rate=0.1, **options) == {}


def test_the_example_of_a_gradient_that_vanishes():
    found = alarms_of(hidden=(32,) * 5, batch=8, epochs=1)
    assert "layer 1: the gradient vanishes: at step 1 it was 0.000244 times that of the largest layer" in found[1, "vanishes"]


@pytest.mark.slow
def test_no_cache_is_an_option(capsys, blobs_file, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    options = ["--data", str(blobs_file), "--epochs", "1", "--compare", "0"]
    status, out, err = command(capsys, *options, "--no-cache")
    assert status == 0 and err == "" and not (tmp_path / "cache").exists()
    assert command(capsys, *options)[0] == 0 and len(list((tmp_path / "cache" / "derive").iterdir())) == 3
