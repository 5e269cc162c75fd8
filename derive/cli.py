"""The command line: arguments in, one report out, an exit status that scripts can rely on.

0 nothing refuted (every hole filled); 1 something refuted (a hole left); 2 wrong usage, or a document that cannot be
opened; 3 the engines disagree, or the program itself failed; 130 interrupted. Errors are one line on standard error.
What needs SymPy is imported by the command that needs it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from derive import __version__
from derive.output import CannotWrite, colors, emit, progress_bar
from derive.training.settings.options import MODEL_HELP, Activation, Model
from derive.training.settings.options import Target as TrainTarget

if TYPE_CHECKING:
    from derive.documents import Unopened
    from derive.jobs.limits import Limits

USAGE, FAILURE, INTERRUPTED = 2, 3, 130
CheckFormat = Literal["terminal", "json", "jsonl", "sarif", "html", "markdown"]
ProofFormat = Literal["terminal", "latex", "markdown", "html", "json", "coq"]
Target = Literal["numpy", "c", "torch", "jax"]

_EXAMPLES = """\b
Examples:
  derive check notes.md                     judge every step of a document
  derive check -e '(e^x)^{\\prime} = e^x'     judge one claim
  derive check proofs --format json -o report.json
  derive prove notes.md                     fill every hole "= ?"
  derive code notes.md -o model.py          write NumPy code for what it defines
"""

app = typer.Typer(
    name="derive",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Checks derivations in documents, step by step, and derives results by itself.",
    epilog=_EXAMPLES,
)

Given = Annotated[
    list[str] | None,
    typer.Option("--given", metavar="LATEX", help="A definition or an assumption; may be repeated."),
]
Timeout = Annotated[
    float | None, typer.Option("--timeout", min=0.1, metavar="SECONDS", help="The time a claim may take. [10]"),
]
Memory = Annotated[
    int | None, typer.Option("--memory", min=256, metavar="MIB", help="The memory that judging may take. [4096]"),
]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE, not to standard output.")
]


class Failure(Exception):
    """Ends the program with `status` and, where there is one, a line on standard error."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"derive {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Checks derivations in documents, step by step, and derives results by itself."""


@app.command(epilog=_EXAMPLES)
def check(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input (Markdown).")
    ] = None,
    expressions: Annotated[
        list[str] | None, typer.Option("-e", "--expression", metavar="CLAIM", help="Judge this claim; may be repeated.")
    ] = None,
    given: Given = None,
    form: Annotated[CheckFormat, typer.Option("--format", help="How the report is written.")] = "terminal",
    output: Output = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 also for what is conditional, tested or unread.")
    ] = False,
    certify: Annotated[
        Literal["coq"] | None, typer.Option("--certify", help="Confirm proved claims with a proof checker.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="On a terminal, also what is proved, defined, assumed or inferred.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="On a terminal, only how many are refuted, if any are.")
    ] = False,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, metavar="N", help="Documents judged side by side.")] = 1,
    timeout: Timeout = None,
    memory: Memory = None,
) -> None:
    """Judge every step of the documents.

    A document or folder that cannot be opened is reported beside the others.

    Exit status: 0 no claim refuted, 1 at least one, 2 a document cannot be opened, 3 a bug of this program.
    """
    documents = _documents(paths or [])
    if not documents and not expressions:
        raise Failure(USAGE, "nothing to check: expected a PATH or -e CLAIM")
    if verbose and quiet:
        raise Failure(USAGE, "expected -v or -q, and not both")

    from derive.certify.coq.coqc import NoCoq
    from derive.jobs.check import check_paths

    more: dict[str, Any] = {}
    if certify is not None:
        more["certify"] = certify
    if limits := _limits(timeout, memory):
        more["limits"] = limits
    with progress_bar(len(documents) > 1 or certify is not None, len(documents) or None) as progress:
        try:
            report = check_paths(documents, expressions or [], given or [], jobs, progress, **more)
        except NoCoq as error:
            raise Failure(USAGE, str(error)) from error
    for document in report.unopened:
        _failed(USAGE, f"{document.path}: {document.error}")
    if form == "terminal":
        from derive.report.check.terminal import Detail
        from derive.report.check.terminal import write as write_terminal

        color = output is None and colors(sys.stdout)
        width = shutil.get_terminal_size((100, 24)).columns
        detail: Detail = "quiet" if quiet else "everything" if verbose else "findings"
        text = write_terminal(report, color, width, detail)
    else:
        from derive.report import write

        text = write(report, form)
    emit(text, output)
    raise typer.Exit(report.exit_status(strict))


@app.command()
def prove(
    path: Annotated[
        str | None, typer.Argument(metavar="PATH", help="A document with holes, or the name of a proof of the library.")
    ] = None,
    expression: Annotated[str | None, typer.Option("-e", "--expression", metavar="GOAL", help="Derive this.")] = None,
    given: Given = None,
    form: Annotated[ProofFormat, typer.Option("--format", help="How the derivation is written.")] = "terminal",
    output: Output = None,
    lang: Annotated[Literal["en", "zh"], typer.Option("--lang", help="The language of the words in it.")] = "en",
    timeout: Timeout = None,
    memory: Memory = None,
) -> None:
    """Fill every hole `= ?` of a document with a derivation whose steps are named.

    Exit status: 0 every hole filled and checked again, 1 a hole is left, 2 the document cannot be opened.
    """
    if (path is None) == (expression is None):
        raise Failure(USAGE, "expected a PATH or -e GOAL, and not both")
    documents = _openable([path]) if path is not None else []
    if len(documents) > 1:
        raise Failure(USAGE, f"{path}: expected one document, found a folder with {len(documents)}")

    from derive.documents import DocumentError
    from derive.jobs.prove import prove_document
    from derive.report.proof.formats import write

    try:
        more = {"limits": limits} if (limits := _limits(timeout, memory)) else {}
        proof = prove_document(documents[0] if documents else None, expression, given or [], **more)
    except DocumentError as error:
        raise Failure(USAGE, str(error)) from error
    if form == "coq":
        raise typer.Exit(_certified_proof(proof, output))
    emit(write(proof, form, lang=lang, color=form == "terminal" and output is None and colors(sys.stdout)), output)
    raise typer.Exit(proof.exit_status())


@app.command()
def code(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A document, or the name of a proof of the library.")],
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Only these functions; without any, all but matrices.")
    ] = None,
    target: Annotated[Target, typer.Option("--target", help="What is written.")] = "numpy",
    size: Annotated[
        list[str] | None,
        typer.Option("--size", metavar="[NAME=]N", help="For C: the length of the axis NAME, or of every axis. [10]"),
    ] = None,
    output: Output = None,
    timeout: Timeout = None,
    memory: Memory = None,
) -> None:
    """Write numeric code for what a document defines and derives.

    Exit status: 0 it is written, 1 something asked for was left out, 2 nothing could be opened or written.
    """
    documents = _openable([path])
    if len(documents) > 1:
        raise Failure(USAGE, f"{path}: expected one document, found a folder with {len(documents)}")

    from derive.documents import DocumentError, load
    from derive.jobs.compile import NothingToCompile, compile_document
    from derive.report.text.escape import one_line

    try:
        generated = compile_document(load(documents[0]), names or [], target, _limits(timeout, memory),
                                     sizes=_sizes(size or []))
    except (DocumentError, NothingToCompile) as error:
        raise Failure(USAGE, str(error)) from error
    for note in generated.notes:
        typer.echo(f"derive: left out: {one_line(note)}", err=True)
    for function in generated.functions:
        for claim in function.unproved:
            typer.echo(f"derive: {function.name} may lose digits: not proved: {one_line(claim)}", err=True)
    emit(generated.source, output)
    raise typer.Exit(1 if generated.notes else 0)


@app.command()
def train(
    data: Annotated[
        str | None, typer.Option("--data", metavar="digits|mnist|PATH", help="CSV, NPZ or a folder with IDX files. [digits]")
    ] = None,
    model: Annotated[Model | None, typer.Option("--model", help=MODEL_HELP)] = None,
    hidden: Annotated[
        str | None, typer.Option("--hidden", metavar="N,N,...", help="Sizes of the hidden layers of the MLP.")
    ] = None,
    activation: Annotated[Activation | None, typer.Option("--activation", help="[tanh]")] = None,
    target: Annotated[TrainTarget | None, typer.Option("--target", help="What the generated code is for. [numpy]")] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", metavar="N", help="Passes over the training part. [30]")] = None,
    batch: Annotated[int | None, typer.Option("--batch", metavar="N", help="Examples for one step.")] = None,
    rate: Annotated[float | None, typer.Option("--rate", metavar="ETA", help="The learning rate.")] = None,
    output_rate: Annotated[
        float | None, typer.Option("--output-rate", metavar="ETA", help="Another one for the output layer.")
    ] = None,
    decay: Annotated[
        float | None, typer.Option("--decay", metavar="KAPPA", help="After t epochs the rate is ETA/(1 + KAPPA t).")
    ] = None,
    l2: Annotated[float | None, typer.Option("--l2", metavar="LAMBDA", help="A penalty on large weights. [0]")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Decides weights and order. [0]")] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Save the model, with all to continue.")] = None,
    resume: Annotated[Path | None, typer.Option("--resume", metavar="FILE", help="Continue a saved model.")] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="A picture of the loss and the gradients (.png, .svg, .pdf).")
    ] = None,
    code_folder: Annotated[
        Path | None, typer.Option("--code", metavar="FOLDER", help="Keep the generated files here; use those that are here.")
    ] = None,
    compare: Annotated[
        int, typer.Option("--compare", metavar="N", help="Steps at which numbers are compared with the symbolic forms.")
    ] = 5,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Generate and build anew; keep nothing for the next run.")
    ] = False,
) -> None:
    """Train on handwritten digits with generated code, and compare its numbers with the symbolic forms.

    Exit status: 0 every layer agrees, 1 one differs or the loss diverges, 2 it cannot be done, 130 interrupted and saved.
    """
    from derive.training.command import Files, execute
    from derive.training.settings.errors import TrainError
    from derive.training.shown.outcome import Ending
    from derive.training.shown.summary import write as write_summary

    given = {"data": data, "model": model, "hidden": hidden, "activation": activation, "target": target, "epochs": epochs,
             "batch": batch, "rate": rate, "output_rate": output_rate, "decay": decay, "penalty": l2, "seed": seed}
    try:
        result = execute(given, Files(save, resume, plot, code_folder), compare, sys.stderr.isatty(), not no_cache)
    except TrainError as error:
        raise Failure(USAGE, str(error)) from error
    emit(write_summary(result, color=colors(sys.stdout)), None)
    if result.ended.kind is Ending.INTERRUPTED:
        further = f"; continue with --resume {result.saved}" if result.saved is not None else ""
        raise Failure(INTERRUPTED, f"{result.ended.message}{further}")
    if result.ended:
        raise Failure(USAGE if result.ended.unsaved else 1, result.ended.message)
    raise typer.Exit(0 if result.agrees else 1)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits."""
    sys.excepthook = _crash
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Runs the command line; the exit status."""
    command = typer.main.get_command(app)
    try:
        result = command.main(arguments or ["--help"], prog_name="derive", standalone_mode=False)
    except Failure as failure:
        return _failed(failure.status, str(failure))
    except CannotWrite as error:
        return _failed(USAGE, str(error))
    except typer.TyperException as error:
        return _failed(USAGE, error.format_message())
    except (KeyboardInterrupt, typer.Abort):
        return _failed(INTERRUPTED, "interrupted")
    if result == INTERRUPTED:  # Typer turns an interrupt inside of a command into this status
        return _failed(INTERRUPTED, "interrupted")
    return result if isinstance(result, int) else 0


def _interrupt(number: int, frame: object) -> None:
    """A request to end is an interrupt: what was begun is taken back."""
    raise KeyboardInterrupt


def _failed(status: int, message: str) -> int:
    from derive.report.text.escape import one_line

    if message:
        print(f"derive: {one_line(message)}".encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
    return status


def _crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A failure of the program must not end with status 1, which says that a claim is refuted."""
    traceback.print_exception(kind, error, trace)
    print("derive: internal failure, please report it", file=sys.stderr)
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(FAILURE)


def _certified_proof(proof: Any, output: Path | None) -> int:
    """Writes a proof as Coq has accepted it, and says what is not in it; the exit status."""
    from derive.certify.coq.coqc import NoCoq
    from derive.report.proof.coq import certified
    from derive.report.text.escape import one_line

    try:
        with progress_bar(True) as progress:
            text, missing = certified(proof, progress)
    except NoCoq as error:
        raise Failure(USAGE, str(error)) from error
    emit(text, output)
    for line in missing:
        typer.echo(f"derive: not certified: {one_line(line)}", err=True)
    return 1 if missing else int(proof.exit_status())


def _openable(paths: list[str]) -> list[Path | Literal["-"]]:
    """The documents that `paths` name, where every folder in them can be listed."""
    from derive.documents import Unopened

    found: list[Path | Literal["-"]] = []
    for each in _documents(paths):
        if isinstance(each, Unopened):
            raise Failure(USAGE, f"{each.path}: {each.reason}")
        found.append(each)
    return found


def _documents(paths: list[str]) -> list[Path | Literal["-"] | Unopened]:
    """What `paths` name: files as they are, the documents of folders and what cannot be opened there, the library's proofs."""
    from derive.documents import DocumentError, Walk
    from derive.documents.library import find

    found: list[Path | Literal["-"] | Unopened] = []
    for name in paths:
        path = Path(name)
        if name == "-":
            found.append("-")
        elif path.is_dir():
            inside = list(Walk(ignore=False).below(path))
            if not inside:
                raise Failure(USAGE, f"{name}: cannot be opened: no document below this folder")
            found.extend(inside)
        elif path.suffix or path.exists():
            found.append(path)
        else:
            try:
                found.append(find(name))
            except DocumentError as error:
                raise Failure(USAGE, str(error)) from error
    return found


def _sizes(given: list[str]) -> dict[str, int]:
    """The lengths that the options give, by the name of the axis; an empty name stands for every axis."""
    found = {}
    for option in given:
        name, _, number = option.rpartition("=")
        if not number.isdecimal() or not 0 < int(number) < 2**31:
            raise Failure(USAGE, f"--size {option}: expected a length such as 10 or n=10, from 1 to {2**31 - 1}")
        found[name.strip()] = int(number)
    return found


def _limits(timeout: float | None, memory: int | None) -> Limits | None:
    """The limits that the options name; None if they name none."""
    from derive.jobs.limits import MEBIBYTES, SECONDS, Limits

    if timeout is None and memory is None:
        return None
    return Limits(SECONDS if timeout is None else timeout, MEBIBYTES if memory is None else memory)


FORMATS = get_args(CheckFormat)
