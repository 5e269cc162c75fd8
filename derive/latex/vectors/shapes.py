r"""The shapes of what is written with vectors: a scalar, a column, a row or a matrix, with the ranges of its indices.

A family of one index that is written without it is a column, one of two indices a matrix; ``^\top`` makes a row of a
column. Side by side stands the product of matrices: the columns of the left factor meet the rows of the right one.
What does not fit is :class:`Unread` with both shapes; nothing is stretched to fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from derive.latex.grammar import syntax
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread
from derive.terms.context import Range
from derive.terms.reasons import Why, because


class Any(Enum):
    r"""The length of ``\mathbf 1``: what stands beside it says it."""

    LENGTH = "any"


Span = Range | Any | None
"""The indices in one direction; None where a shape has no such direction."""
BOLD = ("\\mathbf{", "\\vec{")
ONES, ZEROS = "1", "0"
_MOST = 16


@dataclass(frozen=True)
class Shape:
    """A scalar has neither rows nor columns, a column has rows, a row has columns, a matrix both."""

    rows: Span = None
    columns: Span = None

    @property
    def is_scalar(self) -> bool:
        return self.rows is None and self.columns is None

    def __str__(self) -> str:
        if self.is_scalar:
            return "a scalar"
        if self.columns is None:
            return f"a column of length {_length(self.rows)}"
        if self.rows is None:
            return f"a row of length {_length(self.columns)}"
        return f"a matrix of shape {_length(self.rows)} x {_length(self.columns)}"


SCALAR = Shape()


def _length(span: Span) -> str:
    if not isinstance(span, Range):
        return "any"
    return str(span.high) if span.low == 1 else f"{span.low}..{span.high}"


def joined(left: Span, right: Span) -> Span:
    """The span that both are; raises ValueError if they differ."""
    if left == right or right is Any.LENGTH and left is not None:
        return left
    if left is Any.LENGTH and right is not None:
        return right
    raise ValueError


def unified(left: Shape, right: Shape) -> Shape | None:
    """The shape that both have, None if they differ."""
    try:
        return Shape(joined(left.rows, right.rows), joined(left.columns, right.columns))
    except ValueError:
        return None


def contracted(left: Shape, right: Shape) -> Span:
    """The indices over which a product of two matrices sums, None for a product without a sum; ValueError if misfit."""
    if left.is_scalar or right.is_scalar:
        return None
    if left.columns is None and right.rows is None:
        return None
    return joined(left.columns, right.rows)


def multiplied(left: Shape, right: Shape) -> Shape:
    """The shape of the product of two matrices; ValueError if they do not fit."""
    if left.is_scalar or right.is_scalar:
        return right if left.is_scalar else left
    contracted(left, right)
    return Shape(left.rows, right.columns)


@dataclass(frozen=True)
class Segment:
    r"""Factors of a product between two ``\odot``, and the signs between them."""

    factors: tuple[syntax.Node, ...]
    signs: tuple[str, ...]


def segments(node: syntax.Mul) -> tuple[Segment, ...]:
    r"""The factors of a product, cut at each ``\odot``."""
    cuts = [p + 1 for p, sign in enumerate(node.signs) if sign == "\\odot"]
    ends = list(zip([0, *cuts], [*cuts, len(node.factors)], strict=True))
    return tuple(Segment(node.factors[a:b], node.signs[a : b - 1]) for a, b in ends)


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


class Shapes:
    """The shapes of the parts of one statement; `bound` are the names that its sums bind."""

    def __init__(self, table: SymbolTable, source: str, bound: frozenset[str] = frozenset()) -> None:
        self.table = table
        self.source = source
        self.bound = bound
        self._known: dict[int, tuple[syntax.Node, Shape]] = {}

    def of(self, node: syntax.Node) -> Shape:
        """The shape of a part; raises :class:`Unread` at what does not fit or is not read with vectors."""
        if id(node) not in self._known:
            self._known[id(node)] = (node, self._of(node))
        return self._known[id(node)][1]

    def _of(self, node: syntax.Node) -> Shape:
        match node:
            case syntax.Name():
                return self.name(node)
            case syntax.Subscripted():
                return self.member(node)
            case syntax.Add():
                return self.sum(node)
            case syntax.Neg() | syntax.PlusMinus():
                return self.of(node.operand)
            case syntax.Mul():
                return self.product(node)
            case syntax.Frac():
                self.scalar(node.denominator, Why.QUOTIENT_BY_SHAPE)
                return self.of(node.numerator)
            case syntax.Transpose():
                return self.transpose(node)
            case syntax.Inner():
                return self.inner(node)
            case syntax.Norm():
                return self.norm(node)
            case syntax.Derivative():
                return self.derivative(node)
            case syntax.SumOver():
                for limit in (node.high, *(condition.other for condition in node.conditions)):
                    if limit is not None:
                        self.scalar(limit, Why.SUM_UP_TO_SHAPE)
                return self.of(node.body)
            case syntax.Call():
                return self.call(node)
            case syntax.Power() if (
                isinstance(node.base, syntax.Name) and node.base.text == "e" and not self.table.e_is_declared
            ):
                self.scalar(node.exponent, Why.POWER_WITH_SHAPE)
                return SCALAR
            case syntax.Power():
                self.scalar(node.base, Why.POWER_OF_SHAPE)
        for child in syntax.children(node):
            self.scalar(child, Why.FUNCTION_OF_SHAPE)
        return SCALAR

    def scalar(self, node: syntax.Node, why: Why) -> None:
        """Raises where a part that has to be a scalar is none."""
        shape = self.of(node)
        if not shape.is_scalar:
            raise Unread(because(why, shape=str(shape)), node.start, node.end, "a scalar, or entries with indices")

    # -- names ----------------------------------------------------------------------------------------------------

    def name(self, node: syntax.Name) -> Shape:
        text, bold = base_name(node.text)
        if bold and text in (ONES, ZEROS):
            return Shape(Any.LENGTH)
        vector = bold or (
            self.table.variables_of(text) is None
            and not self.table.is_integer(text)
            and text not in ("e", "\\pi")
            or text in self.table.declared
        )
        if not vector or not self.table.is_family(text) or text in self.table.scalars:
            if node.text in self.table.vectors or any(mark in node.text for mark in BOLD):
                raise Unread(
                    because(Why.NOT_A_VECTOR, written=self.written(node)),
                    node.start,
                    node.end,
                    f"a declaration of the family {text}_i",
                )
            return SCALAR
        if text in self.bound:
            raise Unread(because(Why.FAMILY_AND_INDEX, name=text), node.start, node.end, "two names")
        arity = self.table.arity_of(text)
        if arity not in (1, 2):
            counts = " and ".join(sorted({str(count) for known, count in self.table.families if known == text}))
            raise Unread(
                because(Why.NEITHER_VECTOR_NOR_MATRIX, name=text, counts=counts),
                node.start,
                node.end,
                "one index or two, everywhere the same",
            )
        spans = []
        for position in range(arity):
            span = self.table.span_at(text, position)
            if span is None:
                raise Unread(
                    because(Why.DIFFERENT_RANGES, name=text, place=position + 1),
                    node.start,
                    node.end,
                    "a declaration of the family",
                )
            spans.append(span)
        return Shape(*spans)

    def member(self, node: syntax.Subscripted) -> Shape:
        text = node.name.text
        if any(mark in text for mark in BOLD) or any(
            mark in part.text
            for index in node.indices
            for part in syntax.walk(index)
            if isinstance(part, syntax.Name)
            for mark in BOLD
        ):
            raise Unread(because(Why.BOLD_WITH_INDEX), node.start, node.end)
        arity = self.table.arity_of(text)
        kronecker = text == "\\delta" and len(node.indices) == 2
        if self.table.is_family(text) and arity != len(node.indices) and not kronecker:
            raise Unread(
                because(Why.SOME_INDICES, written=self.written(node), name=text),
                node.start,
                node.end,
                "all of its indices or none",
            )
        return SCALAR

    def is_unknown_capital(self, node: syntax.Node) -> bool:
        r"""``W`` that was never seen with indices: it can be a matrix as well as a scalar."""
        match node:
            case syntax.Add():
                return any(self.is_unknown_capital(term) for term in node.terms)
            case syntax.Mul():
                return any(self.is_unknown_capital(factor) for factor in node.factors)
            case syntax.Neg() | syntax.PlusMinus():
                return self.is_unknown_capital(node.operand)
            case syntax.Frac():
                return self.is_unknown_capital(node.numerator)
            case syntax.Name():
                known = node.text in self.table.declared | self.table.sizes or self.table.is_family(node.text)
                return node.text.lstrip("\\")[:1].isupper() and not known
        return False

    # -- arithmetic -----------------------------------------------------------------------------------------------

    def sum(self, node: syntax.Add) -> Shape:
        shape = self.of(node.terms[0])
        for term in node.terms[1:]:
            both = unified(shape, self.of(term))
            if both is None:
                raise Unread(
                    because(Why.UNLIKE_SUMMANDS, left=str(shape), right=str(self.of(term))),
                    node.start,
                    node.end,
                    "equal shapes",
                )
            shape = both
        return shape

    def product(self, node: syntax.Mul) -> Shape:
        parts = segments(node)
        shapes = [self.segment(part) for part in parts]
        shape = shapes[0]
        for position, other in enumerate(shapes[1:], 1):
            both = unified(shape, other)
            if both is None or both.is_scalar:
                raise Unread(
                    because(Why.ENTRYWISE_PRODUCT, left=str(shape), right=str(other)),
                    node.start,
                    node.end,
                    "vectors of equal shape",
                )
            self.unambiguous(parts[position - 1], parts[position])
            shape = both
        return shape

    def unambiguous(self, left: Segment, right: Segment) -> None:
        r"""``W \mathbf x \odot \mathbf y`` has two readings where W is square."""
        before = [f for f in left.factors if not self.of(f).is_scalar]
        after = [f for f in right.factors if not self.of(f).is_scalar]
        if len(before) + len(after) > 2 and unified(self.of(before[-1]), self.of(after[0])) is not None:
            raise Unread(because(Why.BESIDE_ENTRYWISE), before[-1].start, after[0].end, "brackets")

    def segment(self, part: Segment) -> Shape:
        """The shape of a product without entrywise signs."""
        vectors = [f for f in part.factors if not self.of(f).is_scalar]
        if not vectors:
            return SCALAR
        if len(vectors) > _MOST:
            raise Unread(because(Why.TOO_MANY_FACTORS, most=_MOST), vectors[0].start, vectors[-1].end)
        for factor in part.factors:
            if self.is_unknown_capital(factor):
                raise Unread(
                    because(Why.MATRIX_OR_SCALAR, written=self.written(factor)),
                    factor.start,
                    factor.end,
                    f"a declaration, such as the family {self.written(factor)}_{{ij}}",
                )
        shapes = [self.of(f) for f in vectors]
        between = {sign for sign in self.between(part) if sign}
        if between - {"\\cdot"}:
            raise Unread(
                because(Why.UNREAD_PRODUCT, left=str(shapes[0]), right=str(shapes[1])),
                vectors[0].start,
                vectors[-1].end,
                "\\cdot or \\odot",
            )
        if between and len(vectors) > 2:
            raise Unread(because(Why.SEVERAL_DOTS), vectors[0].start, vectors[-1].end, "brackets")
        shape = shapes[0]
        if self.is_dot(part):
            if unified(shape, shapes[1]) is None:
                raise Unread(
                    because(Why.DOT_PRODUCT, left=str(shape), right=str(shapes[1])),
                    vectors[0].start,
                    vectors[1].end,
                    "equal lengths",
                )
            return SCALAR
        for factor, other in zip(vectors[1:], shapes[1:], strict=True):
            try:
                shape = multiplied(shape, other)
            except ValueError:
                raise Unread(
                    because(Why.UNFIT_PRODUCT, left=str(shape), right=str(other)),
                    vectors[0].start,
                    factor.end,
                    "a transpose, \\odot, or other shapes",
                ) from None
        return shape

    def between(self, part: Segment) -> tuple[str, ...]:
        """The signs that stand between the first and the last factor that is no scalar."""
        at = [p for p, factor in enumerate(part.factors) if not self.of(factor).is_scalar]
        return part.signs[at[0] : at[-1]] if at else ()

    def is_dot(self, part: Segment) -> bool:
        r"""Whether it is ``\mathbf a \cdot \mathbf y`` of two columns."""
        shapes = [shape for factor in part.factors if not (shape := self.of(factor)).is_scalar]
        return len(shapes) == 2 and "\\cdot" in self.between(part) and all(s.columns is None for s in shapes)

    def transpose(self, node: syntax.Transpose) -> Shape:
        shape = self.of(node.operand)
        if shape.is_scalar:
            raise Unread(
                because(Why.TRANSPOSE_OF_UNKNOWN, written=self.written(node.operand)),
                node.start,
                node.end,
                "a declaration of the family",
            )
        return Shape(shape.columns, shape.rows)

    def inner(self, node: syntax.Inner) -> Shape:
        left, right = self.of(node.left), self.of(node.right)
        both = unified(left, right)
        if both is None or both.rows is None or both.columns is not None:
            raise Unread(
                because(Why.INNER_PRODUCT, left=str(left), right=str(right)),
                node.start,
                node.end,
                "two columns of equal length",
            )
        return SCALAR

    def norm(self, node: syntax.Norm) -> Shape:
        shape = self.of(node.operand)
        if (shape.rows is None) == (shape.columns is None):
            raise Unread(because(Why.NORM_OF_SHAPE, shape=str(shape)), node.start, node.end, "the norm of a vector")
        return SCALAR

    # -- derivatives and functions --------------------------------------------------------------------------------

    def derivative(self, node: syntax.Derivative) -> Shape:
        operand = self.of(node.operand)
        shapes = [(variable, self.of(variable)) for variable, _ in node.variables]
        vectors = [pair for pair in shapes if not pair[1].is_scalar]
        if not vectors:
            if node.style == "∇" and not operand.is_scalar:
                raise Unread(
                    because(Why.GRADIENT_OF_SHAPE, shape=str(operand)), node.start, node.end, "the gradient of a scalar"
                )
            variable = node.variables[0][0]
            if (
                node.style == "∇"
                and not isinstance(variable, syntax.Subscripted)
                and not (isinstance(variable, syntax.Name) and variable.text in self.table.scalars)
            ):
                raise Unread(
                    because(Why.NOT_A_VECTOR, written=self.written(variable)),
                    variable.start,
                    variable.end,
                    f"a declaration of the family {self.written(variable)}_i",
                )
            return operand
        variable, shape = vectors[0]
        if len(node.variables) > 1 or node.variables[0][1] > 1:
            raise Unread(because(Why.SECOND_DERIVATIVE_BY_VECTOR), node.start, node.end, "indices")
        if not isinstance(variable, syntax.Name) or base_name(variable.text)[0] in (ONES, ZEROS):
            raise Unread(because(Why.DERIVATIVE_BY_SHAPE, shape=str(shape)), variable.start, variable.end, "a name")
        if not operand.is_scalar:
            raise Unread(
                because(Why.DERIVATIVE_OF_SHAPE, operand=str(operand), shape=str(shape)),
                node.start,
                node.end,
                "the derivative of a scalar, or entries with indices",
            )
        return shape

    def call(self, node: syntax.Call) -> Shape:
        shapes = [self.of(argument) for argument in node.arguments]
        vectors = [shape for shape in shapes if not shape.is_scalar]
        text = node.name.text
        if any(mark in text for mark in BOLD):
            raise Unread(because(Why.VECTOR_VALUES), node.start, node.end)
        if not vectors:
            return SCALAR
        if len(shapes) == 1 and self.table.takes_scalar(text) and not self.table.is_family(text):
            return shapes[0]
        if (text, tuple(a.text for a in node.arguments if isinstance(a, syntax.Name))) in self.table.defined:
            return SCALAR  # as L(\\mathbf z) = .. says, unless its right side is none
        raise Unread(
            because(Why.FUNCTION_OF_SHAPE, shape=str(vectors[0])),
            node.start,
            node.end,
            f"{self.written(node.name)}(x) defined for a scalar x, or entries with indices",
        )

    def written(self, node: syntax.Node) -> str:
        return " ".join(self.source[node.start : node.end].split())
