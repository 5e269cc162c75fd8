r"""The shapes of products: side by side the product of matrices, ``\cdot`` of two columns, ``\odot`` entry by entry."""

from __future__ import annotations

from dataclasses import dataclass

from derive.latex.grammar import syntax
from derive.latex.tokens.errors import Unread
from derive.latex.vectors.shape import SCALAR, Lengths, Shape, Shaping, clash
from derive.terms.reasons import Why, because

_MOST = 16


ENTRYWISE = ("\\odot", "\\oslash")
ENTRYWISE_OF_MATRICES = ("\\tanh",)
"""Functions that of a matrix can only be meant entry by entry; exp, log and the like have a meaning of their own there."""


@dataclass(frozen=True)
class Segment:
    r"""Factors of a product between two entrywise signs, and the signs between them; whether it divides."""

    factors: tuple[syntax.Node, ...]
    signs: tuple[str, ...]
    divides: bool = False


def segments(node: syntax.Mul) -> tuple[Segment, ...]:
    r"""The factors of a product, cut at each ``\odot``."""
    cuts = [p + 1 for p, sign in enumerate(node.signs) if sign in ENTRYWISE]
    ends = list(zip([0, *cuts], [*cuts, len(node.factors)], strict=True))
    return tuple(Segment(node.factors[a:b], node.signs[a : b - 1], a > 0 and node.signs[a - 1] == "\\oslash") for a, b in ends)


def shape(shapes: Shaping, node: syntax.Mul) -> Shape:
    """The shape of a product; raises :class:`Unread` at factors that do not fit."""
    parts = segments(node)
    found = [_segment(shapes, part) for part in parts]
    shape = found[0]
    for position, other in enumerate(found[1:], 1):
        both = shapes.lengths.unified(shape, other)
        if both is None or both.is_scalar:
            raise Unread(
                because(Why.ENTRYWISE_PRODUCT, left=str(shape), right=str(other)),
                node.start,
                node.end,
                "vectors of equal shape",
            )
        _unambiguous(shapes, parts[position - 1], parts[position])
        shape = both
    return shape


def _unambiguous(shapes: Shaping, left: Segment, right: Segment) -> None:
    r"""``W \mathbf x \odot \mathbf y`` has two readings where W is square."""
    before = [f for f in left.factors if not shapes.of(f).is_scalar]
    after = [f for f in right.factors if not shapes.of(f).is_scalar]
    if len(before) + len(after) > 2 and shapes.lengths.could_be(shapes.of(before[-1]), shapes.of(after[0])):
        raise Unread(because(Why.BESIDE_ENTRYWISE), before[-1].start, after[0].end, "brackets")


def _segment(shapes: Shaping, part: Segment) -> Shape:
    """The shape of a product without entrywise signs."""
    vectors = [f for f in part.factors if not shapes.of(f).is_scalar]
    if not vectors:
        return SCALAR
    if len(vectors) > _MOST:
        raise Unread(because(Why.TOO_MANY_FACTORS, most=_MOST), vectors[0].start, vectors[-1].end)
    for factor in part.factors:
        if _is_unknown_capital(shapes, factor):
            raise Unread(
                because(Why.MATRIX_OR_SCALAR, written=shapes.written(factor)),
                factor.start,
                factor.end,
                f"a declaration, such as the family {shapes.written(factor)}_{{ij}}",
            )
    found = [shapes.of(f) for f in vectors]
    between = {sign for sign in _between(shapes, part) if sign}
    if between - {"\\cdot"}:
        raise Unread(
            because(Why.UNREAD_PRODUCT, left=str(found[0]), right=str(found[1])),
            vectors[0].start,
            vectors[-1].end,
            "\\cdot or \\odot",
        )
    if between and len(vectors) > 2:
        raise Unread(because(Why.SEVERAL_DOTS), vectors[0].start, vectors[-1].end, "brackets")
    shape = found[0]
    if is_dot(shapes, part):
        if shapes.lengths.unified(shape, found[1]) is None:
            raise Unread(
                because(Why.DOT_PRODUCT, left=str(shape), right=str(found[1])),
                vectors[0].start,
                vectors[1].end,
                "equal lengths",
            )
        return SCALAR
    for factor, other in zip(vectors[1:], found[1:], strict=True):
        try:
            shape = shapes.lengths.multiplied(shape, other)
        except ValueError:
            raise Unread(
                because(Why.UNFIT_PRODUCT, left=str(shape), right=str(other)),
                vectors[0].start,
                factor.end,
                "a transpose, \\odot, or other shapes",
                misfit=(clash(shape.columns, other.rows) or _two_columns(shape, other))
                and all(shapes.is_declared(each) for each in vectors),
            ) from None
    return shape


def _two_columns(left: Shape, right: Shape) -> bool:
    """Whether a column stands before what has rows, or a row behind what has columns: one of them lacks a transpose."""
    return (
        left.rows is not None
        and left.columns is None
        and right.rows is not None
        or (left.columns is not None and right.rows is None and right.columns is not None)
    )


def _between(shapes: Shaping, part: Segment) -> tuple[str, ...]:
    """The signs that stand between the first and the last factor that is no scalar."""
    at = [p for p, factor in enumerate(part.factors) if not shapes.of(factor).is_scalar]
    return part.signs[at[0] : at[-1]] if at else ()


def is_dot(shapes: Shaping, part: Segment) -> bool:
    r"""Whether it is ``\mathbf a \cdot \mathbf y`` of two columns."""
    found = [shape for factor in part.factors if not (shape := shapes.of(factor)).is_scalar]
    return len(found) == 2 and "\\cdot" in _between(shapes, part) and all(s.columns is None for s in found)


def _is_unknown_capital(shapes: Shaping, node: syntax.Node) -> bool:
    r"""``W`` that was never seen with indices: it can be a matrix as well as a scalar."""
    match node:
        case syntax.Add():
            return any(_is_unknown_capital(shapes, term) for term in node.terms)
        case syntax.Mul():
            return any(_is_unknown_capital(shapes, factor) for factor in node.factors)
        case syntax.Neg() | syntax.PlusMinus():
            return _is_unknown_capital(shapes, node.operand)
        case syntax.Frac(numerator=syntax.Name(text="N" | "K" | "T"), denominator=syntax.Number()):
            return False  # half of a count
        case syntax.Frac():
            return _is_unknown_capital(shapes, node.numerator)
        case syntax.Name():
            known = (
                not shapes.of(node).is_scalar
                or node.text in shapes.table.declared | shapes.table.sizes
                or shapes.table.is_family(node.text)
            )
            return node.text.lstrip("\\")[:1].isupper() and not known
    return False


def is_entrywise(node: syntax.Node) -> bool:
    """Whether a part can only be meant entry by entry: a product or a function of each entry, or a sum or multiple of such."""
    match node:
        case syntax.Mul():
            first, last = node.factors[:-1], node.factors[-1]
            multiple = all(isinstance(factor, syntax.Number) for factor in first) and is_entrywise(last)
            return any(sign in ENTRYWISE for sign in node.signs) or multiple
        case syntax.Add():
            return all(isinstance(term, syntax.Number) or is_entrywise(term) for term in node.terms)
        case syntax.Neg():
            return is_entrywise(node.operand)
        case syntax.Apply():
            return node.function in ENTRYWISE_OF_MATRICES or node.function == "\\exp"
        case syntax.Power():
            return isinstance(node.base, syntax.Name) and node.base.text == "e"
    return False


def biased(lengths: Lengths, matrix: Shape, row: Shape, term: syntax.Node) -> Shape | None:
    """The shape of a matrix and a row, a name, that is added to each of its rows; None for all else."""
    named = isinstance(term, syntax.Name | syntax.Subscripted) and matrix.is_matrix and row.rows is None
    return matrix if named and lengths.unified(Shape(None, matrix.columns), row) is not None else None
