"""Examples from NumPy's NPZ: the arrays ``x`` and ``y``, or ``x_train``, ``y_train``, ``x_test``, ``y_test``."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from derive.training.data.dataset import Table
from derive.training.settings.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from derive.training.data.dataset import Array

WHOLE = (("x", "y"), ("data", "target"), ("inputs", "labels"))
TRAIN, TEST = ("x_train", "y_train"), ("x_test", "y_test")


def read_npz(path: Path) -> tuple[Table, Table | None]:
    """The examples of an NPZ file, and those of its test part if it has one; images are made rows.

    Raises:
        DataError: if it cannot be read or lacks the arrays.
    """
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name.lower(): file[name] for name in file.files}
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error, AttributeError) as error:
        raise DataError(f"{path}: expected an NPZ file of numbers, found something else or a damaged one") from error
    pairs = [pair for pair in (TRAIN, *WHOLE) if all(name in arrays for name in pair)]
    if not pairs:
        raise DataError(
            f"{path}: expected arrays called x and y (or x_train, y_train, x_test, y_test), "
            f"found {', '.join(sorted(arrays)) or 'none'}"
        )
    test = _table(path, arrays, TEST) if pairs[0] == TRAIN and all(name in arrays for name in TEST) else None
    return _table(path, arrays, pairs[0]), test


def _table(path: Path, arrays: Mapping[str, Array], names: tuple[str, str]) -> Table:
    inputs, labels = (arrays[name] for name in names)
    for array, name in ((inputs, names[0]), (labels, names[1])):
        if array.dtype.kind not in "biuf":
            raise DataError(f"{path}: expected real numbers in {name}, found {array.dtype}")
    if inputs.ndim > 2:
        inputs = inputs.reshape(len(inputs), -1) if len(inputs) else inputs.reshape(0, 1)
    return Table(inputs.astype(float), labels.astype(float), f"{path} ({names[0]}, {names[1]})")
