"""The errors of every function that is written for every document of proofs/, on the twelve input sets.

    python -m tests.benchmarks.every_function [--write] [--rows 2] [--targets numpy,c,torch] [DOCUMENT ...]

Errors are in ULP of what the inputs allow (see tests/tools/conditioned.py). With an error above 8, or with a result that is not
finite where the true value is, the exit status is 1. With --write the table goes into docs/numbers.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from sympy import Indexed, Mul, exp, tanh

from derive.code import targets
from derive.code.arrays.program import BATCH
from derive.code.loading import load
from derive.jobs.compile import NothingToCompile
from derive.jobs.compile import compile as compile_document
from derive.normal.unfold import Unfolder
from derive.terms.context import Fact
from derive.terms.heads import name_of
from tests.benchmarks.accuracy import OWN, input_sets
from tests.tables import publish
from tests.tools.conditioned import PRODUCTS, Exact, worst

BOUND = 8.0
ROOT = Path(__file__).resolve().parents[2]
LENGTHS = (4, 3, 2)
TARGETS = ("numpy", "c", "torch")


def called(target, made):
    """The functions by name, from NumPy arrays to a tuple of NumPy arrays; None where the target cannot run."""
    if target == "c":
        from derive.code.c.build import CompilerMissing, require
        from derive.code.c.call import Compiled

        try:
            require()
        except CompilerMissing:
            return None
        found = {f.name: Compiled(f) for f in made if f.name not in targets.TARGETS["c"].unwritten([f])}
    else:
        try:
            module = load(targets.TARGETS[target].written(list(made), "accuracy", "the library"))
        except ImportError:
            return None
        found = {f.name: getattr(module, f.name) for f in made}
    return {name: _plain(function, target) for name, function in found.items()}


def _plain(function, target):
    def call(*arrays):
        if target == "torch":
            import torch

            arrays = [torch.from_numpy(np.array(array)) for array in arrays]
        with np.errstate(all="ignore"):
            results = function(*arrays)
        return [np.asarray(r) for r in (results if isinstance(results, tuple) else (results,))]

    return call


def examples(function, logits, dtype, rng):
    """Arguments by name, of a batch of one: exponents from the set, directions and slopes normal, weights that sum to 1."""
    signature = function.signature
    spelled = {wanted: name for name, wanted in function.spelling.items()}
    unfolded = [Unfolder(signature.context)(wanted.term) for wanted in signature.results]
    inside = {name_of(member) for term in unfolded for node in term.atoms(exp, tanh) for member in node.atoms(Indexed)}
    exponents = [node for term in unfolded for e in term.atoms(exp, tanh) for node in e.atoms(Mul)]
    if not inside or any(len(node.atoms(Indexed)) > 1 for node in exponents):
        logits = np.maximum(logits, dtype(-1e4))
    weights = {
        name_of(member)
        for fact in signature.context.assumptions
        if isinstance(fact, Fact)
        for member in (fact.left - fact.right).atoms(Indexed)
    }
    positive = {
        name_of(member)
        for fact in signature.context.assumptions
        if isinstance(fact, Fact) and fact.relation == ">"
        for member in fact.left.atoms(Indexed)
    }
    lengths = {}
    arrays = {}
    for node in function.arguments:
        own = [axis.size for axis in node.axes if axis.size != BATCH]
        shape = [
            int(size) if size.isdigit() else lengths.setdefault(size, min(LENGTHS[min(len(lengths), 2)], len(logits)))
            for size in own
        ]
        name = spelled.get(node.name, node.name)
        if node.kind == "index":
            below = lengths.setdefault(node.below, min(LENGTHS[0], len(logits)))
            values = np.array(int(np.argmax(logits[:below])) if rng.random() < 0.5 else rng.integers(below))
        elif not own:
            values = np.asarray(rng.uniform(0.5, 2), dtype)
        elif name in weights:
            spread = name in positive or rng.random() < 0.5
            units = np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]
            values = (rng.dirichlet(np.ones(shape[-1]), size=shape[:-1]) if spread else units).astype(dtype)
        elif name in inside or not inside and not (signature.kind in PRODUCTS and name == "v"):
            values = rng.permutation(np.resize(logits, np.prod(shape, dtype=int))).reshape(shape)
        else:
            values = rng.standard_normal(shape).astype(dtype)
        arrays[node.name] = values
    return arrays


def with_batch(function, arrays):
    """The same with an axis for the batch in front where there is one."""
    return [
        arrays[node.name][None] if any(axis.size == BATCH for axis in node.axes) else arrays[node.name]
        for node in function.arguments
    ]


def errors(function, calls, dtype, rows):
    """For each call the largest error over the sets, the set that it is on, and how many entries are not finite in vain.

    Where a matrix has no inverse at a point of a set, numbers of a normal distribution take the place of the set's.
    """
    found = [(0.0, "", 0)] * len(calls)
    output = {o.name: any(axis.size == BATCH for axis in o.axes) for o in function.program.outputs}
    for name, (logits, _) in input_sets(dtype, rows, seed=3):
        for number, row in enumerate(logits):
            rng = np.random.default_rng(number)
            arrays = examples(function, row, dtype, rng)
            try:
                computed = [call(*with_batch(function, arrays)) for call in calls]
            except np.linalg.LinAlgError:
                arrays = examples(function, rng.standard_normal(len(row)).astype(dtype), dtype, rng)
                computed = [call(*with_batch(function, arrays)) for call in calls]
            exact = Exact(function, arrays)
            for place, made in enumerate(computed):
                results = {
                    wanted.name: result[0] if output[wanted.name] else result
                    for wanted, result in zip(function.signature.results, made, strict=True)
                }
                (largest, on, wrong), (error, bad, _) = found[place], worst(exact, results, dtype)
                on = name if error > largest or bad and not wrong else on
                found[place] = max(largest, error), on, wrong + bad
    return found


def documents(names):
    """The documents of the library, or those named."""
    every = sorted((ROOT / "proofs").rglob("*.md"))
    return [path for path in every if not names or path.stem in names or str(path.relative_to(ROOT / "proofs")) in names]


def _column(target, dtype):
    return f"{OWN[target]}, {dtype.__name__}"


def table(names, rows, chosen):
    """The table as Markdown, and how many cells are out of bounds."""
    columns = [_column(target, dtype) for target in chosen for dtype in (np.float64, np.float32)]
    lines = [
        f"The largest error on the twelve input sets ({rows} of each), in ULP of what the inputs allow, and the set.",
        "",
        f"| document | function | {' | '.join(columns)} |",
        "|---" * (len(columns) + 2) + "|",
    ]
    failed = 0
    for path in documents(names):
        try:
            made = compile_document(path).functions
        except NothingToCompile:
            continue
        running = {target: called(target, made) for target in chosen}
        for function in made:
            cells = dict.fromkeys(columns, "–")
            there = [target for target in chosen if function.name in (running[target] or {})]
            for dtype in (np.float64, np.float32):
                measured = errors(function, [running[target][function.name] for target in there], dtype, rows)
                for target, (largest, on, wrong) in zip(there, measured, strict=True):
                    failed += bool(wrong) or largest > BOUND
                    cells[_column(target, dtype)] = f"{largest:.1f} {on}" + (f"; {wrong} not finite" if wrong else "")
            title = path.relative_to(ROOT / "proofs").with_suffix("")
            lines.append(f"| {title} | {function.name} | {' | '.join(cells.values())} |")
            print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines), failed


def main(arguments=None):
    """Print the table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("documents", nargs="*", help="names of documents; all if there are none")
    parser.add_argument("--write", action="store_true", help="put the table into docs/numbers.md")
    parser.add_argument("--rows", type=int, default=2, help="inputs of each set")
    parser.add_argument("--targets", default=",".join(TARGETS))
    options = parser.parse_args(arguments)
    text, failed = table(options.documents, options.rows, options.targets.split(","))
    print(text)
    print(f"\nout of bounds: {failed}" if failed else "\nwithin the bounds", file=sys.stderr)
    if options.write:
        publish("numbers.md", "functions", text)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
