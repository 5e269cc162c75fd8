"""A function from its signature: stable terms, an array program, and a comparison of both with the ball evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, Indexed, Symbol, preorder_traversal

from derive.algebra.terms import Partial
from derive.algebra.unfold import name_of
from derive.code.functions import Signature
from derive.code.lower import Lowering
from derive.code.names import identifier
from derive.code.program import Input, Program, ShapeError
from derive.code.stable import CannotLower, Judge, Licence, Stabiliser, size_name
from derive.judge.decide import decide
from derive.prover.letters import taken_names
from derive.prover.planner import Prover


@dataclass(frozen=True)
class Function:
    """A function as an array program, with the claims that license how it computes.

    `spelling` gives the program's name of each argument by its name in the document.
    """

    signature: Signature
    program: Program
    licences: tuple[Licence, ...] = ()
    spelling: Mapping[str, str] = field(default_factory=dict)

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
        return tuple(sorted(self.program.inputs, key=lambda node: (
            node.kind == "index", known.get(spelled.get(node.name, ""), len(named)))))


Derivatives = Callable[[Partial], Expr | None]


def built(signature: Signature, derivatives: Derivatives = lambda partial: None, judge: Judge = decide) -> Function:
    """The function of `signature`.

    Raises:
        CannotLower: if there is no array code for it.
    """
    first = _built(signature, derivatives, judge, split=True)
    if any(licence.law in ("logarithm", "complement") for licence in first.licences):
        return first
    return _built(signature, derivatives, judge, split=False)


def _built(signature: Signature, derivatives: Derivatives, judge: Judge, split: bool) -> Function:
    context, labels = signature.context, signature.labels
    points: dict[Symbol, tuple[str, str]] = {}
    if labels is not None:
        points[labels.point] = ("labels", size_name(labels.below))
    written = [part for result in signature.results for part in (result.term, result.meaning)]
    taken = frozenset(taken_names(written, context) | {str(s) for s, _ in context.ranges})
    stable = Stabiliser(
        context, frozenset(points), frozenset() if labels is None else frozenset({labels.family}), signature.independent,
        split, judge, lambda partial: _derivative(partial, derivatives, signature), taken)
    spelling: dict[str, str] = {}

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
    function = Function(signature, lowering.builder.program(values), tuple(stable.licences), spelling)
    if not function.arguments:
        raise CannotLower("a number, it has no arguments")
    return replace(function, program=function.program.with_inputs_first(function.arguments))


def _derivative(partial: Partial, derivatives: Derivatives, signature: Signature) -> Expr | None:
    """The value of a derivative: as the document has it, else as it is derived here."""
    known = derivatives(partial)
    return Prover(signature.context).derive(partial).result if known is None else known
