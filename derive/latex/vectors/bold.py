"""Names in bold type or under an arrow, and the letters that stand for constant vectors and matrices."""

from __future__ import annotations

from derive.latex.tokens.vocabulary import BOLD

ONES, ZEROS = "1", "0"
IDENTITY = "I"
_LABELS = ("_{", "^", "'")
"""How what distinguishes a name from others of its letter begins."""


def base_name(name: str) -> tuple[str, bool]:
    r"""The name without its bold type or arrow, and whether it had one: ``\mathbf{z}`` is z.

    >>> base_name("\\mathbf{z}"), base_name("z")
    (('z', True), ('z', False))
    """
    for mark in BOLD:
        inner = name[len(mark) : -1]
        if name.startswith(mark) and name.endswith("}") and inner.find("}") >= inner.find("{"):
            return inner, True
    return name, False


def slanted(name: str) -> str:
    r"""The name with its letter in common type, and with its accents and labels.

    >>> slanted("\\hat{\\mathbf{z}}"), slanted("\\mathbf{x}^*")
    ('\\hat{z}', 'x^*')
    """
    letter, bold = inner_name(name)
    marks = [f"{mark}{letter}}}" for mark in BOLD] if bold else []
    return next((name.replace(mark, letter, 1) for mark in marks if mark in name), name)


def inner_name(name: str) -> tuple[str, bool]:
    r"""The letter of a name without its bold type, the accents around that and the label behind it, and whether it has bold
    type.

    >>> inner_name("\\hat{\\mathbf{z}}"), inner_name("\\hat{z}"), inner_name("\\mathbf{S}_{\\text{w}}")
    (('z', True), ('\\hat{z}', False), ('S', True))
    """
    for mark in BOLD:
        before, found, rest = name.partition(mark)
        inner, closed, after = rest.partition("}")
        accents = "}" * before.count("{")
        label = after[len(accents) :]
        marked = label == "" or label.startswith(_LABELS)
        if found and closed and "{" not in inner and after.startswith(accents) and marked:
            return inner, True
    return name, False
