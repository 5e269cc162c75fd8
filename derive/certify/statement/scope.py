"""Quantities of a document in statements for Coq: under which keys they are found, and what they stand for at a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Symbol

from derive.certify.statement.syntax import Node, Term
from derive.terms.terms import Call

Key = tuple[str, Symbol | str | tuple[str, tuple[bool, ...]] | Node]
"""What a quantity is, and its name: of a size or an index its symbol, of a function also which arguments are families, of an
inverse the matrix."""


@dataclass(frozen=True)
class CoqDefinition:
    """``Definition name parameters positions := body``; `needs` says which quantity each parameter stands for."""

    name: str
    needs: tuple[Key, ...]
    parameters: tuple[tuple[str, str], ...]
    positions: tuple[Symbol | str, ...]
    body: Term
    inside: frozenset[str]


@dataclass(frozen=True)
class Scope:
    """What quantities stand for at a place: those with a value of their own, and index symbols.

    In the body of a definition (`abstract`) a quantity is a parameter, unless it has to be followed down to a
    variable by which is differentiated.
    """

    values: Mapping[Key, Any] = field(default_factory=dict)
    indices: Mapping[Symbol, Expr] = field(default_factory=dict)
    varied: frozenset[Key] = frozenset()
    abstract: bool = False


OUTERMOST = Scope()


def key_of(head: Expr) -> Key:
    """Under which quantities and definitions are found: what it is, and its name."""
    if isinstance(head, Symbol):
        return ("scalar", head.name)
    if isinstance(head, Indexed):
        return ("family", str(head.base.label))
    if isinstance(head, Call):
        return ("call", (head.name, tuple(isinstance(a, IndexedBase) for a in head.arguments)))
    return ("other", str(head))


def name_of(key: Key) -> str:
    """What the document calls the quantity or the function; an inverse has no name of its own."""
    if isinstance(key[1], Node):
        return key[0]
    return str(key[1][0] if isinstance(key[1], tuple) else key[1])
