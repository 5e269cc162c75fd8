"""A saved run: one NPZ file with the layers, the history, and a line of JSON with the settings and the random state.

It is written beside the old one, flushed to the disk, and then takes its place: whatever fails, the old file is as it was.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from derive.training.settings.errors import SaveError, TrainError
from derive.training.settings.settings import Settings
from derive.training.steps.loop import History, State
from derive.training.steps.network import Layer

VERSION = 1


@dataclass(frozen=True)
class Saved:
    """What a file holds: the run, its settings, and the digest of the data that it was trained on."""

    settings: Settings
    state: State
    fingerprint: str


def save(path: Path, saved: Saved) -> None:
    """Write the run to `path`, all of it or nothing.

    Raises:
        SaveError: if it cannot be written.
    """
    import numpy as np

    state = saved.state
    arrays: dict[str, Any] = {
        "losses": np.array(state.losses),
        "norms": np.array(state.norms),
        "accuracies": np.array(state.accuracies),
    }
    for number, layer in enumerate(state.layers, 1):
        arrays |= {f"w_{number}": layer.w, f"b_{number}": layer.b}
    about = {
        "version": VERSION,
        "settings": saved.settings.to_json(),
        "fingerprint": saved.fingerprint,
        "layers": len(state.layers),
        "epoch": state.epoch,
        "done": state.done,
        "generator": _plain(state.generator),
    }
    data = BytesIO()
    np.savez_compressed(data, about=np.array(json.dumps(about)), **arrays)
    try:
        replace_file(path, data.getvalue())
    except OSError as error:
        raise SaveError(
            f"{path}: cannot be saved: {error.strerror or error}; what the file held before is still there"
            if path.exists()
            else f"{path}: cannot be saved: {error.strerror or error}"
        ) from error


def load(path: Path) -> Saved:
    """The run that `path` holds.

    Raises:
        SaveError: if it cannot be read, or is no saved run of this version.
    """
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(str(file["about"]))
            if about["version"] != VERSION:
                raise SaveError(f"{path}: expected a model of version {VERSION}, found version {about['version']}")
            layers = tuple(Layer(file[f"w_{n}"], file[f"b_{n}"]) for n in range(1, int(about["layers"]) + 1))
            history = History(
                file["losses"].tolist(), [tuple(row) for row in file["norms"].tolist()], file["accuracies"].tolist()
            )
        state = State(layers, about["generator"], int(about["epoch"]), int(about["done"]), len(history.losses), history)
        return Saved(Settings.from_json(about["settings"]), state, str(about["fingerprint"]))
    except OSError as error:
        raise SaveError(f"{path}: cannot be read: {error.strerror or error}") from error
    except SaveError:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error, TrainError) as error:
        raise SaveError(f"{path}: expected a model saved by derive train, found something else or a damaged one") from error


def writable(path: Path) -> None:
    """Checks before a run that its model can be written to `path`. Raises :class:`SaveError` if not."""
    if path.is_dir():
        raise SaveError(f"{path}: cannot be saved: it is a folder")
    if not path.absolute().parent.is_dir():
        raise SaveError(f"{path}: cannot be saved: no such folder")
    if not os.access(path.absolute().parent, os.W_OK):
        raise SaveError(f"{path}: cannot be saved: no permission to write there")


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, flush it to the disk and put it in its place. Raises OSError; then `path` is as it was."""
    handle, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode if path.exists() else 0o644)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _plain(value: object) -> object:
    """The random state with NumPy's numbers made Python's."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    return value if isinstance(value, str | int) else int(value)  # type: ignore[call-overload]
