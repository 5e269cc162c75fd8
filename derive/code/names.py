"""Names of a document as identifiers of a program."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection

_MARKS = re.compile(r"\\(?:text|mathrm|mathbf|mathit|operatorname|boldsymbol|mathcal)\b")
_NOT_A_LETTER = re.compile(r"[^0-9A-Za-z]+")

# What the generated modules call by its name: a quantity of a document must not hide it.
RESERVED = frozenset(
    {
        "abs",
        "Any",
        "any",
        "are_places",
        "Array",
        "axes_of",
        "BackwardCFunction",
        "bool",
        "Call",
        "Callable",
        "change",
        "dict",
        "enumerate",
        "fitted",
        "float",
        "FunctionCtx",
        "in_parts",
        "Indices",
        "inspect",
        "is_moderate",
        "is_recorded",
        "is_transformed",
        "is_varied",
        "int",
        "isinstance",
        "jax",
        "jnp",
        "kept",
        "labels",
        "len",
        "map",
        "math",
        "max",
        "next",
        "NotImplementedError",
        "np",
        "or_distribution",
        "others",
        "partial",
        "primals",
        "print",
        "round",
        "row_sum",
        "rows",
        "set",
        "shift",
        "staticmethod",
        "supported",
        "SymbolicZero",
        "takes",
        "tangents",
        "Tensor",
        "torch",
        "tuple",
        "TypeVar",
        "wraps",
        "zip",
    }
)


def identifier(name: str, taken: Collection[str] = ()) -> str:
    r"""`name` as an identifier that is no keyword, not reserved, and not in `taken`.

    >>> identifier(r"\ell"), identifier("a^{(1)}"), identifier("W_{1}"), identifier(r"\lambda"), identifier("np")
    ('ell', 'a_1', 'W_1', 'lambda_', 'np_')
    """
    plain = _NOT_A_LETTER.sub("_", _MARKS.sub("", name).replace("'", "_prime")).strip("_") or "x"
    if plain[0].isdigit():
        plain = f"x_{plain}"
    if keyword.iskeyword(plain) or plain in RESERVED:
        plain += "_"
    number, result = 2, plain
    while result in taken:
        result, number = f"{plain}_{number}", number + 1
    return result
