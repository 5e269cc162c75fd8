"""Matrix notation put together as a person would write it: numbers in front, transposes inside, what is shared taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sympy import Expr, Integer

from derive.writing.raising.shaped import (
    MATRIX,
    NONE,
    Diagonal,
    Entrywise,
    Identity,
    Name,
    Number,
    Ones,
    Power,
    Product,
    Quotient,
    Repeated,
    Shaped,
    Total,
    Transposed,
    cost,
)


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
        numbers = (
            [Number(-numbers[0].term), *numbers[1:]]
            if numbers and isinstance(numbers[0], Number)
            else [
                Number(Integer(-1)),
                *numbers,
            ]
        )
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
    found = _grouped(_grouped(_counted(found), 0), -1)
    if len(found) == 1:
        minus, only = found[0]
        return times(Number(Integer(-1)), only) if minus else only
    return Total(_ordered(found))


def _counted(terms: Sequence[tuple[bool, Shaped]]) -> list[tuple[bool, Shaped]]:
    """With summands that are the same written once."""
    counts = Counter(terms)
    return [(minus, term if count == 1 else times(Number(Integer(count)), term)) for (minus, term), count in counts.items()]


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
