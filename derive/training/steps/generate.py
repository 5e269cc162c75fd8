"""The functions that training calls, generated from the documents of the library, or loaded from files generated before.

What is generated is kept in the user's cache folder (:mod:`derive.code.cache`). ``--code FOLDER`` keeps it in a folder of the
user's: the files there are used as they are, those that are missing are written. So a person can read, change or plant an error
in what runs. That is for the targets that are Python; C and lambdify are made in memory.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.training.settings.errors import TrainError
from derive.training.steps.epoch import Functions, epoch
from derive.training.steps.lambdify import Lambdified, short
from derive.training.steps.network import Code, Module
from derive.training.steps.sources import ACTIVATIONS, LINEAR, LOSS, STEP, source
from derive.training.steps.targets import with_numpy

if TYPE_CHECKING:
    from derive.code.c.epoch.plan import Plan
    from derive.code.functions.build import Function
    from derive.jobs.compile import Generated

PYTHON = ("numpy", "torch", "jax")
# Each document is worked on in a process of its own; what this one has imported, they need not import again.
IMPORTED = (
    "derive.jobs.prove",
    "derive.code.functions.build",
    "derive.code.functions.compare",
    "derive.code.functions.signatures",
    "derive.narrative.walk",
)
FUNCTIONS = {
    LINEAR: ("z", "dS_dw", "dS_db", "dS_dx"),
    LOSS: ("loss_and_gradient",),
    STEP: ("u", "v"),
    **{document: ("h", "dS_dz") for document in ACTIVATIONS.values()},
}


def generate(activation: str | None, target: str, folder: Path | None = None) -> Code:
    """The code of all layers for `target`; kept in `folder`, and taken from there where it is.

    Without an activation there are no hidden layers.

    Raises:
        TrainError: if a document gives no code for this target, or a file cannot be read, written or run.
    """
    if target not in PYTHON:
        if folder is not None:
            raise TrainError(f"--code: expected one of the targets {', '.join(PYTHON)}, found {target}")
        made = functions(activation)
        return _code(
            {
                document: {name: Lambdified(short(function, source(document))) for name, function in module.items()}
                for document, module in _by_document(made, activation).items()
            },
            activation,
        )
    if folder is not None:
        return _from(folder, activation, target)
    with tempfile.TemporaryDirectory(prefix="derive-") as temporary:
        return _from(Path(temporary), activation, target)


def functions(activation: str | None) -> Functions:
    """The array programs of all layers.

    Raises:
        TrainError: if a document gives no code.
    """
    made = {document: {f.name: f for f in _compiled(document, "numpy").functions} for document in _documents(activation)}
    return Functions(made[LINEAR], {} if activation is None else made[ACTIVATIONS[activation]], made[LOSS], made[STEP])


def _by_document(made: Functions, activation: str | None) -> Mapping[str, Mapping[str, Function]]:
    curve = {} if activation is None else {ACTIVATIONS[activation]: made.activation}
    return {LINEAR: made.linear, **curve, LOSS: made.loss, STEP: made.step}


def planned_epoch(sizes: tuple[int, ...], activation: str | None, vector_bytes: int, dtype: str = "float64") -> Plan:
    """The epoch of the layers between these sizes as a C file (see :func:`derive.code.c.epoch.plan.planned`).

    Raises:
        TrainError: if there is no C code for a document.
    """
    from derive.code.c.epoch.plan import Plan, planned
    from derive.code.cache import kept
    from derive.code.stable.stabiliser import CannotLower

    def made() -> str:
        try:
            return json.dumps(planned(epoch(sizes, functions(activation)), dtype, vector_bytes).to_json())
        except CannotLower as error:
            raise TrainError(f"--target c: {error}") from error

    texts = [text for document in _documents(activation) for text in (document, _text(document))]
    return Plan.from_json(json.loads(kept(["epoch", str(sizes), dtype, str(vector_bytes), *texts], made)))


def file_name(document: str, target: str) -> str:
    """The file that a document is generated into: ``linear.py`` for NumPy, ``linear_torch.py`` for another target.

    >>> file_name("training/linear", "numpy"), file_name("softmax-cross-entropy", "torch")
    ('linear.py', 'softmax_cross_entropy_torch.py')
    """
    stem = document.rsplit("/", 1)[-1].replace("-", "_")
    return f"{stem}.py" if target == "numpy" else f"{stem}_{target}.py"


def _from(folder: Path, activation: str | None, target: str) -> Code:
    documents = _documents(activation)
    # All are written before any is loaded: generating forks, which a process with JAX's or PyTorch's threads should not.
    paths = {document: _written(document, target, folder) for document in documents}
    return _code({document: _module(document, target, path) for document, path in paths.items()}, activation)


def _documents(activation: str | None) -> tuple[str, ...]:
    return (LINEAR, LOSS, STEP) if activation is None else (LINEAR, ACTIVATIONS[activation], LOSS, STEP)


def _code(modules: Mapping[str, Module], activation: str | None) -> Code:
    return Code(modules[LINEAR], {} if activation is None else modules[ACTIVATIONS[activation]], modules[LOSS], modules[STEP])


def _written(document: str, target: str, folder: Path) -> Path:
    """The generated file, made if it is not there."""
    path = folder / file_name(document, target)
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(_source(document, target), encoding="utf-8")
    except OSError as error:
        raise TrainError(f"{path}: {error.strerror or error}") from error
    return path


def _module(document: str, target: str, path: Path) -> Module:
    return {name: with_numpy(function, target) for name, function in _loaded(path, FUNCTIONS[document]).items()}


def _source(document: str, target: str) -> str:
    from derive.code.cache import kept

    return kept(["module", document, target, _text(document)], lambda: _compiled(document, target).source)


def _text(document: str) -> str:
    """The text of a document of the library."""
    from derive.documents import DocumentError
    from derive.documents.library import find

    try:
        return find(document).read_text(encoding="utf-8")
    except (OSError, DocumentError) as error:
        raise TrainError(f"no code for proofs/{document}.md: {error}") from error


def _compiled(document: str, target: str) -> Generated:
    from derive.code.functions.compare import Mismatch
    from derive.documents import DocumentError
    from derive.jobs.compile import NothingToCompile, compile

    for name in IMPORTED:
        import_module(name)
    try:
        made = compile(document, FUNCTIONS[document], target)
    except (NothingToCompile, DocumentError, Mismatch) as error:
        raise TrainError(f"no code for proofs/{document}.md: {error}") from error
    if made.notes:
        raise TrainError(f"no code for proofs/{document}.md: {made.notes[0]}")
    return made


def _loaded(path: Path, names: Sequence[str]) -> Mapping[str, Any]:
    """The functions `names` of the Python file at `path`."""
    spec = spec_from_file_location(f"derive_generated_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise TrainError(f"{path}: expected a Python file")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (OSError, SyntaxError, ImportError, NameError, ValueError, TypeError, AttributeError) as error:
        raise TrainError(f"{path}: cannot be run: {error}") from error
    missing = [name for name in names if not callable(getattr(module, name, None))]
    if missing:
        raise TrainError(f"{path}: expected a function {missing[0]}, found none")
    return {name: getattr(module, name) for name in names}
