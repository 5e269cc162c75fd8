"""A function from its signature: stable terms, an array program, and a comparison of both with the ball evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sympy import Expr, Indexed, Symbol, preorder_traversal

from derive.code.arrays.exponentials import is_scale_free
from derive.code.arrays.lower import Lowering
from derive.code.arrays.program import Input, Length, Program, ShapeError
from derive.code.functions.signatures import Signature
from derive.code.names import identifier
from derive.code.stable.licences import Judge, Licence
from derive.code.stable.stabiliser import CannotLower, Stabiliser, size_name
from derive.judge.decide import decide
from derive.prover.letters import taken_names
from derive.prover.planner import Prover
from derive.terms.heads import name_of
from derive.terms.terms import Partial


@dataclass(frozen=True)
class Moderate:
    """A shorter program, for moderate `exponents` (arguments by name).

    All are at most 7 less than a third of the exponent of the largest number, which is a power of 2, so that no exponential
    overflows or vanishes, nor does a sum of a million of them over one of them.
    """

    program: Program
    exponents: tuple[str, ...]
    licences: tuple[Licence, ...] = ()

    def holds(self, arrays: Mapping[str, Any]) -> bool:
        """Whether the exponents among these arguments are moderate; NaN is not."""
        import numpy as np

        return all(bool(np.all(np.abs(arrays[name]) <= np.finfo(arrays[name].dtype).maxexp / 3 - 7)) for name in self.exponents)


@dataclass(frozen=True)
class Function:
    """A function as an array program, with the claims that license how it computes.

    `spelling` gives the program's name of each argument by its name in the document; `moderate` is another program for the
    same function, where there is one that is shorter. What would keep more digits and was not proved is in `unproved`.
    """

    signature: Signature
    program: Program
    licences: tuple[Licence, ...] = ()
    spelling: Mapping[str, str] = field(default_factory=dict)
    moderate: Moderate | None = None
    unproved: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.signature.name

    @cached_property
    def arguments(self) -> tuple[Input, ...]:
        """The inputs as the document declares them, else as it defines with them; a vector to multiply with; labels."""
        context = self.signature.context
        named = [name for name, _ in context.shapes]
        for definition in context.definitions:
            named += [name_of(node) for node in preorder_traversal(definition.body) if isinstance(node, Indexed | Symbol)]
        known = {name: place for place, name in reversed(list(enumerate(named)))}
        spelled = {wanted: name for name, wanted in self.spelling.items()}
        return tuple(
            sorted(
                self.program.inputs, key=lambda node: (node.kind == "index", known.get(spelled.get(node.name, ""), len(named)))
            )
        )


Derivatives = Callable[[Partial], Expr | None]


def built(signature: Signature, derivatives: Derivatives = lambda partial: None, judge: Judge = decide) -> Function:
    """The function of `signature`.

    Raises:
        CannotLower: if there is no array code for it.
    """
    function = _built(signature, derivatives, judge, {}, split=True)[0]
    split = any(licence.law in ("logarithm", "complement") for licence in function.licences)
    if not split:
        function = _built(signature, derivatives, judge, {}, split=False)[0]
    return replace(function, moderate=_moderate(function, derivatives, judge, split))


def _moderate(function: Function, derivatives: Derivatives, judge: Judge, split: bool) -> Moderate | None:
    """The program for moderate exponents, if these are arguments and it keeps as many digits."""
    spelling = dict(function.spelling)
    try:
        made, stable = _built(function.signature, derivatives, judge, spelling, split, moderate=True)
    except CannotLower:
        return None
    exponents = [shift.exponent for shift in stable.shifts.series]
    names = tuple(dict.fromkeys(spelling[name_of(e)] if isinstance(e, Indexed) else "" for e in exponents))
    if not names or stable.refused or not {node.name for node in function.arguments}.issuperset(names):
        return None
    if not is_scale_free(made.program):
        return None
    return Moderate(made.program.with_inputs_first(function.arguments), names, made.licences)


def _built(
    signature: Signature, derivatives: Derivatives, judge: Judge, spelling: dict[str, str], split: bool, moderate: bool = False
) -> tuple[Function, Stabiliser]:
    context, labels = signature.context, signature.labels
    points: dict[Symbol, tuple[str, str]] = {}
    if labels is not None:
        points[labels.point] = ("labels", size_name(labels.below))
    written = [part for result in signature.results for part in (result.term, result.meaning)]
    taken = frozenset(taken_names(written, context) | {str(s) for s, _ in context.ranges})
    stable = Stabiliser(
        context,
        frozenset(points),
        frozenset() if labels is None else frozenset({labels.family}),
        signature.independent,
        split,
        moderate,
        judge,
        lambda partial: _derivative(partial, derivatives, signature),
        taken,
    )

    def spelled(name: str) -> str:
        if name not in spelling:
            spelling[name] = identifier(name, {*spelling.values(), signature.name})
        return spelling[name]

    lowering = Lowering(context, stable, points, signature.shared, spelling=spelled)
    values = []
    try:
        for result in signature.results:
            term = stable(result.term)
            if signature.mean:
                value = (lowering.of_mean if result.per_example else lowering.mean)(term, result.letters)
            else:
                value = lowering(term, result.letters)
            lowering.builder.hint(value, result.name)
            values.append((result.name, value))
    except ShapeError as problem:
        raise CannotLower(str(problem)) from problem
    function = Function(
        signature,
        lowering.builder.program(values),
        tuple(stable.licences),
        spelling,
        unproved=tuple(dict.fromkeys(stable.refused)),
    )
    if not function.arguments:
        raise CannotLower("a number, it has no arguments")
    missing = _unknown_size(function.program)
    if missing:
        raise CannotLower(f"no argument has an axis of length {missing}")
    return replace(function, program=function.program.with_inputs_first(function.arguments)), stable


def _unknown_size(program: Program) -> str:
    """A size that is needed and that no argument has; "" if there is none."""
    known = {axis.size for node in program.inputs for axis in node.axes}
    used = (size for node in program.nodes for size in (axis.size for axis in node.axes))
    lengths = (node.size for node in program.nodes if isinstance(node, Length))
    return next((size for size in (*used, *lengths) if size not in known and not size.isdigit()), "")


def _derivative(partial: Partial, derivatives: Derivatives, signature: Signature) -> Expr | None:
    """The value of a derivative: as the document has it, else as it is derived here."""
    known = derivatives(partial)
    return Prover(signature.context).derive(partial).result if known is None else known
