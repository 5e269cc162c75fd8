"""The normal form of a term: a Laurent polynomial in atoms, in which two equal terms of the fragment coincide.

The fragment: rational operations, sums with symbolic limits, Kronecker deltas, exponentials, logarithms and
powers; other functions are atoms of their argument. Two terms are equal wherever both are defined if the
cleared numerator of their difference is zero; the converse holds only as far as the atoms are independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from flint import fmpq
from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Dummy,
    E,
    Eq,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Ne,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    pi,
)
from sympy.core.function import Function

from derive.normal.elementary import LAWS, ROUNDED, NotDifferentiable
from derive.normal.exponents import leading_term
from derive.normal.knowledge import Hot, Knowledge, Signed, monic
from derive.normal.laziness import denominators
from derive.normal.polynomial import UNIT, ZERO, Atom, Poly, TooLarge, exponent_of, monomial_free, number, total
from derive.normal.ring import OutOfDomain, Ring, ZeroDivision
from derive.normal.sums import complement, substitute, sum_over
from derive.normal.unfold import Circular, is_nameable, unfolder
from derive.terms.context import Assumption, Context, Definition, Fact, OneHot, Range
from derive.terms.elementary import row_of
from derive.terms.growth import Growing
from derive.terms.heads import is_particular, name_of, positions_of
from derive.terms.relations import BY_KEY, upward
from derive.terms.terms import Call, Cases, Partial, peel


class OutsideFragment(ValueError):
    """A head that has no normal form."""


NO_FORM = (OutsideFragment, TooLarge, NotDifferentiable, Circular, OutOfDomain, ZeroDivision)
"""What is raised where a term has no normal form."""


class Normaliser:
    """Normal forms of terms in one context.

    With `assume_positive` quantities of unknown sign are taken to be positive (and remembered as guessed); sums over
    at most `expanded` consecutive numbers are written out. `related` are the terms that will be compared.
    """

    def __init__(self, context: Context, assume_positive: bool = False, expanded: int = 0,
                 related: Iterable[Expr] = ()) -> None:
        self.context = context
        self.knowledge = Knowledge(context, assume_positive=assume_positive, expanded=expanded)
        self.unfold = unfolder(context, related)
        self.ring = Ring(self.knowledge, self._literal)
        self._literals = _of_members(context.definitions)
        self._memo: dict[Expr, Poly] = {}
        self._spans: dict[Symbol, Range] = {}
        for assumption in context.assumptions:
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
        return not self.ring.cleared(poly)

    def form(self, term: Expr) -> Poly:
        """The normal form of a term in primitives."""
        known = self._memo.get(term)
        if known is None:
            known = self._memo[term] = self._form(term)
        return known

    def _form(self, term: Expr) -> Poly:
        for kind, rule in _RULES:
            if isinstance(term, kind):
                return rule(self, term)
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
        poly = self.ring.cleared(self(fact.left) - self(fact.right))
        if not poly:
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
        else:
            self.knowledge.equal[atom] = (value, fact)
        self._memo.clear()

    def _learn_nonzero(self, fact: Fact) -> None:
        """What differs has a difference that is not 0, and so has each factor of it."""
        try:
            poly = self.ring.cleared(self(fact.left) - self(fact.right))
        except (OutsideFragment, OutOfDomain, ZeroDivision):
            return
        if not poly or self.knowledge.may_be_empty(fact.forall, poly.free):
            return
        self.knowledge.nonzero[monic(poly)] = fact
        if len(poly) != 1:
            return
        (m, _), = poly
        for atom, _ in m:
            if not self.knowledge.may_be_empty(fact.forall, atom.free):
                self.knowledge.nonzero[atom] = fact
            spans = self._everywhere(atom, fact)
            if spans is not None and len(m) == 1:
                self.knowledge.nowhere_zero.setdefault(atom.data[0], []).append(Signed(spans, False, fact))

    def _everywhere(self, atom: Atom, fact: Fact) -> tuple[Range, ...] | None:
        """The ranges of the positions of `atom` if a fact speaks of the members at all of them."""
        if atom.kind != "member" or not all(p in fact.forall for p in atom.data[1]) \
                or len(set(atom.data[1])) != len(atom.data[1]):
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
        poly = self(left) - self(right)
        if self.knowledge.may_be_empty(fact.forall, poly.free):
            return
        table = self.knowledge.positive if strict else self.knowledge.nonnegative
        table[poly] = fact
        if len(poly) != 1:
            return
        (m, coefficient), = poly
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


# -- one rule for each head ------------------------------------------------------------------------------------


def _number(self: Normaliser, term: Rational) -> Poly:
    return number(fmpq(int(term.p), int(term.q)))


def _symbol(self: Normaliser, term: Symbol) -> Poly:
    return self.ring.scalar(term)


def _member(self: Normaliser, term: Indexed) -> Poly:
    return self.ring.member(str(term.base.label), tuple(term.indices))


def _opaque(self: Normaliser, term: Expr) -> Poly:
    """∂E/∂a_i of a primitive E is a member of the family ∂E/∂a."""
    if not is_nameable(term):  # an index expression, which a substitution made of an index
        raise OutsideFragment(f"the derivative {term} has no normal form")
    return self.ring.member(name_of(term), positions_of(term))


def _add(self: Normaliser, term: Add) -> Poly:
    return total(self.form(a) for a in term.args)


def _mul(self: Normaliser, term: Mul) -> Poly:
    result = UNIT
    for factor in sorted(term.args, key=lambda a: isinstance(a, (Add, Sum))):
        result = self.ring.product(result, self.form(factor))
    return result


def _pow(self: Normaliser, term: Pow) -> Poly:
    base, exponent = term.args
    return self.ring.power(self.form(base), exponent_of(self.form(exponent)))


def _exp(self: Normaliser, term: exp) -> Poly:
    """Of ``exp(u)`` and of ``Pow(E, u, evaluate=False)``, which SymPy counts as an exp too."""
    return self.ring.exp(self.form(term.exp))


def _log(self: Normaliser, term: log) -> Poly:
    if len(term.args) == 2:
        return self.ring.product(self.form(log(term.args[0])), self.ring.inverse(self.form(log(term.args[1]))))
    return self.ring.log(self.form(term.args[0]))


def _constant(self: Normaliser, term: Expr) -> Poly:
    return self.ring.of(self.ring.intern.atom("pi" if term is pi else "e"))


def _abs(self: Normaliser, term: Abs) -> Poly:
    return self.ring.absolute(self.form(term.args[0]))


def _sum(self: Normaliser, term: Sum) -> Poly:
    body, variable, low, high = peel(term)
    own = self.own_index(variable, Range(low, high))
    if own is not variable:  # another instance of one definition has other limits
        body, variable = body.xreplace({variable: own}), own
    return sum_over(self.ring, self.form(body), variable, low, high)


def _delta(self: Normaliser, term: KroneckerDelta) -> Poly:
    return self.ring.delta(*term.args)


def _cases(self: Normaliser, term: Cases) -> Poly:
    """Σ of the branches, each times the indicator of its condition and of the failure of those before it."""
    result, remaining = ZERO, UNIT
    for value, condition in term.branches:
        if condition is S.true:
            return result + self.ring.product(remaining, self.form(value))
        if condition is S.false:
            continue
        if isinstance(condition, Eq):
            chosen = _at_equal(self, value, *condition.args)
        elif isinstance(condition, Ne):
            chosen = _off_equal(self, value, condition)
        elif isinstance(condition, And) and len(apart := _inequalities(condition)) == len(condition.args):
            chosen = _off_equal(self, value, *sorted(apart, key=str))
        else:
            chosen = self.ring.product(_indicator(self, condition), self.form(value))
        result = result + self.ring.product(remaining, chosen)
        remaining = self.ring.product(remaining, UNIT - _indicator(self, condition))
    if remaining:
        raise OutsideFragment("a case split that does not cover every case")
    return result


def _inequalities(condition: And) -> list[Ne]:
    return [part for part in condition.args if isinstance(part, Ne)]


def _indicator(self: Normaliser, condition: Basic) -> Poly:
    """1 where the condition on indices holds, 0 elsewhere."""
    if isinstance(condition, Eq):
        return self.ring.delta(*condition.args)
    if isinstance(condition, Ne):
        return UNIT - self.ring.delta(*condition.args)
    if isinstance(condition, And):
        result = UNIT
        for part in condition.args:
            result = self.ring.product(result, _indicator(self, part))
        return result
    raise OutsideFragment(f"a case split on {condition}")


def _at_equal(self: Normaliser, value: Expr, a: Expr, b: Expr) -> Poly:
    """δ_{ab} f, where f need be defined only at a = b."""
    delta = self.ring.delta(a, b)
    if not delta:
        return ZERO
    for symbol, other in ((a, b), (b, a)):
        if isinstance(symbol, Symbol) and not isinstance(symbol, Dummy):
            return self.ring.product(delta, self.form(value.xreplace({symbol: other})))
    return self.ring.product(delta, self.form(value))


def _off_equal(self: Normaliser, value: Expr, *conditions: Ne) -> Poly:
    """∏ (1 − δ_{ab}) f; where f is not defined at a = b the two are kept together."""
    sames = [self.knowledge.coincide(*condition.args) for condition in conditions]
    if True in sames:
        return ZERO
    form = self.form(value)
    for same, condition in zip(sames, conditions, strict=True):
        a, b = condition.args
        if same is not False:
            form = self.ring.product(_apart(self, form, a, b), form)
    return form


def _apart(self: Normaliser, form: Poly, a: Expr, b: Expr) -> Poly:
    """1 − δ_{ab}, in one piece where `form` has no value at a = b."""
    symbol, other = (a, b) if isinstance(a, Symbol) else (b, a)
    try:
        if isinstance(symbol, Symbol):
            substitute(self.ring, form, {symbol: other})
    except (ZeroDivision, OutOfDomain):
        return complement(self.ring, a, b)
    return UNIT - self.ring.delta(a, b)


def _function(self: Normaliser, term: Function) -> Poly:
    """By the function's law; what SymPy rounds is an atom of its argument."""
    name, row = type(term).__name__, row_of(term)
    form = ROUNDED.get(name) if row is None else LAWS[row.key].form
    if form is None:
        raise OutsideFragment(f"{name} has no normal form")
    return form(self.ring, self.form(term.args[0]))


def _call(self: Normaliser, term: Call) -> Poly:
    from sympy import IndexedBase

    if any(isinstance(a, IndexedBase) for a in term.arguments):
        raise OutsideFragment(f"{term.name} takes a family and is not defined")
    arguments = tuple(self.form(a) for a in term.arguments)
    return self.ring.of(self.ring.intern.atom("function", f"call {term.name}", term.orders, arguments))


_RULES: tuple[tuple[type[Expr], Callable[[Normaliser, Any], Poly]], ...] = (
    (Rational, _number), (type(pi), _constant), (type(E), _constant), (Symbol, _symbol), (Indexed, _member), (Add, _add),
    (Mul, _mul), (exp, _exp), (Pow, _pow), (Sum, _sum), (log, _log), (KroneckerDelta, _delta), (Abs, _abs),
    (Cases, _cases), (Partial, _opaque), (Call, _call), (Function, _function),
)
