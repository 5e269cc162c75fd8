"""Terms as Coq's text. This file, with ``reading``, ``stating`` and ``facts`` beside it, decides what a certificate
says; everything is bracketed, so that no precedence matters."""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Integer, Mul, Symbol

from derive.certify.statement.names import Names
from derive.certify.statement.syntax import (
    Apply,
    Base,
    Constant,
    Count,
    Defined,
    Delta,
    Determinant,
    IfEqual,
    Inverse,
    Minus,
    Negative,
    Node,
    Number,
    Over,
    Plus,
    Power,
    RealPower,
    Ref,
    Slope,
    Sum,
    Times,
    Updated,
)

SIGNS = {Plus: "+", Minus: "-", Times: "*", Over: "/"}
UPDATES = {1: "upd", 2: "upd2"}


class OutsideFragment(ValueError):
    """Something that no certificate can say or prove; the message tells what."""


class Writer:
    """Writes terms, with the names of one certificate."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def term(self, node: Any) -> str:
        """A term of type R.

        >>> Writer(Names()).term(Plus(Number(1), Apply("exp", Ref(Base("x_", 0)))))
        '(1 + (exp x_))'
        """
        if isinstance(node, Number):
            return str(node.value)
        if isinstance(node, Count):
            return f"(IZR {self.index(node.index)})"
        if isinstance(node, Ref):
            return self._ref(node)
        if isinstance(node, Delta):
            return f"(delta {self.index(node.left)} {self.index(node.right)})"
        if type(node) in SIGNS:
            return f"({self.term(node.left)} {SIGNS[type(node)]} {self.term(node.right)})"
        if isinstance(node, Negative):
            return f"(- {self.term(node.term)})"
        if isinstance(node, Inverse):
            return f"(/ {self.term(node.term)})"
        if isinstance(node, Power):
            return f"({self.term(node.base)} ^ {node.exponent})"
        if isinstance(node, RealPower):
            return f"(Rpower {self.term(node.base)} {self.term(node.exponent)})"
        if isinstance(node, Apply):
            return f"({node.function} {self.term(node.term)})"
        if isinstance(node, Constant):
            return node.name
        if isinstance(node, Sum):
            return f"(Sum {self.index(node.low)} {self.index(node.high)} {self.function(node)})"
        if isinstance(node, Determinant):
            return f"(det {self.index(node.low)} {self.index(node.high)} {self.matrix(node)})"
        if isinstance(node, IfEqual):
            ends = f"{self.index(node.left)} {self.index(node.right)}"
            return f"(if_equal {ends} {self.term(node.this)} {self.term(node.that)})"
        if isinstance(node, Slope):
            return f"(Derive {self.along(node)} {self.term(node.point)})"
        raise OutsideFragment(f"{type(node).__name__} cannot be written for Coq")

    def function(self, node: Sum) -> str:
        """The summand as a function of the bound index."""
        return f"(fun {self.names.index(node.index)} : Z => {self.term(node.body)})"

    def matrix(self, node: Determinant) -> str:
        """The entry as a function of the indices of its row and its column."""
        row, column = self.names.index(node.index), self.names.index(node.body.index)
        return f"(fun {row} {column} : Z => {self.term(node.body.body)})"

    def along(self, node: Slope) -> str:
        """What is differentiated, as a function of one real variable."""
        return f"(fun {node.variable} : R => {self.term(node.body)})"

    def _ref(self, node: Ref) -> str:
        head = self.family(node.family)
        return f"({head}{''.join(' ' + self.index(p) for p in node.positions)})" if node.positions else head

    def family(self, node: Any) -> str:
        """A family, or a scalar."""
        if isinstance(node, Base):
            return node.name
        if isinstance(node, Defined):
            if not node.arguments:
                return node.name
            return f"({node.name} {' '.join(self.argument(a) for a in node.arguments)})"
        if isinstance(node, Updated):
            update = UPDATES.get(len(node.positions))
            if update is None:
                raise OutsideFragment("a derivative by a member with more than two indices")
            ends = " ".join(self.index(p) for p in node.positions)
            return f"({update} {self.family(node.family)} {ends} {self.term(node.value)})"
        raise OutsideFragment(f"{type(node).__name__} is no family")

    def argument(self, node: Any) -> str:
        """An argument of a definition: a family, a term or an index."""
        if isinstance(node, Expr):
            return self.index(node)
        if isinstance(node, (Base, Defined, Updated)):
            return self.family(node)
        if isinstance(node, Node):
            return self.term(node)
        raise OutsideFragment(f"{type(node).__name__} is no argument")

    def index(self, expr: Expr) -> str:
        """An index expression of type Z."""
        if isinstance(expr, Integer):
            return f"({int(expr)})%Z" if expr < 0 else f"{int(expr)}%Z"
        if isinstance(expr, Symbol):
            return self.names.index(expr)
        if isinstance(expr, (Add, Mul)):
            sign = "+" if isinstance(expr, Add) else "*"
            return f"({f' {sign} '.join(self.index(a) for a in expr.args)})%Z"
        raise OutsideFragment(f"the index {expr}")
