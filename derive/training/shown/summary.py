"""The end of a run in words: accuracy, the comparison as a table, warnings, curves."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import TYPE_CHECKING

from derive.training.comparison.compare import LIMIT
from derive.training.shown.outcome import Comparison, Outcome
from derive.training.shown.sparkline import sparkline

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 110
COLUMNS = ("forward", "backward", "∂w", "∂b", "step", "largest", "differences", "autograd", "verdict")


def write(result: Outcome, color: bool = False, width: int = WIDTH) -> str:
    """The summary as text, in lines of `width` characters where it is a table."""
    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out,
        width=max(width, WIDTH),
        force_terminal=color,
        no_color=not color,
        highlight=False,
        color_system="auto" if color else None,
        markup=False,
        emoji=False,
    )
    for line in _head(result):
        console.print(line, soft_wrap=True)
    if result.comparison is not None:
        console.print()
        console.print(_caption(result, result.comparison), soft_wrap=True)
        console.print(_table(result))
        for line in _verdict(result.comparison):
            console.print(line, soft_wrap=True)
    for alarm in result.alarms:
        console.print(f"warning: {alarm.text(len(result.state.layers))}", soft_wrap=True)
    return out.getvalue()


def _head(result: Outcome) -> Iterable[str]:
    settings, data, state = result.settings, result.data, result.state
    sizes = " → ".join(str(n) for n in (data.features, *settings.hidden, data.classes))
    model = "softmax regression" if not settings.hidden else f"MLP ({settings.activation})"
    yield (
        f"{data.name}: {len(data.inputs)} examples for training, {len(data.test_inputs)} for testing; {model} {sizes}, "
        f"target {settings.target}, seed {settings.seed}"
    )
    if state.losses:
        yield f"loss      {sparkline(state.losses)} {state.losses[0]:.4g} to {state.losses[-1]:.4g}"
    if state.accuracies:
        yield f"accuracy  {sparkline(state.accuracies)} {state.accuracies[0]:.2%} to {state.accuracies[-1]:.2%}"
    for place in range(len(state.layers)):
        norms = [row[place] for row in state.norms]
        if norms:
            yield f"gradient {place + 1} {sparkline(norms, logarithmic=True)} {norms[0]:.2g} to {norms[-1]:.2g}"
    yield f"test accuracy {result.accuracy:.2%} after {state.epoch} epochs, {state.step} steps, {result.seconds:.1f} s"
    reached = next((n for n, a in enumerate(state.accuracies, 1) if a >= 0.95), None)
    if reached is not None:
        yield f"95% were reached after {reached} epoch{'s' if reached > 1 else ''}"
    if result.saved is not None:
        yield f"saved to {result.saved}"


def _table(result: Outcome) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("layer", *COLUMNS):
        table.add_column(name, justify="left" if name in ("layer", "verdict") else "right", no_wrap=True)
    for row in result.layers:
        curve = result.settings.activation if row.layer < len(result.state.layers) else "softmax"
        outputs, inputs = result.state.layers[row.layer - 1].w.shape
        numbers = [row.forward, row.backward, row.weights, row.biases, row.step, row.largest]
        table.add_row(
            f"{row.layer} {inputs} → {outputs} {curve}",
            *map(_number, numbers),
            f"{row.differences:.0e}",
            "not installed" if row.autograd is None else _number(row.autograd),
            "agrees" if row.agrees else "DIFFERS",
            style=None if row.agrees else "red",
        )
    return table


def _caption(result: Outcome, comparison: Comparison) -> str:
    steps = ", ".join(str(number) for number in comparison.steps)
    few = comparison.rows < min(result.settings.batch, len(result.data.inputs))
    rows = f", the first {comparison.rows} examples of each batch" if few else ""
    return (
        f"Against the symbolic form in balls: largest error in ULP (of the largest value of each array), step"
        f"{'s' if len(comparison.steps) > 1 else ''} {steps}{rows}"
    )


def _number(ulp: float) -> str:
    return f"{ulp:.1f}" if ulp < 1e4 else f"{ulp:.0e}"


def _verdict(comparison: Comparison) -> Iterable[str]:
    wrong = comparison.culprit
    if wrong is not None:
        yield f"DIFFERS: {wrong.text()}."
        others = [e.quantity.name for e in comparison.errors if not e.agrees and e is not wrong]
        if others:
            yield f"Computed from it, and different too: {', '.join(others)}."
        return
    if not comparison.agrees:
        far = [f"{d.name}_{d.layer} (central differences)" for d in comparison.differences if not d.agrees]
        far += [f"{a.name}_{a.layer} (autograd)" for a in comparison.autograd if not a.agrees]
        yield f"DIFFERS: every layer agrees with its symbolic form, but not ∂L/∂{', ∂L/∂'.join(far)}."
        return
    largest = max(error.ulp for error in comparison.errors)
    yield f"Every layer agrees with its symbolic form within {largest:.1f} ULP (limit {LIMIT:.0f})."
