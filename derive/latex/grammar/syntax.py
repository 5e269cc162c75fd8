"""The syntax tree of one formula: what was written, not what it means.

Each node has its place: `start` and `end` are character offsets into the formula's text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import Enum


@dataclass(frozen=True)
class Node:
    """Anything with a place in the text."""

    start: int
    end: int


@dataclass(frozen=True)
class Number(Node):
    """``12``, ``0.09``: digits as written."""

    text: str

    @property
    def decimals(self) -> int:
        return len(self.text.partition(".")[2])


@dataclass(frozen=True)
class Name(Node):
    r"""A name and its decoration: ``x``, ``net``, ``\delta``, ``\hat{y}``, ``W^+``, ``A'``, ``a_{\text{out}}``."""

    text: str


@dataclass(frozen=True)
class Members(Name):
    """All members of a family, as an argument: ``x_1, \\ldots, x_n``."""


@dataclass(frozen=True)
class Subscripted(Node):
    """``z_i``, ``w_{kj}``, ``y_i^{(s)}``: a family's name and its indices."""

    name: Name
    indices: tuple[Node, ...]


@dataclass(frozen=True)
class Add(Node):
    """``a + b - c``; what is subtracted stands as a :class:`Neg`."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Neg(Node):
    """``-x``."""

    operand: Node


@dataclass(frozen=True)
class PlusMinus(Node):
    r"""``\pm x`` (`upper` is 1) and ``\mp x`` (`upper` is -1)."""

    operand: Node
    upper: int


@dataclass(frozen=True)
class Mul(Node):
    r"""A product; `signs` is what stands between the factors: ``""`` (side by side), ``\cdot``, ``\times`` .."""

    factors: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Frac(Node):
    r"""``\frac{a}{b}`` or ``a / b``."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Power(Node):
    """``x^{n}``."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Root(Node):
    r"""``\sqrt{x}`` (degree None), ``\sqrt[3]{x}``."""

    radicand: Node
    degree: Node | None


@dataclass(frozen=True)
class Apply(Node):
    r"""``\sin x``, ``\exp(x)``, ``\sin^2 x``: an elementary function by name."""

    function: str
    argument: Node
    power: Node | None = None


@dataclass(frozen=True)
class Log(Node):
    r"""``\log x``, ``\ln x``, ``\log_a x``."""

    spelling: str
    base: Node | None
    argument: Node
    power: Node | None = None


@dataclass(frozen=True)
class SumCondition(Node):
    r"""What stands below a ``\sum``: a name, and possibly ``= low``, ``\ne i``, ``< i``, ``\in set``."""

    name: str
    relation: str
    other: Node | None


@dataclass(frozen=True)
class SumOver(Node):
    r"""``\sum_{k=1}^{n} body``, ``\sum_k body``, ``\sum_{j \ne i} body``; `multiplied`: with ``\prod``."""

    conditions: tuple[SumCondition, ...]
    high: Node | None
    body: Node
    multiplied: bool = False


@dataclass(frozen=True)
class Infinite(Node):
    r"""``\infty``, ``-\infty`` as the end of an integral; `sign` is 1 or -1."""

    sign: int


@dataclass(frozen=True)
class IntegralOver(Node):
    r"""``\int_{low}^{high} body \, dx``."""

    variable: str
    low: Node
    high: Node
    body: Node


@dataclass(frozen=True)
class LimitAt(Node):
    r"""``\lim_{x \to point} body``."""

    variable: str
    point: Node
    body: Node


class Moment(Enum):
    """What is taken of random quantities."""

    MEAN = "mean"
    VARIANCE = "variance"
    COVARIANCE = "covariance"


@dataclass(frozen=True)
class Expectation(Node):
    r"""``\mathbb{E}_{y \sim p}[f]``, ``\operatorname{Cov}(X, Y)``: `law` is the distribution p, "" where none is named."""

    moment: Moment
    variables: tuple[str, ...]
    law: str
    bodies: tuple[Node, ...]


@dataclass(frozen=True)
class Prime(Node):
    """``u'``, ``(x^2)''``."""

    operand: Node
    order: int


@dataclass(frozen=True)
class Derivative(Node):
    r"""``\frac{\partial f}{\partial x \partial y}``, ``\frac{d}{dx} f``, ``\nabla_x f``; `style`: d, ∂ or ∇.

    With `several` it is of all factors of the operand only if it cannot be of the first of them alone.
    """

    operand: Node
    variables: tuple[tuple[Node, int], ...]
    style: str
    several: bool = False


@dataclass(frozen=True)
class VectorLit(Node):
    r"""``[1, 2, 3]``, or a column ``\begin{bmatrix} .. \\ .. \end{bmatrix}``."""

    entries: tuple[Node, ...]


@dataclass(frozen=True)
class Matrix(Node):
    """A matrix with more than one column."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Dots(Node):
    r"""``\vdots``, ``\cdots``, ``...``."""


@dataclass(frozen=True)
class Relation(Node):
    """``left relation right`` as a condition."""

    left: Node
    relation: str
    right: Node


@dataclass(frozen=True)
class Cases(Node):
    r"""``\begin{cases} f & i = j \\ g & \text{otherwise} \end{cases}``; a row without conditions is the last."""

    rows: tuple[tuple[Node, tuple[Relation, ...]], ...]


@dataclass(frozen=True)
class Abs(Node):
    """``|x|``."""

    operand: Node


@dataclass(frozen=True)
class Extreme(Node):
    r"""``\max(a, b)``, or the smaller of the two."""

    first: Node
    second: Node
    larger: bool


@dataclass(frozen=True)
class Norm(Node):
    r"""``\|x\|``, ``\|x\|_1``, ``\|W\|_F``; `degree` is what stands below it, "" for nothing."""

    operand: Node
    degree: str = ""


@dataclass(frozen=True)
class Inner(Node):
    r"""``\langle a, y \rangle``."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Hole(Node):
    """``?``, possibly with the answer that the text expects: ``?(应该为a_k - y_k)``."""

    expected: Node | None = None


@dataclass(frozen=True)
class Call(Node):
    r"""``f(x)``, ``H(p, q)``, ``\sigma'(z)``: the value of a function; `order` counts the primes."""

    name: Name
    arguments: tuple[Node, ...]
    order: int = 0


@dataclass(frozen=True)
class Indicator(Node):
    r"""``\mathbb{1}[i = j]``, ``[i = j]``."""

    condition: Relation


@dataclass(frozen=True)
class Transpose(Node):
    r"""``W^\top``."""

    operand: Node


@dataclass(frozen=True)
class Differential(Node):
    r"""``dX``, ``d(A X)``."""

    operand: Node


@dataclass(frozen=True)
class Interval(Node):
    r"""``[a, b]``, ``(a, b)``, ``[a, b)`` after ``\in``."""

    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True)
class IndexRange(Node):
    r"""``1..n``, ``\{1, \ldots, n\}``, ``1, 2, \dots, n``."""

    low: Node
    high: Node


@dataclass(frozen=True)
class NumberSet(Node):
    r"""``\mathbb{R}``."""

    text: str


@dataclass(frozen=True)
class Pair(Node):
    r"""``\{-1, 1\}`` after ``\in``: the set of two numbers."""

    first: Node
    second: Node


@dataclass(frozen=True)
class Entry(Node):
    """``(W x)_i``, ``(A B)_{ij}``: an entry of a vector or a matrix."""

    operand: Node
    indices: tuple[Node, ...]


@dataclass(frozen=True)
class Whole(Node):
    """The ``:`` of ``W_{:,i}``: all places along an axis."""


@dataclass(frozen=True)
class Space(Node):
    r"""``\mathbb{R}^{n \times d}``: the vectors or matrices of that shape."""


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below `node`, in order."""

    def within(value: object) -> Iterator[Node]:
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for entry in value:
                yield from within(entry)

    for known in fields(node):
        yield from within(getattr(node, known.name))


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)
