"""Examples with labels, checked, in a training part and a test part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from derive.training.settings.errors import DataError

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

TEST_EVERY = 4


@dataclass(frozen=True)
class Table:
    """Inputs of shape (examples, features) and labels of shape (examples,); `source` says where they are from.

    `place` names one example there, counted from `first`.
    """

    inputs: Array
    labels: Array
    source: str
    place: str = "example {}"
    first: int = 1

    def at(self, number: int) -> str:
        """Where the example `number` (from 0) is, for a message."""
        return f"{self.source}, {self.place.format(number + self.first)}"


@dataclass(frozen=True)
class Dataset:
    """Inputs (float64, divided by `scale`) and labels (0..classes - 1) of both parts."""

    name: str
    inputs: Array
    labels: Array
    test_inputs: Array
    test_labels: Array
    classes: int
    scale: float

    @property
    def features(self) -> int:
        return int(self.inputs.shape[1])

    def fingerprint(self) -> str:
        """A digest of the training part: a model is continued only with the data that it was trained on."""
        import hashlib

        digest = hashlib.sha256(f"{self.inputs.shape} {self.classes}".encode())
        digest.update(self.inputs.tobytes())
        digest.update(self.labels.tobytes())
        return digest.hexdigest()


def dataset(
    name: str, table: Table, test: Table | None = None, classes: int | None = None, scale: float | None = None
) -> Dataset:
    """Checks the examples and splits them: without a test part of its own every fourth example is for testing.

    Args:
        classes: the number of classes; otherwise as many as there are different labels.
        scale: what the inputs are divided by; otherwise their largest absolute value in the training part.

    Raises:
        DataError: if the arrays do not fit together, a number is not finite, or a label is no class.
    """
    import numpy as np

    for part in (table,) if test is None else (table, test):
        _check(part)
    if test is not None and test.inputs.shape[1] != table.inputs.shape[1]:
        raise DataError(
            f"{test.source}: expected {table.inputs.shape[1]} features as in {table.source}, found {test.inputs.shape[1]}"
        )
    if classes is None:
        classes = len(np.unique(table.labels))
    for part in (table,) if test is None else (table, test):
        wrong = np.flatnonzero((part.labels < 0) | (part.labels >= classes) | (part.labels != np.floor(part.labels)))
        if len(wrong):
            raise DataError(
                f"{part.at(int(wrong[0]))}: expected a label from 0 to {classes - 1} ({classes} classes), "
                f"found {float(part.labels[wrong[0]]):g}"
            )
    if classes < 2:
        raise DataError(f"{table.source}: expected at least 2 classes, found {classes}")
    if test is None:
        held_out = np.arange(len(table.labels)) % TEST_EVERY == TEST_EVERY - 1
        if not held_out.any():
            raise DataError(f"{table.source}: expected at least {TEST_EVERY} examples, found {len(table.labels)}")
        parts = (table.inputs[~held_out], table.labels[~held_out], table.inputs[held_out], table.labels[held_out])
    else:
        parts = (table.inputs, table.labels, test.inputs, test.labels)
    inputs, labels, test_inputs, test_labels = parts
    divisor = scale if scale is not None else float(np.max(np.abs(inputs))) or 1.0
    return Dataset(
        name,
        _frozen(inputs / divisor, np.float64),
        _frozen(labels, np.int64),
        _frozen(test_inputs / divisor, np.float64),
        _frozen(test_labels, np.int64),
        classes,
        divisor,
    )


def _check(table: Table) -> None:
    import numpy as np

    inputs, labels = table.inputs, table.labels
    if inputs.ndim != 2 or labels.ndim != 1:
        raise DataError(
            f"{table.source}: expected inputs of shape (examples, features) and labels of shape (examples,), "
            f"found {inputs.shape} and {labels.shape}"
        )
    if len(inputs) != len(labels):
        raise DataError(f"{table.source}: expected as many labels as examples, found {len(labels)} and {len(inputs)}")
    if len(inputs) == 0:
        raise DataError(f"{table.source}: expected examples, found none")
    if inputs.shape[1] == 0:
        raise DataError(f"{table.source}: expected at least one feature, found none")
    for array, what in ((inputs, "input"), (labels[:, None], "label")):
        wrong = np.argwhere(~np.isfinite(array))
        if len(wrong):
            row, column = (int(p) for p in wrong[0])
            name = f"{what} {column + 1}" if what == "input" else what
            raise DataError(f"{table.at(row)}: expected a number, found {array[row, column]} ({name})")


def _frozen(array: Array, kind: Any) -> Array:
    import numpy as np

    result = np.ascontiguousarray(array, dtype=kind)
    result.setflags(write=False)
    return result


def one_hot(labels: Array, classes: int) -> Array:
    """Labels as rows that are 1 at the class and 0 elsewhere: shape (examples, classes)."""
    import numpy as np

    return np.eye(classes)[labels]
