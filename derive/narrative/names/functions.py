r"""Functions that words name: *the sigmoid $\sigma$*, *let $g$ be the softplus function*, *$f$ is an even function*."""

from __future__ import annotations

from functools import cache

from sympy import Expr, Indexed, Symbol, preorder_traversal

from derive.documents import Document, Prose
from derive.latex.reading import read_formula
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import cut
from derive.narrative.words.tables import LANGUAGES, functions, phrases, table
from derive.terms import terms
from derive.terms.context import Definition
from derive.terms.terms import Call

_ARGUMENT = terms.scalar("x")
EVEN, ODD = "even", "odd"


def called(effect: str) -> bool:
    """Whether words of this effect say which function a name is, or what kind of function."""
    return effect in (EVEN, ODD) or _value(effect) is not None


def definition(name: str, effect: str, line: int) -> Definition:
    """What the name means: an even function of x is one of x², an odd one that times x.

    Raises:
        ValueError: for words that name no function of a number.
    """
    own = Call(f"{name}_{{\\text{{of the square}}}}", [_ARGUMENT**2])
    kinds: dict[str, Expr] = {EVEN: own, ODD: _ARGUMENT * own}
    body = kinds.get(effect) or _value(effect)
    if body is None:
        raise ValueError(f"no function of a number is called {effect}")
    return Definition(Call(name, [_ARGUMENT]), body, f"line {line}")


@cache
def _value(effect: str) -> Expr | None:
    """The value at x of a function of the table; None for one that takes more than a number."""
    if effect not in functions():
        return None
    formula = cut(functions()[effect].value)
    (statement,) = read_formula(formula, observe(SymbolTable(), [formula])).statements
    (value,) = statement.sides
    entry = Indexed(terms.family("z"), terms.index("i"))
    if value is None or any(isinstance(node, Indexed) and node != entry for node in preorder_traversal(value)):
        return None
    return value.xreplace({entry: _ARGUMENT})


def names_one(side: Expr | None) -> str:
    """The name that a formula is, or that stands for its value at what it depends on; "" for anything else."""
    return side.name if isinstance(side, (Symbol, Call)) else ""


def spoken_letters(document: Document) -> frozenset[str]:
    r"""The letters that custom gives the functions that the words of a document name: ``\sigma`` beside *logistic function*."""
    text = " ".join(block.text.lower() for block in document.blocks if isinstance(block, Prose))
    return frozenset(
        functions()[row.effect].letter
        for language in LANGUAGES
        for rows in table(language).values()
        for phrase, row in rows
        if row.effect in functions() and functions()[row.effect].letter and " ".join(phrase) in text
    )


def speaks_of_entries(document: Document) -> bool:
    """Whether words say that functions are taken entry by entry, and none speak of the exponential of a matrix."""
    text = " ".join(block.text.lower() for block in document.blocks if isinstance(block, Prose))
    return any(each in text for each in phrases("entrywise")) and not any(
        each in text for each in phrases("matrix-exponential")
    )
