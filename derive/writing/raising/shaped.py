"""What matrix notation is made of: columns and matrices, their products, transposes, diagonals, norms, gradients.

Everything has its axes: whether it has rows and whether it has columns. These classes only say what is written; what it
means is what the reader makes of it, and nothing rests on it before it was read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from sympy import Expr, Integer, Symbol

Axes = tuple[bool, bool]
NONE, COLUMN, ROW, MATRIX = (False, False), (True, False), (False, True), (True, True)


@dataclass(frozen=True)
class Shaped:
    """Anything that can be written; `axes` tells whether it has rows, and whether it has columns."""

    @property
    def axes(self) -> Axes:
        return NONE


@dataclass(frozen=True)
class Number(Shaped):
    """A term without axes, written as it stands."""

    term: Expr


@dataclass(frozen=True)
class Name(Shaped):
    """A family, with the indices that are written below its name and the axes that are not; whether it is symmetric."""

    name: str
    indices: tuple[Expr, ...]
    along: Axes
    symmetric: bool = False

    @property
    def axes(self) -> Axes:
        return self.along


@dataclass(frozen=True)
class Ones(Shaped):
    """The column of ones."""

    @property
    def axes(self) -> Axes:
        return COLUMN


@dataclass(frozen=True)
class Identity(Shaped):
    """The identity matrix."""

    @property
    def axes(self) -> Axes:
        return MATRIX


@dataclass(frozen=True)
class Transposed(Shaped):
    """A transpose."""

    of: Shaped

    @property
    def axes(self) -> Axes:
        return self.of.axes[1], self.of.axes[0]


@dataclass(frozen=True)
class Inverted(Shaped):
    """The inverse of a matrix."""

    of: Shaped

    @property
    def axes(self) -> Axes:
        return MATRIX


@dataclass(frozen=True)
class Product(Shaped):
    """Factors side by side: numbers first, then a chain of rows, columns and matrices."""

    factors: tuple[Shaped, ...]

    @property
    def axes(self) -> Axes:
        chain = [factor.axes for factor in self.factors if factor.axes != NONE]
        return (chain[0][0], chain[-1][1]) if chain else NONE


@dataclass(frozen=True)
class Entrywise(Shaped):
    """The product entry by entry of things with the same axes."""

    factors: tuple[Shaped, ...]

    @property
    def axes(self) -> Axes:
        return self.factors[0].axes


@dataclass(frozen=True)
class Total(Shaped):
    """A sum of summands, each with a sign."""

    terms: tuple[tuple[bool, Shaped], ...]
    """Whether the summand is subtracted, and the summand."""

    @property
    def axes(self) -> Axes:
        return self.terms[0][1].axes


@dataclass(frozen=True)
class Quotient(Shaped):
    """Something over a number."""

    above: Shaped
    below: Shaped

    @property
    def axes(self) -> Axes:
        return self.above.axes


@dataclass(frozen=True)
class Diagonal(Shaped):
    """The matrix with a column on its diagonal, or the diagonal of a matrix as a column."""

    of: Shaped

    @property
    def axes(self) -> Axes:
        return COLUMN if self.of.axes == MATRIX else MATRIX


@dataclass(frozen=True)
class Trace(Shaped):
    """The trace of a matrix."""

    of: Shaped


@dataclass(frozen=True)
class Determinant(Shaped):
    """The determinant of a matrix."""

    of: Shaped


@dataclass(frozen=True)
class Norm(Shaped):
    """The Euclidean norm of a column, Frobenius' of a matrix."""

    of: Shaped


@dataclass(frozen=True)
class Power(Shaped):
    """A number to a power."""

    of: Shaped
    exponent: Expr


@dataclass(frozen=True)
class Applied(Shaped):
    """A function of a number, or taken of each entry."""

    function: str
    of: Shaped
    orders: tuple[int, ...] = ()
    known: bool = True
    """Whether it is an elementary function, not one of the document."""

    @property
    def axes(self) -> Axes:
        return self.of.axes


@dataclass(frozen=True)
class Gradient(Shaped):
    """The derivative of `of` by `by`, as often as `count` says; `turned` tells that its layout is the transposed one."""

    of: Shaped
    by: Shaped
    count: int = 1
    turned: bool = False

    @property
    def axes(self) -> Axes:
        if self.by.axes == NONE:
            return self.of.axes
        if self.count == 2 or self.of.axes != NONE:
            return MATRIX
        return (self.by.axes[1], self.by.axes[0]) if self.turned else self.by.axes


@dataclass(frozen=True)
class Repeated(Shaped):
    """A sum over an index that is written, as over samples."""

    index: Symbol
    low: Expr
    high: Expr
    body: Shaped

    @property
    def axes(self) -> Axes:
        return self.body.axes


def parts(shaped: Shaped) -> Iterator[Shaped]:
    """What something is directly made of."""
    for field in fields(shaped):
        value = getattr(shaped, field.name)
        if isinstance(value, Shaped):
            yield value
        elif isinstance(value, tuple):
            for each in value:
                inner = each[1] if isinstance(each, tuple) and len(each) == 2 else each
                if isinstance(inner, Shaped):
                    yield inner


def cost(shaped: Shaped) -> int:
    """How long it is to read: its signs and operations."""
    if isinstance(shaped, Number):
        return max(1, len(shaped.term.atoms())) if shaped.term.args else 1
    return 1 + sum(map(cost, parts(shaped))) + 2 * isinstance(shaped, Ones)


def raised_to(base: Shaped, exponent: Expr) -> Shaped:
    """A number to a power."""
    return Power(base.of, base.exponent * exponent) if isinstance(base, Power) else Power(base, exponent)


def transposed(shaped: Shaped) -> Shaped:
    """The transpose, written as a person would: ``(A B)^T`` as ``B^T A^T``."""
    match shaped:
        case Transposed(of):
            return of
        case Product(factors):
            numbers = tuple(factor for factor in factors if factor.axes == NONE)
            chain = [factor for factor in factors if factor.axes != NONE]
            return Product((*numbers, *(transposed(factor) for factor in reversed(chain))))
        case Quotient(above, below):
            return Quotient(transposed(above), below)
        case Total(terms) if shaped.axes == MATRIX:
            return Total(tuple((minus, transposed(term)) for minus, term in terms))
        case Entrywise(factors) if shaped.axes == MATRIX:
            return Entrywise(tuple(transposed(factor) for factor in factors))
        case Repeated(index, low, high, body):
            return Repeated(index, low, high, transposed(body))
        case Identity() | Name(symmetric=True):
            return shaped
        case Diagonal(of) if of.axes != MATRIX:
            return shaped
    return shaped if shaped.axes == NONE else Transposed(shaped)


def times(*factors: Shaped) -> Shaped:
    """The product of what stands side by side, numbers in front; products among it are opened."""
    numbers: list[Shaped] = []
    chain: list[Shaped] = []
    below: list[Shaped] = []
    negative = False
    for factor in factors:
        inner = factor
        while isinstance(inner, Quotient):
            below.append(inner.below)
            inner = inner.above
        opened = isinstance(inner, Product) and (inner.axes != NONE or all(part.axes == NONE for part in inner.factors))
        for part in inner.factors if opened and isinstance(inner, Product) else (inner,):
            if part.axes != NONE:
                chain.append(part)
            elif isinstance(part, Number) and part.term.is_Rational and part.term == -1:
                negative = not negative
            else:
                numbers.append(part)
    chain = [part for part in chain if not isinstance(part, Identity)] or chain[:1]
    numbers = _gathered(numbers)
    if negative and not numbers and len(chain) == 1 and isinstance(chain[0], Total):
        chain, negative = [Total(_ordered([(not minus, term) for minus, term in chain[0].terms]))], False
    if negative:
        numbers = [Number(-numbers[0].term), *numbers[1:]] if numbers and isinstance(numbers[0], Number) else [
            Number(Integer(-1)),
            *numbers,
        ]
    both = [*numbers, *chain]
    whole = both[0] if len(both) == 1 else Product(tuple(both)) if both else Number(Integer(1))
    for each in below:
        whole = Quotient(whole, each)
    return whole


def _gathered(numbers: Sequence[Shaped]) -> list[Shaped]:
    """The plain numbers as one, in front of what is raised itself."""
    plain = [number.term for number in numbers if isinstance(number, Number)]
    others = [number for number in numbers if not isinstance(number, Number)]
    whole: Expr = Integer(1)
    for each in plain:
        whole = whole * each
    return [*([Number(whole)] if whole != 1 else []), *others]


def entrywise(factors: Sequence[Shaped]) -> Shaped:
    """The product entry by entry; numbers go in front."""
    numbers: list[Shaped] = []
    shown: list[Shaped] = []
    for factor in factors:
        own = factor.factors if isinstance(factor, Product) else ()
        front = [part for part in own if part.axes == NONE]
        rest = times(*(part for part in own if part.axes != NONE)) if front else factor
        numbers += front
        shown += rest.factors if isinstance(rest, Entrywise) else (rest,)
    shown = [factor for factor in shown if not isinstance(factor, Ones)] or shown[:1]
    shown.sort(key=cost)
    whole = shown[0] if len(shown) == 1 else Entrywise(tuple(shown))
    return times(*numbers, whole)


def summed(terms: Sequence[Shaped]) -> Shaped:
    """The sum of summands, signs in front of them."""
    found: list[tuple[bool, Shaped]] = []
    for term in terms:
        minus, rest = unsigned(term)
        if isinstance(rest, Total):
            found += [(minus != own, part) for own, part in rest.terms]
        else:
            found.append((minus, rest))
    found = _grouped(_grouped(found, 0), -1)
    if len(found) == 1:
        minus, only = found[0]
        return times(Number(Integer(-1)), only) if minus else only
    return Total(_ordered(found))


def _ordered(terms: Sequence[tuple[bool, Shaped]]) -> tuple[tuple[bool, Shaped], ...]:
    """What is added before what is subtracted, what is longer first."""
    return tuple(sorted(terms, key=lambda one: (one[0], -cost(one[1]))))


def _grouped(terms: Sequence[tuple[bool, Shaped]], at: int) -> list[tuple[bool, Shaped]]:
    """Summands that begin (`at` 0) or end (-1) with the same matrix as one: ``A^T A x - A^T y`` as ``A^T (A x - y)``."""
    groups: dict[object, list[tuple[bool, Shaped]]] = {}
    for place, (minus, term) in enumerate(terms):
        chain = _taken_apart(term)[1]
        key: object = chain[at] if len(chain) > 1 else place
        groups.setdefault(key, []).append((minus, term))
    found: list[tuple[bool, Shaped]] = []
    for same in groups.values():
        if len(same) == 1:
            found += same
            continue
        apart = [_taken_apart(term) for _, term in same]
        shared = tuple(number for number in apart[0][0] if all(number in numbers for numbers, _ in apart))
        rests = []
        for (minus, _), (numbers, chain) in zip(same, apart, strict=True):
            own = [number for number in numbers if number not in shared]
            rest = times(*own, *(chain[1:] if at == 0 else chain[:-1]))
            rests.append(times(Number(Integer(-1)), rest) if minus else rest)
        end, inside = apart[0][1][at], summed(rests)
        found.append((False, times(*shared, end, inside) if at == 0 else times(*shared, inside, end)))
    return found


def _taken_apart(term: Shaped) -> tuple[tuple[Shaped, ...], tuple[Shaped, ...]]:
    """The numbers of a product, those below a line among them, and its chain."""
    if isinstance(term, Quotient):
        numbers, chain = _taken_apart(term.above)
        return (*numbers, Quotient(Number(Integer(1)), term.below)), chain
    factors = term.factors if isinstance(term, Product) else (term,)
    return tuple(f for f in factors if f.axes == NONE), tuple(f for f in factors if f.axes != NONE)


def unsigned(shaped: Shaped) -> tuple[bool, Shaped]:
    """Whether there is a minus in front, and what stands behind it."""
    match shaped:
        case Number(term) if term.as_coeff_Mul()[0].is_negative:
            return True, Number(-term)
        case Product(factors):
            minus, first = unsigned(factors[0])
            return (True, times(first, *factors[1:])) if minus else (False, shaped)
        case Quotient(above, below):
            minus, rest = unsigned(above)
            return minus, Quotient(rest, below)
    return False, shaped
