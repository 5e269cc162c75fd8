r"""The shapes of what is written with vectors: a scalar, a column, a row or a matrix, with the ranges of its indices.

A family of one index that is written without it is a column, one of two indices a matrix; ``^\top`` makes a row of a
column. Side by side stands the product of matrices: the columns of the left factor meet the rows of the right one.
What does not fit is :class:`Unread` with both shapes; nothing is stretched to fit.
"""

from __future__ import annotations

from sympy import Integer

from derive.latex.grammar import syntax
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.vocabulary import BOLD
from derive.latex.vectors import calls, derivatives, literals, operators, products
from derive.latex.vectors.bold import IDENTITY, ONES, ZEROS, base_name
from derive.latex.vectors.guesses import Guesses
from derive.latex.vectors.powers import exponent_of, inverses_of
from derive.latex.vectors.products import ENTRYWISE_OF_MATRICES, biased, is_entrywise
from derive.latex.vectors.shape import SCALAR, UNIT, Lengths, Shape, lengths_clash, shape_of
from derive.terms import terms
from derive.terms.context import Range
from derive.terms.reasons import Why, because


class Shapes:
    """The shapes of the parts of one statement; `bound` are the names that its sums bind.

    `layout` is that of derivatives by vectors: the first of :data:`derivatives.LAYOUTS` unless the document says otherwise.
    `varying` are the names that have a differential of their own, `held` others below a differential.
    `numbers` are the functions of vectors that nothing explains; that their values are numbers is a choice. So is it that
    `norms` of matrices without an F are those of all their entries, and that the functions `pointed` are taken of each entry.
    """

    def __init__(
        self,
        table: SymbolTable,
        source: str,
        bound: frozenset[str] = frozenset(),
        layout: str = "",
        guesses: Guesses | None = None,
    ) -> None:
        self.table = table
        self.source = source
        self.bound = bound
        self.layout = layout or table.layout or derivatives.LAYOUTS[0]
        self.guesses = guesses
        self.lengths = Lengths() if guesses is None else guesses.lengths
        self.numbers: list[syntax.Name] = []
        self.norms: list[syntax.Norm] = []
        self.pointed: list[syntax.Name] = []
        self.varying: tuple[str, ...] = ()
        self.literal = False
        self.held: set[str] = set()
        self._known: dict[int, tuple[syntax.Node, Shape]] = {}

    def of(self, node: syntax.Node) -> Shape:
        """The shape of a part; raises :class:`Unread` at what does not fit or is not read with vectors."""
        if id(node) not in self._known:
            self._known[id(node)] = (node, self._of(node))
        return self.lengths.shape(self._known[id(node)][1])

    def _of(self, node: syntax.Node) -> Shape:
        match node:
            case syntax.Name():
                return self.name(node)
            case syntax.Subscripted():
                return self.member(node)
            case syntax.Add():
                return self.sum(node)
            case syntax.Neg() | syntax.PlusMinus() | syntax.Differential():
                return self.of(node.operand)
            case syntax.Mul():
                return products.shape(self, node)
            case syntax.Frac() if is_entrywise(node.denominator) and not self.of(node.denominator).is_scalar:
                return self.quotient(node)
            case syntax.Frac():
                self.scalar(node.denominator, Why.QUOTIENT_BY_SHAPE)
                return self.of(node.numerator)
            case syntax.Transpose():
                return self.transpose(node)
            case syntax.Inner():
                return self.inner(node)
            case syntax.Norm():
                return self.norm(node)
            case syntax.Extreme():
                return self.extreme(node)
            case syntax.Entry():
                return self.entry(node)
            case syntax.Derivative():
                return derivatives.shape(self, node)
            case syntax.VectorLit() | syntax.Matrix():
                return literals.shape(node)
            case syntax.Abs() if self.of(node.operand).is_matrix:
                return self.determinant(node)
            case syntax.Expectation(moment=syntax.Moment.MEAN):
                return self.of(node.bodies[0])
            case syntax.Expectation():
                return self.covariance(node)
            case syntax.SumOver() if not node.multiplied:
                for limit in (node.high, *(condition.other for condition in node.conditions)):
                    if limit is not None:
                        self.scalar(limit, Why.SUM_UP_TO_SHAPE)
                return self.of(node.body)
            case syntax.Call():
                return calls.shape(self, node)
            case syntax.Apply() | syntax.Log():
                return self.entrywise(node)
            case syntax.Power() if (
                isinstance(node.base, syntax.Name) and node.base.text == "e" and not self.table.e_is_declared
            ):
                return self.exponential(node)
            case syntax.Power():
                return self.power(node)
        for child in syntax.children(node):
            self.scalar(child, Why.FUNCTION_OF_SHAPE)
        return SCALAR

    def is_declared(self, node: syntax.Node) -> bool:
        """Whether the shapes of all names in a part are declared, by the text or before it."""
        names = {part.text for part in syntax.walk(node) if isinstance(part, syntax.Name)}
        return not any(base_name(name)[0] in self.table.guessed for name in names) and all(
            self.table.space_of(base_name(name)[0]) is not None
            or base_name(name)[0] in self.table.declared | self.table.shaped
            or not self.is_vector(name)
            for name in names
        )

    def is_vector(self, name: str) -> bool:
        """Whether a name is known as a vector or a matrix."""
        return self.table.is_family(base_name(name)[0]) or base_name(name)[1]

    def scalar(self, node: syntax.Node, why: Why) -> None:
        """Raises where a part that has to be a scalar is none."""
        shape = self.of(node)
        if not shape.is_scalar:
            raise Unread(because(why, shape=str(shape)), node.start, node.end, "a scalar, or entries with indices")

    # -- names ----------------------------------------------------------------------------------------------------

    def name(self, node: syntax.Name) -> Shape:
        text, bold = base_name(node.text)
        if bold and text in (ONES, ZEROS):
            space = self.table.space_of(text)
            return shape_of(space) if space else Shape(self.lengths.fresh())
        if self.is_identity(node):
            side = self.lengths.fresh()
            return Shape(side, side)
        vector = bold or (
            self.table.variables_of(text) is None
            and not self.table.is_integer(text)
            and text not in ("e", "\\pi")
            or text in self.table.declared
            and text not in self.table.sizes
        )
        if not vector or not self.table.is_family(text) or text in self.table.scalars:
            if (found := self.inferred(node.text)) is not None:
                return found
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
        if bold and (found := self.apart(node.text, arity)) is not None:
            return found
        if arity not in (1, 2):
            counts = " and ".join(sorted({str(count) for known, count in self.table.families if known == text}))
            raise Unread(
                because(Why.NEITHER_VECTOR_NOR_MATRIX, name=text, counts=counts),
                node.start,
                node.end,
                "one index or two, everywhere the same",
            )
        spans: list[Range] = []
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
        return shape_of(spans)

    def apart(self, text: str, arity: int | None) -> Shape | None:
        """The shape of a bold name that is not the family of its letter; None where it is that."""
        letter = base_name(text)[0]
        spans = [self.table.span_at(letter, position) for position in range(arity or 0)]
        if arity not in (1, 2) or None in spans:
            return self.inferred(text)
        if letter in self.table.declared or not all(self.table.is_usual_at(letter, position) for position in range(arity)):
            return None
        if arity == 1 and letter.lstrip("\\")[:1].isupper() or self.guesses is None:
            return self.inferred(text)
        return self.guesses.of_family(text, Shape(*spans))

    def units(self, text: str, indices: int = 0) -> tuple[int, int]:
        """How many places of length 1 a vector's name has in front of its axis, and behind it."""
        letter = base_name(text)[0]
        spans = self.table.inferred_of(text, indices) or self.table.space_of(letter) or ()
        if len(spans) != 2 or shape_of(spans).is_matrix:
            return 0, 0
        return (0, 1) if spans[1] == UNIT else (1, 0)

    def inferred(self, text: str, indices: int = 0) -> Shape | None:
        """The shape of a bold name that nothing declares; None where its use does not tell."""
        if (spans := self.table.inferred_of(text, indices)) is not None:
            return shape_of(spans)
        return self.guesses.of(text, indices) if self.guesses is not None else None

    def is_identity(self, node: syntax.Node) -> bool:
        r"""Whether it is ``I``, ``\mathbf I`` or ``I_n`` where the document makes nothing else of it."""
        if isinstance(node, syntax.Subscripted):
            size = node.indices[0]
            sized = len(node.indices) == 1 and isinstance(size, syntax.Name) and size.text in self.table.sizes
            return sized and self.is_identity(node.name)
        if not isinstance(node, syntax.Name):
            return False
        text = base_name(node.text)[0]
        known = self.table.declared | self.table.scalars | self.table.functions
        sized = all(place in self.table.sizes for name, places in self.table.members if name == text for place in places)
        return text == IDENTITY and text not in known and (sized or not self.table.is_family(text))

    def slice(self, node: syntax.Subscripted) -> Shape:
        """A row or a column of a matrix: a row is one, whatever is made of it."""
        text = base_name(node.name.text)[0]
        spans = [self.table.span_at(text, at) for at in range(2)] if self.table.arity_of(text) == 2 else []
        whole = Shape(*spans) if spans and None not in spans else self.of(node.name)
        along = [isinstance(index, syntax.Whole) for index in node.indices]
        if not whole.is_matrix or along not in ([True, False], [False, True]):
            raise Unread(because(Why.BOLD_WITH_INDEX), node.start, node.end)
        return Shape(whole.rows) if along[0] else Shape(None, whole.columns)

    def member(self, node: syntax.Subscripted) -> Shape:
        if any(isinstance(index, syntax.Whole) for index in node.indices):
            return self.slice(node)
        if self.is_identity(node):
            size = node.indices[0]
            side = Range(Integer(1), terms.size(size.text if isinstance(size, syntax.Name) else ""))
            return Shape(side, side)
        if (places := self.table.below_step(node.name.text)) in (1, 2) and len(node.indices) == 1:
            usual = Range(*self.table.range_of(""))
            return Shape(usual, usual if places == 2 else None)
        text, bold = base_name(node.name.text)
        if bold and self.table.arity_of(text) == len(node.indices) == 2:
            return SCALAR  # an entry of a matrix; with one index a bold name may be a sample as well
        text = node.name.text
        if (found := self.inferred(text, len(node.indices))) is not None:
            return found
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

    # -- arithmetic -----------------------------------------------------------------------------------------------

    def sum(self, node: syntax.Add) -> Shape:
        shape, spread = self.of(node.terms[0]), is_entrywise(node)
        for term in node.terms[1:]:
            both = self.added(shape, self.of(term), spread) or biased(self.lengths, shape, self.of(term), term)
            if both is None:
                raise Unread(
                    because(Why.UNLIKE_SUMMANDS, left=str(shape), right=str(self.of(term))),
                    node.start,
                    node.end,
                    "equal shapes",
                    misfit=lengths_clash(shape, self.of(term)) and self.is_declared(node),
                )
            shape = both
        return shape

    def added(self, left: Shape, right: Shape, spread: bool = False) -> Shape | None:
        """The shape of a sum: a number beside a vector is added to each of its entries, one beside a matrix is a slip, unless
        what it stands beside is meant entry by entry (`spread`)."""
        if left.is_scalar != right.is_scalar:
            shape = right if left.is_scalar else left
            return None if shape.is_matrix and not spread else shape
        return self.lengths.unified(left, right)

    def extreme(self, node: syntax.Extreme) -> Shape:
        """The larger of two numbers, taken of each entry where one is a vector or a matrix."""
        first, second = self.of(node.first), self.of(node.second)
        found = self.added(first, second, spread=True)
        if found is None:
            raise Unread(because(Why.UNLIKE_SUMMANDS, left=str(first), right=str(second)), node.start, node.end, "equal shapes")
        return found

    def quotient(self, node: syntax.Frac) -> Shape:
        """The shape of a quotient entry by entry, of a number or of an equal shape above the line."""
        above, below = self.of(node.numerator), self.of(node.denominator)
        if not above.is_scalar and self.lengths.unified(above, below) is None:
            self.scalar(node.denominator, Why.QUOTIENT_BY_SHAPE)
        return below

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
        both = self.lengths.unified(left, right)
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
        if shape.is_matrix and node.degree in ("", "2"):
            self.norms.append(node)
        elif shape.is_scalar or shape.is_matrix != (node.degree == "F"):
            raise Unread(because(Why.NORM_OF_SHAPE, shape=str(shape)), node.start, node.end, "the norm of a vector")
        return SCALAR

    def determinant(self, node: syntax.Abs) -> Shape:
        r"""``|A|`` of a square matrix is its determinant."""
        if operators.ROWS["determinant"].shape(self.of(node.operand), self.lengths) is None:
            self.scalar(node.operand, Why.FUNCTION_OF_SHAPE)
        return SCALAR

    def covariance(self, node: syntax.Expectation) -> Shape:
        """A number for numbers, a matrix for columns."""
        first, second = self.of(node.bodies[0]), self.of(node.bodies[-1])
        if first.columns is not None or second.columns is not None or first.is_scalar != second.is_scalar:
            raise Unread(because(Why.FUNCTION_OF_SHAPE, shape=str(first)), node.start, node.end, "two numbers or two columns")
        return Shape(first.rows, second.rows)

    def entry(self, node: syntax.Entry) -> Shape:
        shape = self.of(node.operand)
        if shape.is_scalar or len(shape.spans) != len(node.indices):
            reason = because(Why.SOME_INDICES, written=self.written(node), name=self.written(node.operand))
            raise Unread(reason, node.start, node.end, "all of its indices or none")
        return SCALAR

    def power(self, node: syntax.Power) -> Shape:
        """``A^2`` and ``A^{-1}`` of a square matrix; what a power of a vector means, nothing says."""
        shape = self.of(node.base)
        if shape.is_scalar:
            self.scalar(node.exponent, Why.POWER_WITH_SHAPE)
            return SCALAR
        square = shape.is_matrix and self.lengths.unified(shape, shape.transposed)
        if not square or not (inverses_of(node) or exponent_of(node)):
            raise Unread(because(Why.POWER_OF_SHAPE, shape=str(shape)), node.start, node.end, "entries with indices")
        return square

    def exponential(self, node: syntax.Power) -> Shape:
        """``e^{z}`` of a vector is that of each entry; of a square matrix it is the matrix exponential."""
        shape = self.of(node.exponent)
        if shape.is_matrix and (self.table.entrywise or self.lengths.unified(shape, shape.transposed) is None):
            self.scalar(node.exponent, Why.POWER_WITH_SHAPE)
        return shape

    def entrywise(self, node: syntax.Apply | syntax.Log) -> Shape:
        """An elementary function of a vector is taken of each entry; of a matrix some mean something else."""
        for part in (node.power, node.base if isinstance(node, syntax.Log) else None):
            if part is not None:
                self.scalar(part, Why.POWER_WITH_SHAPE)
        shape = self.of(node.argument)
        spectral = isinstance(node, syntax.Log) or node.function not in ENTRYWISE_OF_MATRICES
        if shape.is_matrix and spectral:
            self.scalar(node.argument, Why.FUNCTION_OF_SHAPE)
        return shape

    def written(self, node: syntax.Node) -> str:
        return " ".join(self.source[node.start : node.end].split())
