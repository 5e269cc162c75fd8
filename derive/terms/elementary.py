r"""The elementary functions: a row each, with everything that is known of one but how it is computed.

A new function is its row here, its ball function (:mod:`derive.balls.elementary`) and its laws, its derivative and its normal
form (:mod:`derive.normal.functions.elementary`). What a row leaves out is refused where it would be needed: without `spellings`
it is not read, without `op` there is no array code, without `coq` no certificate.

This module is light: SymPy's classes are named here and looked up by :func:`head_of`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from derive.terms.reasons import Why
from derive.terms.relations import RelationKey


@dataclass(frozen=True)
class Spelling:
    r"""A word that is read as the function: ``\word``, ``\operatorname{word}``, in plain text ``word``.

    `base` is that of a logarithm; `note` is what the reader says about it.
    """

    word: str
    base: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Domain:
    """Where the function has a value: ``term(u) relation 0``, or of the function `of` at u.

    `latex` says it, with ``{u}`` for the argument, ``{bracket}`` for it in brackets and ``{square}`` for its square;
    `otherwise` is the reason that is given elsewhere, with the command as its `name`.
    """

    relation: RelationKey
    latex: str
    otherwise: Why
    term: Callable[[Any], Any] = lambda u: u
    of: str = ""


@dataclass(frozen=True)
class Elementary:
    r"""One function of one number.

    Attributes:
        key: its name among us.
        head: its class: in SymPy by its name, one of our own as ``module:name``; empty where SymPy writes it by others.
        spellings: the words that are read as it, the first of them the usual one.
        commands: other commands that LaTeX knows for it.
        printed: the word that is written for it, by default the first spelling.
        is_command: whether LaTeX has a command for that word, so that no ``\operatorname`` is needed.
        domain: where it has a value, if not everywhere.
        ratio: the functions whose quotient it is (1 for an empty name).
        complement: the function that it is π/2 less.
        of_one_more: the operation that is it of 1 + u, more exactly.
        square: the function g for which its square is 1 − g².
        is_positive: whether all its values are positive, and a normal form has it as it stands.
        op: its operation in array programs.
        numpy, torch, jax: what these libraries call it, by default `op`; or an expression with ``{x}`` for the argument
            and ``{library}`` for the library's name.
        c: its function in C for doubles; that for floats has an f behind it.
        math: its function in Python's ``math``, for numbers.
        is_costly: whether computing it twice costs more than keeping it.
        noun: what a value of it is called in generated code.
        coq: its name in Coq's reals.
    """

    key: str
    head: str = ""
    spellings: tuple[Spelling, ...] = ()
    commands: tuple[str, ...] = ()
    printed: str = ""
    is_command: bool = False
    domain: Domain | None = None
    ratio: tuple[str, str] | None = None
    complement: str = ""
    of_one_more: str = ""
    square: str = ""
    is_positive: bool = False
    op: str = ""
    numpy: str = ""
    torch: str = ""
    jax: str = ""
    c: str = ""
    math: str = ""
    is_costly: bool = True
    noun: str = "x"
    coq: str = ""

    @property
    def command(self) -> str:
        r"""How LaTeX writes it: ``\sin``, ``\operatorname{arsinh}``."""
        return f"\\{self.written}" if self.is_command else f"\\operatorname{{{self.written}}}"

    @property
    def written(self) -> str:
        """The word that is written for it."""
        return self.printed or (self.spellings[0].word if self.spellings else self.key)

    def called(self, library: str) -> str:
        """What ``numpy``, ``torch`` or ``jax`` calls it."""
        return str(getattr(self, library)) or self.op


def _spelled(*words: str) -> tuple[Spelling, ...]:
    return tuple(Spelling(word) for word in words)


_INSIDE = Domain(">=", "1 - {square} \\ge 0", Why.OUTSIDE_CLOSED_UNIT, lambda u: 1 - u**2)
_OUTSIDE = Domain(">=", "{square} - 1 \\ge 0", Why.INSIDE_UNIT, lambda u: u**2 - 1)
_OFF_ZERO = Domain("!=", "{u} \\ne 0", Why.FUNCTION_OF_ZERO)
_COSINE = Domain("!=", "\\cos {bracket} \\ne 0", Why.COSINE_IS_ZERO, of="cos")
_SINE = Domain("!=", "\\sin {bracket} \\ne 0", Why.SINE_IS_ZERO, of="sin")

ROWS: tuple[Elementary, ...] = (
    Elementary("exp", "exp", _spelled("exp"), is_command=True, op="exp", c="exp", math="exp", noun="e", coq="exp"),
    Elementary(
        "log",
        "log",
        (
            Spelling("ln"),
            Spelling("log", note="log is the natural logarithm"),
            Spelling("lg", base=10, note="lg is the logarithm to base 10"),
        ),
        is_command=True,
        domain=Domain(">", "{u} > 0", Why.LOGARITHM_DOMAIN),
        op="log",
        of_one_more="log1p",
        c="log",
        math="log",
        noun="logarithm",
        coq="ln",
    ),
    Elementary("log1p", op="log1p", c="log1p", math="log1p", noun="logarithm"),
    Elementary(
        "sqrt", domain=Domain(">=", "{u} \\ge 0", Why.ROOT_DOMAIN), op="sqrt", c="sqrt", math="sqrt", noun="root", coq="sqrt"
    ),
    Elementary("abs", "Abs", op="abs", c="fabs", is_costly=False, noun="size", coq="Rabs"),
    Elementary("sign", "sign", printed="sgn", op="sign", is_costly=False),
    Elementary(
        "factorial", "factorial", _spelled("factorial"), is_positive=True, domain=Domain(">=", "{u} \\ge 0", Why.FACTORIAL)
    ),
    Elementary("sin", "sin", _spelled("sin"), is_command=True, square="cos", op="sin", c="sin", math="sin", coq="sin"),
    Elementary("cos", "cos", _spelled("cos"), is_command=True, op="cos", c="cos", math="cos", coq="cos"),
    Elementary(
        "tan",
        "tan",
        _spelled("tan"),
        ("tg",),
        is_command=True,
        domain=_COSINE,
        ratio=("sin", "cos"),
        op="tan",
        c="tan",
        math="tan",
    ),
    Elementary("cot", "cot", _spelled("cot"), ("ctg",), is_command=True, domain=_SINE, ratio=("cos", "sin")),
    Elementary("sec", "sec", _spelled("sec"), is_command=True, domain=_COSINE, ratio=("", "cos")),
    Elementary("csc", "csc", _spelled("csc"), ("cosec",), is_command=True, domain=_SINE, ratio=("", "sin")),
    Elementary("asin", "asin", _spelled("arcsin"), is_command=True, domain=_INSIDE, op="arcsin", c="asin", math="asin"),
    Elementary("acos", "acos", _spelled("arccos"), is_command=True, domain=_INSIDE, op="arccos", c="acos", math="acos"),
    Elementary("atan", "atan", _spelled("arctan"), ("arctg",), is_command=True, op="arctan", c="atan", math="atan"),
    # arccot is read with its values in (0, π); SymPy's acot jumps at 0 and is another function.
    Elementary(
        "arccot", "", (Spelling("arccot", note="arccot x is pi/2 - arctan x, with values in (0, pi)"),), complement="atan"
    ),
    Elementary("acot", "acot", printed="arccot"),
    Elementary("asec", "asec", _spelled("arcsec"), domain=_OUTSIDE),
    Elementary("acsc", "acsc", _spelled("arccsc"), domain=_OUTSIDE),
    Elementary("sinh", "sinh", _spelled("sinh"), ("sh",), is_command=True, op="sinh", c="sinh", math="sinh", coq="sinh"),
    Elementary("cosh", "cosh", _spelled("cosh"), ("ch",), is_command=True, op="cosh", c="cosh", math="cosh", coq="cosh"),
    Elementary(
        "tanh",
        "tanh",
        _spelled("tanh"),
        ("th",),
        is_command=True,
        ratio=("sinh", "cosh"),
        op="tanh",
        c="tanh",
        math="tanh",
        coq="tanh",
    ),
    Elementary("coth", "coth", _spelled("coth"), is_command=True, domain=_OFF_ZERO, ratio=("cosh", "sinh")),
    Elementary("sech", "sech", _spelled("sech"), ratio=("", "cosh")),
    Elementary("csch", "csch", _spelled("csch"), domain=_OFF_ZERO, ratio=("", "sinh")),
    Elementary(
        "erf", "erf", _spelled("erf"), op="erf", numpy="erf({x})", torch="erf", jax="jax.lax.erf({x})", c="erf", math="erf"
    ),
    Elementary("asinh", "asinh", _spelled("arsinh", "arcsinh")),
    Elementary(
        "acosh", "acosh", _spelled("arcosh", "arccosh"), domain=Domain(">=", "{u} - 1 \\ge 0", Why.BELOW_ONE, lambda u: u - 1)
    ),
    Elementary(
        "atanh",
        "atanh",
        _spelled("artanh", "arctanh"),
        domain=Domain(">", "1 - {square} > 0", Why.OUTSIDE_UNIT, lambda u: 1 - u**2),
    ),
)

BY_KEY = {row.key: row for row in ROWS}
BY_WORD = {spelling.word: row for row in ROWS for spelling in row.spellings}
"""The rows by the words that are read as them."""

BY_OP = {row.op: row for row in ROWS if row.op}
"""The rows by their operation in array programs."""

SQUARES = {row.key: row.square for row in ROWS if row.square}
"""For f the function g with f² = 1 − g²."""

POSITIVE = frozenset(row.key for row in ROWS if row.is_positive)
"""The functions of which no value is 0 or below."""

SMOOTH = frozenset(row.key for row in ROWS) - {"abs", "sign", "acot", "factorial"}
"""The functions that have derivatives wherever they have a value."""

SPELLINGS = {spelling.word: spelling for row in ROWS for spelling in row.spellings}


def head_of(row: Elementary) -> Any:
    """The class of the function's terms: SymPy's, or one of our own.

    >>> head_of(BY_KEY["asin"]).__name__
    'asin'

    Raises:
        ValueError: for a row without one.
    """
    if not row.head:
        raise ValueError(f"{row.key} has no class")
    module, _, name = row.head.rpartition(":")
    return getattr(import_module(module or "sympy"), name)


@cache
def by_head() -> dict[type, Elementary]:
    """The rows by the class of their terms."""
    return {head_of(row): row for row in ROWS if row.head}


def row_of(term: Any) -> Elementary | None:
    """The row of a term's head; None for a head that is no elementary function.

    >>> import sympy
    >>> row_of(sympy.asin(sympy.Symbol("x"))).key
    'asin'
    """
    return by_head().get(type(term))
