"""What a certificate claims: variables, premises, and the goals that follow: that everything is defined, and the claim.

Coq gives every expression a value, x/0 and the logarithm of −1 too. So a certificate says more than the claim: that
no denominator is 0, that what logarithms are taken of is positive, and that derivatives exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol

from derive.certify.statement.scope import CoqDefinition
from derive.certify.statement.syntax import (
    Apply,
    Base,
    Defined,
    Determinant,
    IfEqual,
    Inverse,
    Node,
    Number,
    Over,
    Power,
    RealPower,
    Ref,
    Slope,
    Sum,
    Term,
    Updated,
    instantiated,
    rebuilt,
    walk,
)
from derive.certify.statement.writer import OutsideFragment, Writer
from derive.terms.relations import BY_KEY, RelationKey


@dataclass(frozen=True, eq=False)
class Within(Node):
    """low <= index <= high."""

    low: Expr
    index: Expr
    high: Expr


@dataclass(frozen=True, eq=False)
class Integers(Node):
    """A relation between index expressions."""

    left: Expr
    relation: RelationKey
    right: Expr


@dataclass(frozen=True, eq=False)
class Reals(Node):
    """A relation between terms."""

    left: Term
    relation: RelationKey
    right: Term


@dataclass(frozen=True, eq=False)
class HasSlope(Node):
    """That a derivative exists; `near` also at all points near its own, for one variable after the other."""

    slope: Slope
    near: tuple[tuple[str, Term], ...] = ()


@dataclass(frozen=True, eq=False)
class ForAll(Node):
    """`body` for all values of the index for which the premises hold."""

    index: Symbol
    low: Expr
    high: Expr
    body: Any


@dataclass(frozen=True, eq=False)
class If(Node):
    """`body` where left = right (or where they differ)."""

    left: Expr
    relation: RelationKey
    right: Expr
    body: Any


@dataclass(frozen=True)
class Statement:
    """For all `variables`: if `premises` hold, so do `goals` (the last one is the claim itself).

    `definitions` come in an order in which each uses earlier ones only; `refuted` says that the statement is the negation.
    """

    definitions: tuple[CoqDefinition, ...]
    variables: tuple[tuple[str, str], ...]
    premises: tuple[Any, ...]
    goals: tuple[Any, ...]
    refuted: bool = False

    @property
    def claim(self) -> Any:
        return self.goals[-1]


class Conditions:
    """The domain facts of terms, followed through definitions."""

    def __init__(self, definitions: dict[str, CoqDefinition]) -> None:
        self._definitions = definitions

    def of(self, terms: Iterable[Term]) -> tuple[Any, ...]:
        """What must hold for the terms to have values, each fact once."""
        return tuple(dict.fromkeys(fact for term in terms for fact in self._of(term)))

    def _of(self, node: Any) -> Iterator[Any]:
        if isinstance(node, Sum):
            for fact in self._of(node.body):
                yield ForAll(node.index, node.low, node.high, fact)
            return
        if isinstance(node, Determinant):
            for fact in self._of(node.body.body):
                yield ForAll(node.index, node.low, node.high, ForAll(node.body.index, node.low, node.high, fact))
            return
        if isinstance(node, IfEqual):
            yield from (If(node.left, "=", node.right, fact) for fact in self._of(node.this))
            yield from (If(node.left, "!=", node.right, fact) for fact in self._of(node.that))
            return
        if isinstance(node, Ref):
            yield from self._of_ref(node)
            return
        if isinstance(node, Slope):
            yield from self._of_slope(node)
            return
        for part in node.parts:
            if isinstance(part, Node):
                yield from self._of(part)
        if isinstance(node, (Over, Inverse)):
            below = node.right if isinstance(node, Over) else node.term
            while isinstance(below, Power):
                below = below.base
            if not isinstance(below, Number) or below.value == 0:
                yield Reals(below, "!=", Number(0))
        elif isinstance(node, Apply) and node.function == "ln" and not (isinstance(node.term, Number) and node.term.value):
            yield Reals(node.term, ">", Number(0))
        elif isinstance(node, Apply) and node.function == "sqrt" and not isinstance(node.term, Number):
            yield Reals(node.term, ">=", Number(0))
        elif isinstance(node, RealPower) and not (isinstance(node.base, Number) and node.base.value):
            yield Reals(node.base, ">", Number(0))

    def _of_ref(self, node: Ref) -> Iterator[Any]:
        family = node.family
        if isinstance(family, Updated):
            yield from self._of_ref(Ref(family.family, node.positions))
            yield from self._of(family.value)
        elif isinstance(family, Defined):
            yield from self._of(unfolded(node, self._definitions))

    def _of_slope(self, node: Slope) -> Iterator[Any]:
        """The body at the point, derivatives inside of it also near the point, and the derivative itself."""
        yield from self._of(at_point(node))
        body = self.expanded(node.body)
        inner = [part for part in walk(body) if isinstance(part, Slope)]
        if any(isinstance(part, Slope) for n in inner for part in walk(n.body)):
            raise OutsideFragment("a derivative of more than second order")
        if any(isinstance(part, Slope) for n in walk(body) if isinstance(n, Sum) for part in walk(n)):
            raise OutsideFragment("a derivative of a sum of derivatives")
        yield from (HasSlope(part, ((node.variable, node.point),)) for part in inner)
        yield HasSlope(node)

    def expanded(self, node: Any) -> Any:
        """`node` with every definition unfolded; an updated family stays, whatever it updates."""
        if isinstance(node, (Expr, Updated)):
            return node
        if isinstance(node, Ref) and isinstance(node.family, Defined):
            return self.expanded(unfolded(node, self._definitions))
        return rebuilt(node, self.expanded)


def unfolded(node: Ref, definitions: dict[str, CoqDefinition]) -> Term:
    """A member of a defined family by its definition, one step."""
    family = node.family
    if not isinstance(family, Defined):
        raise OutsideFragment("nothing to unfold")
    definition = definitions[family.name]
    count = len(definition.parameters)
    values: dict[str, Any] = {}
    indices: dict[Symbol, Expr] = {}
    for need, (name, _), argument in zip(definition.needs, definition.parameters, family.arguments[:count], strict=True):
        if isinstance(need[1], Symbol):
            indices[need[1]] = argument
        else:
            values[name] = argument
    own = (*node.positions, *family.arguments[count:])
    for position, argument in zip(definition.positions, own, strict=True):
        if isinstance(position, Symbol):
            indices[position] = argument
        else:
            values[position] = argument
    result: Term = instantiated(definition.body, values, indices)
    return result


def at_point(slope: Slope) -> Term:
    """The body of a derivative at the point itself: an updated family is the family again."""

    def visit(node: Any) -> Any:
        if isinstance(node, Expr):
            return node
        if isinstance(node, Updated) and node.value == Ref(Base(slope.variable, 0)):
            return visit(node.family)
        if isinstance(node, Ref) and node.family == Base(slope.variable, 0):
            return slope.point
        return rebuilt(node, visit)

    result: Term = visit(slope.body)
    return result


class StatementWriter(Writer):
    """Writes statements."""

    def fact(self, node: Any) -> str:
        """A premise or a goal, of type Prop."""
        if isinstance(node, Within):
            return f"({self.index(node.low)} <= {self.index(node.index)} <= {self.index(node.high)})%Z"
        if isinstance(node, Integers):
            return f"({self.index(node.left)} {BY_KEY[node.relation].coq} {self.index(node.right)})%Z"
        if isinstance(node, Reals):
            if node.relation in (">", ">=") and node.right == Number(0):
                return f"(0 {'<' if node.relation == '>' else '<='} {self.term(node.left)})"
            return f"({self.term(node.left)} {BY_KEY[node.relation].coq} {self.term(node.right)})"
        if isinstance(node, HasSlope):
            text = f"(ex_derive {self.along(node.slope)} {self.term(node.slope.point)})"
            for name, point in reversed(node.near):
                text = f"(locally {self.term(point)} (fun {name} : R => {text}))"
            return text
        if isinstance(node, ForAll):
            k = self.names.index(node.index)
            span = f"({self.index(node.low)} <= {k} <= {self.index(node.high)})%Z"
            return f"(forall {k} : Z, {span} -> {self.fact(node.body)})"
        if isinstance(node, If):
            return f"({self.fact(Integers(node.left, node.relation, node.right))} -> {self.fact(node.body)})"
        raise OutsideFragment(f"{type(node).__name__} cannot be stated")

    def definition(self, definition: CoqDefinition) -> str:
        """A definition of the document."""
        own = []
        for position in definition.positions:
            name = self.names.index(position) if isinstance(position, Symbol) else position
            own.append((name, "Z" if isinstance(position, Symbol) else self._kind(definition, name)))
        text = "".join(f" ({name} : {kind})" for name, kind in (*definition.parameters, *own))
        return f"Definition {definition.name}{text} : R := {self.term(definition.body)}."

    @staticmethod
    def _kind(definition: CoqDefinition, name: str) -> str:
        """The type of a function's parameter, by how the body uses it."""
        arities = {node.arity for node in walk(definition.body) if isinstance(node, Base) and node.name == name}
        return "Z -> " * max(arities, default=0) + "R"

    def statement(self, statement: Statement) -> str:
        """The whole statement as a proposition."""
        lines = []
        if statement.variables:
            lines.append("forall " + " ".join(f"({name} : {kind})" for name, kind in statement.variables) + ",")
        lines += [f"{self.fact(premise)} ->" for premise in statement.premises]
        lines.append(" /\\\n  ".join(self.fact(goal) for goal in statement.goals))
        text = "\n  ".join(lines)
        return f"~ (\n  {text})" if statement.refuted else text

    def example(self, statement: Statement) -> str:
        """That the premises can hold together; a negation needs no example."""
        if statement.refuted:
            return "True"
        premises = [self.fact(premise) for premise in statement.premises] or ["True"]
        binders = " ".join(f"({name} : {kind})" for name, kind in statement.variables)
        quantified = f"exists {binders},\n  " if binders else ""
        return quantified + " /\\\n  ".join(premises)


__all__ = [
    "Conditions",
    "ForAll",
    "HasSlope",
    "If",
    "Integers",
    "Reals",
    "Statement",
    "StatementWriter",
    "Within",
    "at_point",
    "unfolded",
]
