"""Names in a claim that nothing ties down: on one side only, used in two ways, or with a value that may have changed.

A claim that fails because of such a name is doubtful: it may be meant as a condition, a setting or an equation to be solved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sympy import Abs, Dummy, Expr, Indexed, KroneckerDelta, Pow, Sum, Symbol

from derive.judge.verdict import Cause, Doubt
from derive.narrative.doubts.names import names_in
from derive.narrative.roles.sides import carried_out, one_sided, private, reached
from derive.narrative.words.grammar import Lead
from derive.normal.compound import alpha
from derive.normal.unfold import Unfolder
from derive.terms.arrays import MatrixDeterminant
from derive.terms.chance import is_probability
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot
from derive.terms.growth import Growing
from derive.terms.heads import name_of
from derive.terms.reasons import Why
from derive.terms.terms import Call, Partial, free_indices


def loose(
    claims: Sequence[Claim],
    context: Context,
    lead: Lead,
    link: bool,
    labels: Collection[str] = (),
    decimals: bool = False,
    spaces: Collection[str] = (),
) -> tuple[Doubt, ...]:
    """The doubts about names of `claims`.

    Args:
        link: the claims are not the first of their chain.
        labels: the names of which words say what they are.
        decimals: decimals stand on the right side.
        spaces: the names of vectors and matrices that the text puts into a space.
    """
    known = (a for a in context.assumptions if isinstance(a, Fact) and a.relation == "=")
    if isinstance(claims[0].left, Sum) and any(alpha(each.left) == alpha(claims[0].left) for each in known):
        return ()  # what it is was said: it follows, or it does not
    if claims[0].given or claims[0].either and tied_down(claims[0], context):
        return ()
    closed, labels = lead.closed, {*labels, *_of_laws(context)}
    concluded = closed and lead.effect in ("conclude", "state", "then")
    slope = (
        claims[0].left.has(Partial) or carried_out(claims[0].left) or all(map(_of_chance, (claims[0].left, claims[0].right)))
    )
    names: set[str] = set()
    for claim in claims:
        if not link and not slope and not concluded:
            names |= (
                set() if closed and _drops(claim, context, spaces) else set(sorted(one_sided(claim, context) - {*labels})[:1])
            )
        elif not slope and (not closed or (link and claim.relation != "=")) and all(found := private(claim, context)):
            names |= {min(found[0])}
        elif not link and not slope and (name := _bare(claim.left, context)) in one_sided(claim, context):
            given = claim.relation == "=" and claim.right.is_number and isinstance(claim.left, Symbol) and name not in spaces
            names |= {name} if given or not lead.near else set()
        if link and (claim.relation == "=" or claim.right.is_number):
            names |= _untold(claim, context, spaces)
    unexplained = tuple(Doubt(Cause.NAME, name) for name in sorted(names))
    moved = () if closed else _moved(claims, context)
    moved += _put_in(claims, context) if decimals else ()
    return (*unexplained, *_used_twice(claims), *_no_indices(claims, context), *_words(claims, context), *moved)


def _drops(claim: Claim, context: Context, spaces: Collection[str]) -> bool:
    """Whether the right side, of names that stand on the left too, lacks names of the left that may be any of a space: no
    condition ties those to nothing. ``A x = x`` may be one, for it is an equation for x."""
    left, right = private(claim, context)
    bare = isinstance(claim.right, (Symbol, Indexed))
    lone = bare and any(name_of(claim.right) in reached(each, context) for each in claim.left.atoms(Sum))
    right = right - {name for each in claim.obligations for name in reached(each.term, context)}  # it may have been cancelled
    return not right and bool(left) and left <= set(spaces) and not claim.right.is_number and not lone


def _untold(claim: Claim, context: Context, spaces: Collection[str]) -> set[str]:
    """The first name of which nothing is said that a later link of a chain brings in, or to which it gives a number.

    The one may be said elsewhere, the other an equation to be solved: ``\\mathbf w^\\top \\mathbf x + b = 0``.
    """
    left, new = private(claim, context)
    inside = claim.right.xreplace({node: Dummy() for node in claim.right.atoms(Sum, Indexed, KroneckerDelta)})
    counted = {s for s in inside.free_symbols if s.is_integer and not s.is_positive and not isinstance(s, Dummy)}
    new |= {name_of(s) for s in counted - claim.left.free_symbols}
    new |= left if claim.right.is_number else set()
    told = {name for assumption in context.assumptions for name in names_in(assumption)} | set(spaces)
    return {min(new - told)} if new - told else set()


def _of_chance(term: Expr) -> bool:
    """Whether it speaks of expectations."""
    return any(is_probability(name_of(member)) for member in term.atoms(Indexed))


def of_one_member(
    claims: Sequence[Claim], context: Context, line_of: Callable[[Fact], int | None], labels: Collection[str]
) -> tuple[Doubt, ...]:
    """The families of which an equation was assumed for one index alone, ``b_j = 2``, and that stand with others: it may have
    been meant for all. A label is 1 at one of them.
    """
    members = {node for claim in claims for side in (claim.left, claim.right) for node in side.atoms(Indexed)}
    hot = {str(a.family.label) for a in context.assumptions if isinstance(a, OneHot)} | {*labels}
    found = {
        name_of(fact.left): line_of(fact) or 0
        for fact in context.assumptions
        if isinstance(fact, Fact) and fact.relation == "=" and isinstance(fact.left, Indexed) and not fact.forall
        if any(isinstance(place, Symbol) and not place.is_positive for place in fact.left.indices)
        and any(node.base == fact.left.base and node != fact.left for node in members)
    }
    return tuple(Doubt(Cause.NARROWED, name, line) for name, line in sorted(found.items()) if name not in hot)


def of_each_member(claims: Sequence[Claim], context: Context) -> tuple[Doubt, ...]:
    """The names without an index that are defined by members, ``u = y_i - w x_i``, where a sum over that index leads to them:
    it may have been meant to go over the u of each."""
    names = {name for claim in claims for side in (claim.left, claim.right) for name in reached(side, context)}
    defined = [each for each in context.definitions if name_of(each.head) in names]
    bodies = [side for claim in claims for side in (claim.left, claim.right)] + [each.body for each in defined]
    summed = {limit[0].name for body in bodies for each in body.atoms(Sum) for limit in each.limits}
    loose_ones = sorted(
        name_of(each.head)
        for each in defined
        if isinstance(each.head, Symbol) and summed & {s.name for s in free_indices(each.body)}
    )
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_ONE_NAME) for name in loose_ones)


def tied_down(claim: Claim, context: Context) -> bool:
    """Whether an equation is assumed of one of its names: a solution is no further condition on it."""
    names = {name_of(node) for node in claim.left.atoms(Symbol, Indexed)}
    equations = (a for a in context.assumptions if isinstance(a, Fact) and a.relation == "=")
    return any(names_in(each) & names for each in equations)


def _of_laws(context: Context) -> set[str]:
    """The names of which something is assumed in all their entries: a further equation is no condition on them."""
    return set(_laws(context.assumptions))


def _of_new_laws(before: frozenset[str], new: tuple[Assumption, ...]) -> frozenset[str]:
    facts = (a for a in new if isinstance(a, Fact))
    whole = (
        fact
        for fact in facts
        if any(isinstance(s, Dummy) for s in fact.forall) or fact.left.has(MatrixDeterminant) or _of_chance(fact.left)
    )
    return before | {name for fact in whole for name in names_in(fact)}


_laws = Growing(frozenset[str](), _of_new_laws)


def _bare(term: Expr, context: Context) -> str:
    """The name of a quantity, or of the one whose absolute value the term is, if nothing says or assumes what it is; or ""."""
    if isinstance(term, Abs):
        term = term.args[0]
    name = name_of(term) if isinstance(term, (Symbol, Indexed)) else ""
    told = context.known.names(name) or any(name in names_in(assumption) for assumption in context.assumptions)
    return "" if told else name


def _used_twice(claims: Sequence[Claim]) -> tuple[Doubt, ...]:
    """Names that stand with and without indices, and functions with different numbers of arguments: ``p(x, y) = p(x) p(y)``.

    ``z = z_k`` and ``s_k = s^k``; in ``x_1 + 1 = x + 1`` the two are apart.
    """
    sides = [side for claim in claims for side in (claim.left, claim.right)]
    families = {node.base.label for side in sides for node in side.atoms(Indexed)}
    inside = {family.name for family in families}
    powers = {power.base for side in sides for power in side.atoms(Pow) if any(s.is_integer for s in power.exp.free_symbols)}
    alone = {node.name for node in {*sides, *powers} if isinstance(node, Symbol)}
    own = {name for name in inside if not name.endswith(("^{+}", "^{\\dagger}"))}
    alone |= {plain for name in own if (plain := name.partition("^")[0]) != name}
    calls: dict[str, set[int]] = {}
    for side in sides:
        for call in side.atoms(Call):
            calls.setdefault(call.name, set()).add(len(call.arguments))
    several = {name for name, counts in calls.items() if len(counts) > 1}
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_ONE_NAME) for name in sorted(inside & alone | several))


def _no_indices(claims: Sequence[Claim], context: Context) -> tuple[Doubt, ...]:
    """Letters of indices and sizes that stand alone for what is no whole number: ``d = \\exp(c)``."""
    found = {
        str(one)
        for claim in claims
        for one, other in ((claim.left, claim.right), (claim.right, claim.left))
        if isinstance(one, Symbol)
        and one.is_integer
        and not other.is_number
        and other.is_integer is not True
        and not all(s.is_integer for s in other.free_symbols)
        and name_of(one) not in reached(other, context)
    }
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_INDEX) for name in sorted(found))


def _words(claims: Sequence[Claim], context: Context) -> tuple[Doubt, ...]:
    """Words of which the definitions of a slope are made, and a function of which it is, that no equation explains."""
    sides = [side for claim in claims for side in (claim.left, claim.right)]
    if not any(side.has(Partial) for side in sides):
        return ()
    written = {name_of(node) for side in sides for node in side.atoms(Symbol, Indexed, Call)}
    names = {name for side in sides for name in reached(side, context)}
    bare = {
        p.expr.name
        for claim in claims
        for p in claim.left.atoms(Partial)
        if isinstance(p.expr, Call)
        and p == claim.left
        and not claim.right.has(Partial)
        and not any(any(c.orders) for c in claim.right.atoms(Call))
    }
    names = names - written | {name for name in bare if not context.known.names(name)}
    return tuple(
        Doubt(Cause.NAME, name)
        for name in sorted(names)
        if name in bare or (len(name) > 1 and name.isalpha() and name.isascii() and not context.known.names(name))
    )


def _moved(claims: Sequence[Claim], context: Context) -> tuple[Doubt, ...]:
    """Names with a value on which a number rests, where words that are not known may give them another one."""
    found: set[str] = set()
    values = {
        name
        for a in context.assumptions
        if isinstance(a, Fact) and a.relation == "=" and a.right.is_number
        for name in names_in(a)
    } | {name_of(d.head) for d in context.definitions if d.body.is_number}
    for claim in claims:
        if claim.left.is_number or claim.right.is_number:
            found |= values & (reached(claim.left, context) | reached(claim.right, context))
    return tuple(Doubt(Cause.NAME, name) for name in sorted(found))


def _put_in(claims: Sequence[Claim], context: Context) -> tuple[Doubt, ...]:
    """The first name without a value on the left, where decimals are put in for it: a table or a picture may say what it is."""
    found: set[str] = set()
    for claim in claims:
        if not claim.right.is_number:
            continue
        values = {name for a in context.assumptions if isinstance(a, Fact) and a.right.is_number for name in names_in(a)}
        names = {
            name_of(node)
            for node in _leaves(claim.left, context)
            if not context.known.names(name := name_of(node)) and name not in values
        }
        found |= {min(names)} if names else set()
    return tuple(Doubt(Cause.NAME, name) for name in sorted(found))


def _leaves(term: Expr, context: Context) -> set[Expr]:
    """The scalars and members of which a term is made once its definitions are put in."""
    try:
        whole = Unfolder(context)(term)
    except ValueError:
        whole = term
    families = {node.base.label for node in whole.atoms(Indexed)}
    return {s for s in whole.free_symbols - families if isinstance(s, Symbol) and not s.is_integer} | whole.atoms(Indexed)
