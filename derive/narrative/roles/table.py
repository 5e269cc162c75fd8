"""The role of a relation: it names something, assumes something, opens a case, or claims something.

Only the last is judged. The first row of :data:`RULES` that fits decides.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Sum

from derive.narrative.roles.features import Features
from derive.narrative.roles.heads import is_head, name_of_head
from derive.narrative.roles.hypotheses import is_constraint, is_range
from derive.narrative.roles.readings import Reading, Role
from derive.narrative.roles.sides import one_sided
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.terms import Call, Partial


def _reading(role: Role) -> Callable[[Features], Reading]:
    return lambda features: Reading(role)


def _defined(features: Features) -> Reading:
    return features.definition or Reading(Role.CLAIM)


def _doubted(features: Features) -> Reading:
    """A name that gets its first meaning as a conclusion; a derivative is a claim. One that did not occur before is what the
    equation says, as far as anything says it."""
    if isinstance(features.claim.left, Partial):
        return Reading(Role.CLAIM)
    found = features.definition
    first = (
        found is not None
        and features.equation
        and features.lead.closed
        and not features.claim.right.is_number
        and name_of_head(features.claim) not in features.seen
    )
    return Reading(Role.UNCLEAR, found.definition if found is not None and first else None)


Rule = tuple[str, Callable[[Features], bool], Callable[[Features], Reading]]


RULES: tuple[Rule, ...] = (
    ("an order of indices", lambda f: f.ordered and f.lead.takes_up, _reading(Role.CONDITION)),
    ("a condition on indices", lambda f: f.header, lambda f: Reading(Role.HEADER, reason=because(Why.CONDITION_HEADER))),
    (
        "what matrices are let satisfy in all their entries",
        lambda f: f.law and f.lead.effect in ("assume", "let", "given") and not (f.link or f.marked or f.stated),
        _reading(Role.HYPOTHESIS),
    ),
    (
        "what an eigenvector satisfies",
        lambda f: f.eigen and f.lead.effect not in ("mention", "state") and not f.stated,
        _reading(Role.HYPOTHESIS),
    ),
    (
        "what random variables are let satisfy",
        lambda f: (
            f.chance and f.lead.effect in ("assume", "let", "given") and not (is_head(f.claim.left) or f.link or f.stated)
        ),
        _reading(Role.HYPOTHESIS),
    ),
    (
        "a list of values",
        lambda f: bool(f.example),
        lambda f: Reading(Role.DEFINITION, reason=because(Why.MEMBERS_IN_EXAMPLE, name=f.example)),
    ),
    (
        "a list of names",
        lambda f: bool(f.entries),
        lambda f: Reading(Role.DEFINITION, reason=because(Why.DEFINES, name=name_of(f.entries[0].head)), entries=f.entries),
    ),
    ("an update", lambda f: f.update, lambda f: Reading(Role.UPDATE, reason=because(Why.UPDATE, name=name_of_head(f.claim)))),
    (
        "an equation to solve",
        lambda f: f.lead.effect == "equate" and not f.again and bool(f.claim.right.is_number),
        _reading(Role.EQUATION),
    ),
    (
        "what may be an equation to solve, or a claim",
        lambda f: (
            f.lead.effect == "equate"
            and f.lead.direct
            and f.lead.near
            and f.equation
            and not (f.link or f.slope or f.again or f.definition or f.stated)
        ),
        _reading(Role.UNCLEAR),
    ),
    (
        "what words call an equation, of names of which nothing is known",
        lambda f: f.to_solve and "equation" in f.spoken and not f.stated,
        _reading(Role.UNCLEAR),
    ),
    (
        "what an equation to solve gives",
        lambda f: f.lead.effect == "solve" and f.equation and bool(f.claim.right.is_number) and not f.link,
        _reading(Role.UNCLEAR),
    ),
    ("numbers put in for names without values", lambda f: f.figured, _reading(Role.UNCLEAR)),
    ("the derivative of a known quantity", lambda f: f.equation and f.slope, _reading(Role.CLAIM)),
    ("a name with a number, put to something else", lambda f: f.reassigned, _reading(Role.UNCLEAR)),
    (
        "a name with a meaning, in words that are not known and say nothing of it",
        lambda f: (
            f.another
            and not f.lead.closed
            and (
                not f.lead.effect
                or f.lead.effect == "then"
                and not f.lead.near
                or f.lead.effect == "define"
                and f.shown
                or f.lead.effect == "given"
            )
        ),
        _reading(Role.UNCLEAR),
    ),
    (
        "a function that is given anew on a line of its own, with no words",
        lambda f: f.another and not f.compared and isinstance(f.claim.left, Call) and f.shown and not f.lead.effect,
        _reading(Role.UNCLEAR),
    ),
    ("a function that is given anew behind a name for it", lambda f: f.renewed and not f.concluded, _reading(Role.UNCLEAR)),
    (
        "a name in terms of itself, in words that are not known",
        lambda f: f.itself and not f.lead.closed,
        _reading(Role.UNCLEAR),
    ),
    (
        "a range",
        lambda f: f.bounds or f.among and f.equation,
        lambda f: Reading(
            Role.HYPOTHESIS
            if f.restricts
            and f.lead.effect not in ("then", "conclude", "state")
            or f.paired
            and f.lead.effect not in ("conclude", "state")
            else Role.UNCLEAR
        ),
    ),
    (
        "a conclusion about a known quantity",
        lambda f: f.concluded and (f.definition is None or f.again or f.primitives),
        _reading(Role.CLAIM),
    ),
    ("a conclusion that names something", lambda f: f.concluded and f.lead.near and f.lead.effect == "conclude", _doubted),
    (
        "a number for a name with an equation, in words that are not known",
        lambda f: (
            f.number
            and f.restricted
            and not (f.lead.closed or f.lead.near or f.stated)
            and f.lead.effect in ("", "condition", "then")
        ),
        _reading(Role.UNCLEAR),
    ),
    (
        "a condition",
        lambda f: (
            f.lead.effect == "condition"
            and not f.stated
            and not f.link
            and ((f.lead.direct and (not f.lead.apart or is_head(f.claim.left))) or f.restricts)
            and (not f.equation or f.definition is None or bool(f.claim.right.is_number))
        ),
        _reading(Role.CONDITION),
    ),
    (
        "a number that is inferred",
        lambda f: (
            f.number and f.lead.effect == "then" and name_of_head(f.claim) in f.seen and (f.inferred or f.link or f.shown)
        ),
        _reading(Role.CLAIM),
    ),
    (
        "a number that a name has in a case",
        lambda f: f.number and f.lead.effect == "then" and f.lead.under and not f.stated,
        _reading(Role.HYPOTHESIS),
    ),
    (
        "a setting",
        lambda f: (
            f.number
            and not f.stated
            and not f.concluded
            and (f.lead.effect in ("set", "given", "let", "mention") or not f.lead.closed)
        ),
        _reading(Role.SETTING),
    ),
    (
        "a definition that is only talked about",
        lambda f: f.lead.effect == "mention" and f.equation and not f.link and f.definition is not None and not f.again,
        lambda f: Reading(Role.UNCLEAR if f.talked else Role.HYPOTHESIS),
    ),
    (
        "between known quantities",
        lambda f: f.primitives and not (f.lead.effect in ("let", "define", "set") and f.lead.near),
        lambda f: Reading(Role.HYPOTHESIS if f.lead.takes_up else Role.CLAIM),
    ),
    (
        "a postulate",
        lambda f: (
            f.equation
            and f.lead.effect == "assume"
            and is_constraint(f.claim, f.context, f.seen)
            and not (f.stated or f.spelled)
        ),
        _reading(Role.HYPOTHESIS),
    ),
    (
        "a value that is assumed",
        lambda f: f.equation and f.lead.effect == "assume" and f.valued and not f.stated and not f.link,
        _reading(Role.HYPOTHESIS),
    ),
    (
        "an exchange of indices that no words assume",
        lambda f: f.exchanged and not f.lead.takes_up,
        lambda f: Reading(Role.CLAIM if f.concluded or f.lead.effect == "then" else Role.UNCLEAR),
    ),
    (
        "two names that words about them equate",
        lambda f: (
            f.renaming
            and not (f.stated or f.marked or f.link)
            and not (f.lead.closed and (f.lead.effect in ("let", "define", "set", "given", "")))
        ),
        _reading(Role.HYPOTHESIS),
    ),
    ("a definition", lambda f: f.equation and f.definition is not None, _defined),
    ("a result", lambda f: f.concluded or f.lead.effect == "then", _reading(Role.CLAIM)),
    (
        "a reason that ties nothing, in words that are not known",
        lambda f: (
            f.equation
            and f.lead.effect == "reason"
            and not f.lead.closed
            and not f.restricts
            and not one_sided(f.claim, f.context)
        ),
        _reading(Role.UNCLEAR),
    ),
    (
        "a sum that is put forward in words that may deny it",
        lambda f: f.lead.effect == "mention" and f.shown and f.equation and isinstance(f.claim.left, Sum),
        _reading(Role.UNCLEAR),
    ),
    ("what is assumed already, in other letters", lambda f: f.restricts and f.repeated, _reading(Role.CLAIM)),
    (
        "a sum of entries that words tie already",
        lambda f: f.restricts and f.told and not f.lead.takes_up,
        _reading(Role.UNCLEAR),
    ),
    (
        "what stands beside a hypothesis",
        lambda f: (
            f.beside and f.constraint and f.lead.closed and f.lead.effect in ("given", "let") and not (f.link or f.stated)
        ),
        _reading(Role.HYPOTHESIS),
    ),
    (
        "a hypothesis",
        lambda f: f.restricts or (f.constraint and f.lead.effect in ("assume", "reason") and not f.link),
        _reading(Role.HYPOTHESIS),
    ),
    (
        "the other end of a range that is assumed",
        lambda f: f.bounded and not f.equation and is_range(f.claim),
        _reading(Role.HYPOTHESIS),
    ),
    ("what names are let satisfy", lambda f: f.constraint and f.lead.effect == "let" and not f.link, _reading(Role.HYPOTHESIS)),
    (
        "what names satisfy that an if speaks of",
        lambda f: f.constraint and f.lead.effect == "given" and f.lead.under and f.lead.near and not (f.link or f.stated),
        _reading(Role.CONDITION),
    ),
    (
        "an inequality with which a sentence begins",
        lambda f: (
            f.lead.effect == "given"
            and f.lead.opens
            and f.lead.direct
            and f.lead.closed
            and f.claim.relation not in ("=", "!=")
            and not (f.link or f.stated)
        ),
        lambda f: Reading(Role.UNCLEAR if f.ends else Role.CONDITION),  # here x^2 <= x, and nothing else
    ),
    ("what the words may deny", lambda f: f.lead.effect == "mention" and not f.link and not f.slope, _reading(Role.UNCLEAR)),
    ("a name in terms of itself", lambda f: f.itself and not f.lead.effect, _reading(Role.UNCLEAR)),
    ("an equation of which nothing is said", lambda f: f.to_solve, _reading(Role.UNCLEAR)),
    ("a claim", lambda f: True, _reading(Role.CLAIM)),
)
"""The first row that fits decides."""


def role_of(features: Features) -> Reading:
    """The role of a relation: that of the first of :data:`RULES` that fits."""
    return next(make(features) for _, fits, make in RULES if fits(features))
