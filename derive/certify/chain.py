"""A theorem put together from the theorems of its steps by transitivity."""

from __future__ import annotations

from collections.abc import Sequence

from derive.certify.certificate import module, proof_lines, specification
from derive.certify.example import example_point, write_example
from derive.certify.issue import scaled
from derive.certify.issued import Certificate
from derive.certify.script.begun import script_for
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.facts import Facts
from derive.certify.script.premises import named, ranges_of, signs_of
from derive.certify.script.premises import stated as premises_stated
from derive.certify.script.proof import has_index_equation
from derive.certify.script.protocols import Place
from derive.certify.script.scripts import Script
from derive.certify.statement.facts import Statement
from derive.certify.statement.stating import Stated
from derive.terms.context import Assumption, Claim, Context, Obligation

Conditions = tuple[Assumption | Obligation, ...]


def chained(
    name: str,
    whole: Claim,
    context: Context,
    conditions: Conditions,
    steps: Sequence[tuple[str, Claim, Conditions]],
    comment: str = "",
) -> Certificate:
    """The certificate of `whole` from those of its `steps`, ``(name, claim, conditions)``, whose theorems are known to Coq.

    Without steps (where cases were put together) the whole is proved directly.

    Raises:
        NoProof, OutsideFragment: where there is none.
    """
    goal = scaled(whole, context, conditions)
    point = example_point(whole, context, conditions)
    script = script_for(goal)
    write_example(goal, point, script)
    parts = [(each, scaled(claim, context, given)) for each, claim, given in steps]
    covered = all(set(part.keys) <= set(goal.keys) for _, part in parts)
    glued = bool(parts) and covered and not has_index_equation(goal.statement)

    def write(statement: Statement, writing: Script) -> None:
        _glued(goal, parts, writing)

    lines = proof_lines(goal, write) if glued else proof_lines(goal)
    proofs = [("statement", lines), ("example", script.lines)]
    return Certificate(name, specification(name, goal, comment), module(name, proofs))


def _glued(goal: Stated, parts: list[tuple[str, Stated]], script: Script) -> None:
    """Domain facts as always; the equation from those of the steps."""
    statement = goal.statement
    pairs = named(statement.premises)
    names = dict(zip(goal.keys, (name for name, _ in statement.variables), strict=True))
    introduced = [*names.values(), *(name for name, _ in pairs)]
    if introduced:
        script.line(f"intros {' '.join(introduced)}.")
    premises = list(statement.premises)
    facts = signs_of(premises, ranges_of(premises, Facts()), script)
    place = premises_stated(pairs, Place(facts), script)
    for condition in statement.goals[:-1]:
        script.line(f"split; [exact {script.assure(condition, place)} |].")
    equations = []
    for name, part in parts:
        values = " ".join(names[key] for key in part.keys)
        proof = script.label("T")
        script.line(f"assert ({proof} := {name}.statement{' ' + values if values else ''}).")
        for _ in part.statement.premises:
            script.line(f"specialize ({proof} ltac:(first [lia | assumption | known | positive | nonzero])).")
        pattern = " & ".join(["_"] * (len(part.statement.goals) - 1) + [f"{proof}_e"])
        script.line(f"destruct {proof} as ({pattern})." if len(part.statement.goals) > 1 else f"assert ({proof}_e := {proof}).")
        equations.append(f"{proof}_e")
    if not equations:
        raise NoProof("a chain without a link")
    text = equations[-1]
    for equation in reversed(equations[:-1]):
        text = f"(eq_trans {equation} {text})"
    script.line(f"exact {text}.")
