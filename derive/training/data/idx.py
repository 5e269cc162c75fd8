"""Examples from IDX, the format of MNIST (Y. LeCun, C. Cortes, C. Burges).

Two zero bytes, the type of the numbers (8: bytes), the number of axes, the length of each axis as four bytes with the
highest first, then the numbers. Images and labels are in two files.
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from derive.training.data.dataset import Table
from derive.training.settings.errors import DataError

if TYPE_CHECKING:
    from derive.training.data.dataset import Array

BYTES = 8
PARTS = (("train-images", "train-labels"), ("t10k-images", "t10k-labels"))


def has_idx(folder: Path) -> bool:
    """Whether the folder has MNIST's training images."""
    return _find(folder, PARTS[0][0]) is not None


def read_idx_folder(folder: Path) -> tuple[Table, Table | None]:
    """The training part in `folder`, and the test part if it is there, under MNIST's names.

    Raises:
        DataError: if a file is missing, damaged or of another kind.
    """
    tables: list[Table] = []
    for images_name, labels_name in PARTS:
        images, labels = _find(folder, images_name), _find(folder, labels_name)
        if images is None or labels is None:
            if images_name.startswith("train") or images is not labels:
                missing = images_name if images is None else labels_name
                raise DataError(f"{folder}: expected a file {missing}-idx…-ubyte, found none")
            return tables[0], None
        pixels = read_idx(images)
        rows = pixels.reshape(len(pixels), math.prod(pixels.shape[1:]))
        tables.append(Table(rows.astype(float), read_idx(labels).astype(float), str(images)))
    return tables[0], tables[1]


def read_idx(path: Path) -> Array:
    """The array in an IDX file of bytes, compressed or not.

    Raises:
        DataError: if it is none.
    """
    import numpy as np

    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (EOFError, zlib.error) as error:
        raise DataError(f"{path}: expected a gzip file, found a damaged one") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    axes = data[3] if len(data) > 3 else 0
    start = 4 + 4 * axes
    if data[:2] != b"\0\0" or data[2:3] != bytes([BYTES]) or not 1 <= axes <= 4 or len(data) < start:
        raise DataError(f"{path}: expected an IDX file of bytes, found something else")
    shape = tuple(int.from_bytes(data[p : p + 4], "big") for p in range(4, start, 4))
    if len(data) - start != math.prod(shape):
        raise DataError(f"{path}: expected {math.prod(shape)} bytes for the shape {shape}, found {len(data) - start}")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def _find(folder: Path, name: str) -> Path | None:
    return next((p for p in sorted(folder.iterdir()) if p.is_file() and p.name.replace(".", "-").startswith(name)), None)
