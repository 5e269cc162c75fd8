"""``derive.training`` does what the command does."""

import sys

import numpy as np
import pytest

import derive
from derive.training import run
from derive.training.command import settings
from derive.training.settings.errors import TrainError


@pytest.mark.slow
def test_it_trains_and_says_what_came_out(blobs_file, tmp_path):
    path = tmp_path / "m.npz"
    result = derive.train(blobs_file, "mlp", hidden=(4,), epochs=6, batch=7, rate=0.3, seed=3, save=path, compare=2)
    assert result.agrees and result.saved == path and result.accuracy == result.history.accuracies[-1] > 0.8
    assert [row.layer for row in result.layers] == [1, 2] and len(result.history.losses) == 42
    for row in result.layers:
        assert row.agrees and row.largest == max(row.forward, row.backward, row.weights, row.biases, row.step) <= 64
    assert "Every layer agrees with its symbolic form" in str(result)
    right = result.model.predict(result.data.test_inputs * result.data.scale) == result.data.test_labels
    assert np.mean(right) == result.accuracy
    more = derive.train(resume=path, epochs=7, compare=0)
    assert more.state.epoch == 7 and more.layers == () and more.history.losses[:42] == result.history.losses


@pytest.mark.slow
def test_it_is_the_commands_run(blobs_file):
    options = {"data": str(blobs_file), "epochs": 2, "batch": 7}
    one = derive.train(**options, compare=0)
    other = run.train(settings(options), compare=0)
    assert one.history.losses == other.history.losses and one.settings == other.settings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": "none.csv"}, "none.csv: cannot be read"),
        ({"hidden": (4,)}, "--hidden: expected --model mlp"),
        ({"rate": -1.0}, "--rate: expected a number above 0"),
        ({"compare": -1}, "--compare: expected a number of steps"),
        ({"target": "fortran"}, "--target: expected one of"),
        ({"resume": "none.npz", "rate": 1.0}, "--rate: expected no such option beside --resume"),
    ],
)
def test_what_cannot_be_done_is_one_line(options, message):
    with pytest.raises(TrainError) as caught:
        derive.train(**options)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_a_model_refuses_inputs_of_another_shape(blobs_file):
    model = derive.train(blobs_file, epochs=1, compare=0).model
    for inputs in (np.zeros(2), np.zeros((3, 5))):
        with pytest.raises(ValueError, match=r"expected inputs of shape \(examples, 2\)"):
            model.predict(inputs)


def test_sigmoids_predict_what_they_learnt(blobs_file):
    result = derive.train(blobs_file, "mlp", hidden=(4,), activation="sigmoid", epochs=4, compare=0)
    right = result.model.predict(result.data.test_inputs * result.data.scale) == result.data.test_labels
    assert np.mean(right) == result.accuracy


def test_the_function_and_the_package_of_its_name_are_both_found():
    assert callable(derive.train) and "train" in dir(derive)
    assert sys.modules["derive.training"].__name__ == "derive.training"
