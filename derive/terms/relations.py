r"""The relations: a row each, with its spellings, its negation, its mirror image, its class and how it is written.

Those of :data:`READ` without a `head` are read and judged by nobody; what :data:`UNREAD` names only cuts a formula in two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeGuard, get_args

RelationKey = Literal["=", "<", ">", "<=", ">=", "!="]
"""The keys of the relations that are judged: a type, so that a misspelt one is an error before anything runs."""

KEYS: tuple[RelationKey, ...] = get_args(RelationKey)


@dataclass(frozen=True)
class Relation:
    r"""One relation.

    Attributes:
        key: its name among us.
        latex: how LaTeX writes it.
        text: the character for it in running text.
        commands: the commands of LaTeX that are read as it.
        signs: the characters that are read as it.
        head: SymPy's class; empty for what is no relation of terms.
        symbol: what SymPy calls it (``rel_op``).
        negation: the relation that holds where it does not; what ``\not`` makes of it.
        mirrored: the relation with its sides exchanged.
        is_strict: whether it fails where the sides are equal.
        coq: how Coq writes it.
        given: what it gives its left side where it is no claim: the "next" value, a "law" of chance, a "set" in which it
            lies; "next if named" says that it does so where the name stands on the right as well.
    """

    key: str
    latex: str
    text: str
    commands: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    head: str = ""
    symbol: str = ""
    negation: str = ""
    mirrored: str = ""
    is_strict: bool = False
    coq: str = ""
    given: Literal["", "next", "next if named", "law", "set"] = ""


JUDGED = (
    Relation("=", "=", "=", (), ("＝",), "Eq", "==", "!=", "=", False, "="),
    Relation("<", "<", "<", ("\\lt",), ("＜",), "StrictLessThan", "<", ">=", ">", True, "<"),
    Relation(">", ">", ">", ("\\gt",), ("＞",), "StrictGreaterThan", ">", "<=", "<", True, ">"),
    Relation(
        "<=", "\\le", "≤", ("\\le", "\\leq", "\\leqslant", "\\leqq"), ("≤", "⩽"), "LessThan", "<=", ">", ">=", False, "<="
    ),
    Relation(
        ">=", "\\ge", "≥", ("\\ge", "\\geq", "\\geqslant", "\\geqq"), ("≥", "⩾"), "GreaterThan", ">=", "<", "<=", False, ">="
    ),
    Relation("!=", "\\ne", "≠", ("\\ne", "\\neq"), ("≠",), "Ne", "!=", "=", "!=", True, "<>"),
)
"""Relations of terms that the judge decides."""

READ = (
    *JUDGED,
    Relation(":=", ":=", ":=", ("\\coloneqq", "\\triangleq", "\\equiv", "\\doteq"), ("≡", "≜"), negation="!="),
    Relation("in", "\\in", "∈", ("\\in",), ("∈",), negation="\\notin", given="set"),
)
"""Relations that are read: besides the judged ones definitions and memberships."""

IMPLICATIONS = frozenset(
    {"\\Rightarrow", "\\implies", "\\Longrightarrow", "\\iff", "\\Leftrightarrow", "\\Leftarrow", "\\Longleftrightarrow"}
)
"""What stands between statements."""

UNREAD = (
    Relation("\\approx", "\\approx", "≈", ("\\approx",), ("≈",)),
    Relation("\\propto", "\\propto", "∝", ("\\propto",), ("∝",)),
    Relation("\\to", "\\to", "→", ("\\to",), ("→",), given="next if named"),
    Relation("\\rightarrow", "\\rightarrow", "→", ("\\rightarrow",), given="next if named"),
    Relation("\\leftarrow", "\\leftarrow", "←", ("\\leftarrow", "\\gets"), ("←",), given="next"),
    Relation("\\sim", "\\sim", "∼", ("\\sim",), ("∼",), given="law"),
    Relation("\\Rightarrow", "\\Rightarrow", "⇒", ("\\Rightarrow",), ("⇒",)),
    *(
        Relation(name, name, name, (name,))
        for name in (
            "\\implies",
            "\\Longrightarrow",
            "\\iff",
            "\\Leftrightarrow",
            "\\mapsto",
            "\\subset",
            "\\subseteq",
            "\\supset",
            "\\simeq",
            "\\cong",
            "\\gg",
            "\\ll",
            "\\notin",
            "\\perp",
            "\\preceq",
            "\\succeq",
            "\\longrightarrow",
            "\\Leftarrow",
            "\\longleftarrow",
            "\\asymp",
            "\\Longleftrightarrow",
            "\\prec",
            "\\succ",
            "\\gtrsim",
            "\\lesssim",
        )
    ),
)
"""Relations that are known for what they are, and of which no claim is made."""

ROWS = (*READ, *UNREAD)
BY_KEY = {row.key: row for row in ROWS}
BY_SYMBOL = {row.symbol: row for row in JUDGED}
COMMANDS = {command: row.key for row in ROWS for command in row.commands}
SIGNS = {sign: row.key for row in ROWS for sign in row.signs}
READ_KEYS = tuple(row.key for row in READ)
LESS: tuple[RelationKey, ...] = ("<", "<=")
"""The relations that say that the left side is not the larger one."""


def is_judged(key: str) -> TypeGuard[RelationKey]:
    """Whether it is the key of a relation that is judged."""
    return key in KEYS


def judged(key: str) -> RelationKey:
    """The key of a relation that is judged.

    >>> judged("!=")
    '!='

    Raises:
        ValueError: for any other relation.
    """
    if is_judged(key):
        return key
    raise ValueError(f"{key} is not judged")


def head_of(key: RelationKey) -> Any:
    """SymPy's class for a judged relation.

    >>> head_of("!=").__name__
    'Unequality'
    """
    import sympy

    return getattr(sympy, BY_KEY[key].head)


def upward(left: Any, key: RelationKey, right: Any) -> tuple[Any, RelationKey, Any]:
    """The same relation with ``>`` or ``>=`` in the place of ``<`` or ``<=``, its sides exchanged.

    >>> upward("x", "<", "y"), upward("x", "!=", "y")
    (('y', '>', 'x'), ('x', '!=', 'y'))
    """
    return (right, judged(BY_KEY[key].mirrored), left) if key in LESS else (left, key, right)
