"""The normal form of a term: a Laurent polynomial in atoms, in which two equal terms of the fragment coincide.

The fragment: rational operations, sums with symbolic limits, Kronecker deltas, exponentials, logarithms and
powers; other functions are atoms of their argument. Two terms are equal wherever both are defined if the
cleared numerator of their difference is zero; the converse holds only as far as the atoms are independent.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from sympy import Dummy, Expr, Indexed, Integer, Sum, Symbol

from derive.normal.algebra.exponents import leading_term
from derive.normal.algebra.knowledge import Hot, Knowledge, Signed, monic
from derive.normal.algebra.matrices import diagonal_in, exchange_in, rules_in
from derive.normal.algebra.polynomial import Atom, Poly, TooLarge, monomial_free
from derive.normal.algebra.ring import OutOfDomain, Ring, ZeroDivision
from derive.normal.clearing import cleared
from derive.normal.forms import OutsideFragment, form_of
from derive.normal.functions.elementary import NotDifferentiable
from derive.normal.integrals import Integrals
from derive.normal.laziness import denominators
from derive.normal.products import product_form
from derive.normal.signs import certain_sign
from derive.normal.unfold import Circular, unfolder
from derive.terms.binding import Binding, Integral, Product
from derive.terms.context import Assumption, Context, Definition, Fact, OneHot, Range
from derive.terms.growth import Growing
from derive.terms.heads import is_particular, name_of
from derive.terms.relations import BY_KEY, upward

NO_FORM = (OutsideFragment, TooLarge, NotDifferentiable, Circular, OutOfDomain, ZeroDivision)
"""What is raised where a term has no normal form."""


class Normaliser:
    """Normal forms of terms in one context.

    With `assume_positive` quantities of unknown sign are taken to be positive (and remembered as guessed); sums over
    at most `expanded` consecutive numbers are written out. `related` are the terms that will be compared.
    """

    def __init__(
        self, context: Context, assume_positive: bool = False, expanded: int = 0, related: Iterable[Expr] = ()
    ) -> None:
        self.context = context
        self.knowledge = Knowledge(context, assume_positive=assume_positive, expanded=expanded)
        self.unfold = unfolder(context, related)
        self.ring = Ring(self.knowledge, self._literal)
        self._literals = _of_members(context.definitions)
        self._memo: dict[Expr, Poly] = {}
        self._spans: dict[Symbol, Range] = {}
        for assumption in sorted(context.assumptions, key=_is_open):  # what is a number is put into the others
            with suppress(*NO_FORM):  # what has no normal form, an equation of lists say, teaches nothing
                self.learn(assumption)

    def __call__(self, term: Expr) -> Poly:
        """The normal form of `term`, its definitions unfolded and its derivatives carried out.

        Raises:
            OutsideFragment, ZeroDivision, OutOfDomain, TooLarge, NotDifferentiable, Circular: where there is none.
        """
        return self.form(self.unfold(term))

    def is_zero(self, poly: Poly) -> bool:
        """Whether the polynomial vanishes wherever it is defined (False where that cannot be told)."""
        return not cleared(self.ring, poly)

    def form(self, term: Expr) -> Poly:
        """The normal form of a term in primitives."""
        known = self._memo.get(term)
        if known is None:
            known = self._memo[term] = self._binding(term) if isinstance(term, Binding) else form_of(self, term)
        return known

    def _binding(self, term: Binding) -> Poly:
        def sign(poly: Poly) -> str | None:
            return certain_sign(self, poly)

        if isinstance(term, Product):
            return product_form(self, term, sign)
        if isinstance(term, Integral):
            return Integrals(self, sign).form(term)
        raise OutsideFragment(f"{type(term).__name__} has no normal form")

    def _literal(self, name: str, positions: tuple[Expr, ...]) -> Poly | None:
        """The member at literal positions, where the context defines just that one."""
        if name not in self._literals:
            return None
        from derive.terms import terms

        head = terms.family(name)[positions]
        return self(head) if self.unfold.defines(head) else None

    def own_index(self, symbol: Symbol, span: Range) -> Symbol:
        """`symbol` as a bound index with the range `span`; a fresh one if it is free or has another range elsewhere."""
        if not isinstance(symbol, Dummy) or self._spans.setdefault(symbol, span) != span:
            symbol = Dummy(symbol.name, integer=True)
        self.knowledge.ranges[symbol] = span
        return symbol

    # -- what assumptions say ---------------------------------------------------------------------------------

    def learn(self, assumption: Assumption) -> None:
        """Make an assumption available to what is normalised from now on."""
        self._memo.clear()
        if isinstance(assumption, OneHot):
            self._learn_one_hot(assumption)
        if not isinstance(assumption, Fact):
            return
        if assumption.relation == "!=":
            if self.knowledge.may_be_empty(assumption.forall, assumption.left.free_symbols | assumption.right.free_symbols):
                return
            self.knowledge.distinct[frozenset((assumption.left, assumption.right))] = assumption
            self._learn_nonzero(assumption)
        elif assumption.relation == "=":
            self._learn_equation(assumption)
        else:
            self._learn_sign(assumption)

    def _learn_equation(self, fact: Fact) -> None:
        if any(denominators(self.unfold(side), self.knowledge).lazy for side in (fact.left, fact.right)):
            return  # what cancels in an empty sum would make of it an equation that does not hold there
        poly = cleared(self.ring, self(fact.left) - self(fact.right))
        if not poly:
            return
        exchange = exchange_in(poly, fact, self.knowledge)
        if exchange is not None:
            self.knowledge.exchanged.setdefault(*exchange)
            self._memo.clear()
            return
        diagonal = diagonal_in(poly, fact, self.knowledge)
        if diagonal is not None:
            self.knowledge.diagonal.setdefault(*diagonal)
            self._memo.clear()
            return
        solved = _solved_for(poly)
        if self.knowledge.may_be_empty(fact.forall, monomial_free(leading_term(poly)[0]) if solved is None else solved[0].free):
            return
        if solved is None:
            self.knowledge.vanishing.append((poly, fact))
            return
        atom, value = solved
        wild = tuple(s for s in fact.forall if s in atom.free)
        if wild:
            self.knowledge.patterns.append((atom, wild, value, fact))
            self.knowledge.words += rules_in(atom, wild, value, fact, self.knowledge)
        else:
            self.knowledge.equal[atom] = (value, fact)
            self.knowledge.words += rules_in(atom, (), value, fact, self.knowledge)
        self._memo.clear()

    def _learn_nonzero(self, fact: Fact) -> None:
        """What differs has a difference that is not 0, and so has each factor of it."""
        try:
            poly = cleared(self.ring, self(fact.left) - self(fact.right))
        except (OutsideFragment, OutOfDomain, ZeroDivision):
            return
        if not poly or self.knowledge.may_be_empty(fact.forall, poly.free):
            return
        self.knowledge.nonzero[monic(poly)] = fact
        if len(poly) != 1:
            return
        ((m, _),) = poly
        for atom, _ in m:
            if not self.knowledge.may_be_empty(fact.forall, atom.free):
                self.knowledge.nonzero[atom] = fact
            spans = self._everywhere(atom, fact)
            if spans is not None and len(m) == 1:
                self.knowledge.nowhere_zero.setdefault(atom.data[0], []).append(Signed(spans, False, fact))

    def _everywhere(self, atom: Atom, fact: Fact) -> tuple[Range, ...] | None:
        """The ranges of the positions of `atom` if a fact speaks of the members at all of them."""
        if (
            atom.kind != "member"
            or not all(p in fact.forall for p in atom.data[1])
            or len(set(atom.data[1])) != len(atom.data[1])
        ):
            return None
        spans = tuple(self.knowledge.range_of(p) for p in atom.data[1])
        if any((span.low.free_symbols | span.high.free_symbols) & set(fact.forall) for span in spans):
            return None  # of a triangle, i < j, and not of all pairs
        return spans

    def _learn_sign(self, fact: Fact) -> None:
        left, relation, right = upward(fact.left, fact.relation, fact.right)
        strict = BY_KEY[relation].is_strict
        if self.knowledge.may_be_empty(fact.forall, left.free_symbols | right.free_symbols):
            return
        if isinstance(left, Symbol) and left.is_integer and left.is_positive and right.is_Integer:
            least = int(right) + (1 if strict else 0)
            self.knowledge.minimum[left] = (max(least, 1), fact)
            return
        if (
            not fact.forall
            and all(isinstance(s, Symbol) and s.is_integer for s in left.free_symbols | right.free_symbols)
            and not (left.atoms(Sum, Indexed) | right.atoms(Sum, Indexed))
        ):
            self.knowledge.ordered.append((left - right - int(strict), fact))
        poly = self(left) - self(right)
        if self.knowledge.may_be_empty(fact.forall, poly.free):
            return
        table = self.knowledge.positive if strict else self.knowledge.nonnegative
        table[poly] = fact
        if len(poly) != 1:
            return
        ((m, coefficient),) = poly
        odd = [(a, e) for a, e in m if not self.knowledge.is_positive(a)]
        if coefficient > 0 and len(odd) == 1 and isinstance(odd[0][1], int) and odd[0][1] % 2:
            atom = odd[0][0]
            if self.knowledge.may_be_empty(fact.forall, atom.free):
                return
            table[atom] = fact
            spans = self._everywhere(atom, fact)
            if spans is not None:
                self.knowledge.families.setdefault(atom.data[0], []).append(Signed(spans, strict, fact))

    def _learn_one_hot(self, assumption: OneHot) -> None:
        """y_k = δ_{kc} for all k in the family's range, c a fixed index in it where no place is named."""
        name = str(assumption.family.label)
        shape = self.context.shape_of(name)
        span = shape[0] if shape else Range(Integer(1), self.context.size)
        if assumption.at is None:
            self.knowledge.ranges[assumption.unnamed] = span
        self.knowledge.one_hot[name] = Hot(assumption.place, span, assumption)


def _is_open(assumption: Assumption) -> bool:
    """Whether an assumption is anything but an equation that says of which number something is."""
    return not (isinstance(assumption, Fact) and assumption.relation == "=" and bool(assumption.right.is_number))


def _members(before: frozenset[str], new: tuple[Definition, ...]) -> frozenset[str]:
    """The families of which definitions give single members."""
    return before | {name_of(each.head) for each in new if is_particular(each.head)}


_of_members = Growing(frozenset[str](), _members)


def _solved_for(poly: Poly) -> tuple[Atom, Poly] | None:
    """An atom that the equation ``poly = 0`` expresses by the others: a sum before a member before a scalar."""
    rank = {"sum": 0, "member": 1, "scalar": 2}
    candidates = []
    for m, c in poly:
        if len(m) == 1 and m[0][1] == 1 and m[0][0].kind in rank:
            atom = m[0][0]
            if atom.kind == "scalar" and (atom.data[0].is_integer or len(poly) > 2):
                continue
            rest = Poly({other: d for other, d in poly if other is not m})
            if all(atom is not other and not _mentions(other, atom) for other in rest.atoms):
                candidates.append((rank[atom.kind], atom.key, atom, rest.scaled(-1 / c)))
    if not candidates:
        return None
    _, _, atom, value = min(candidates, key=lambda item: item[:2])
    return atom, value


def _mentions(holder: Atom, atom: Atom) -> bool:
    """Whether `atom` (or, for a member, its family) occurs inside `holder`."""
    target = f"b{atom.data[0]}[" if atom.kind == "member" else atom.key
    return holder is not atom and target in holder.key
