"""Certificates as files: what is claimed, the proofs, and Coq's verdict on both."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from derive.certify.coq.coqc import Compiled, compile_file, require
from derive.certify.issued import Certificate, Outcome
from derive.certify.script.begun import script_for
from derive.certify.script.forms.errors import NoProof, Rescaled
from derive.certify.script.proof import write_proof
from derive.certify.statement.facts import StatementWriter
from derive.certify.statement.stating import Stated
from derive.certify.statement.writer import OutsideFragment

LIBRARY = ("Vocabulary.v", "Laws.v")
Progress = Callable[[int, int, str], None]
RESCALINGS = 8
PER_FILE = 25
SECONDS_PER_FILE = 300.0
SECONDS_PER_SENTENCE = 30
# The axioms of the classical real numbers, as Coq's standard library states them.
AXIOMS = {
    "ClassicalDedekindReals.sig_not_dec": "forall P : Prop, {~ ~ P} + {~ P}",
    "ClassicalDedekindReals.sig_forall_dec": "forall P : nat -> Prop, (forall n : nat, {P n} + {~ P n}) -> "
    "{n : nat | ~ P n} + {forall n : nat, P n}",
    "FunctionalExtensionality.functional_extensionality_dep": "forall (A : Type) (B : A -> Type) (f g : forall x : A, B x), "
    "(forall x : A, f x = g x) -> f = g",
    "Classical_Prop.classic": "forall P : Prop, P \\/ ~ P",
}
HEADER = """From Coq Require Import Reals ZArith Lra Lia.
From Coquelicot Require Import Coquelicot.
Require Import Vocabulary{more}.
Open Scope R_scope.
"""


def library(name: str) -> str:
    """A file of the Coq library that comes with the program."""
    return files("derive.certify").joinpath("coq", name).read_text(encoding="utf-8")


def specification(name: str, stated: Stated, comment: str = "") -> str:
    """The module of ``Spec.v`` for a statement."""
    writer = StatementWriter(stated.names)
    statement = stated.statement
    lines = [f"Module {name}."]
    if comment:
        lines.append(f"(* {harmless(comment)} *)")
    lines += [writer.definition(definition) for definition in statement.definitions]
    lines.append(f"Definition statement : Prop :=\n  {writer.statement(statement)}.")
    lines.append(f"Definition example : Prop :=\n  {writer.example(statement)}.")
    lines.append(f"End {name}.")
    return "\n".join(lines) + "\n"


def harmless(comment: str) -> str:
    """A comment in which nothing ends it: no asterisk, no quote, no control character.

    >>> harmless('a *) Axiom b : False. (* " ')
    'a ) Axiom b : False. ('
    """
    return " ".join(re.sub(r'[*"]', "", re.sub(r"[^\x20-\x7e]", "?", comment)).split())


def proof_lines(stated: Stated, write: object = write_proof) -> list[str]:
    """The lines of the proof of a statement.

    Raises:
        NoProof, OutsideFragment: if none is found.
    """
    scale = 1
    for _ in range(RESCALINGS):
        script = script_for(stated, scale)
        try:
            write(stated.statement, script)  # type: ignore[operator]
        except Rescaled:
            scale = script.normal.scale
            continue
        return script.lines
    raise NoProof("exponents with too many denominators")


def module(name: str, proofs: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The module of ``Cert.v`` with the theorems and their scripts."""
    parts = [f"Module {name}.", f"Import Spec.{name}."]
    for theorem, lines in proofs:
        parts += [f"Theorem {theorem} : Spec.{name}.{theorem}.", "Proof.", f"  unfold Spec.{name}.{theorem}.", *lines, "Qed."]
    return "\n".join([*parts, f"End {name}."]) + "\n"


def spec_file(certificates: Sequence[Certificate]) -> str:
    """``Spec.v``."""
    return HEADER.format(more="") + "\n" + "\n".join(c.specification for c in certificates)


def cert_file(certificates: Sequence[Certificate]) -> str:
    """``Cert.v``."""
    head = HEADER.format(more=" Laws") + f"Require Spec.\nSet Default Timeout {SECONDS_PER_SENTENCE}.\n"
    return head + "\n" + "\n".join(c.proof for c in certificates)


def check_file(certificates: Sequence[Certificate]) -> str:
    """``Check.v``: that the theorems prove the statements, and on which axioms they rest, all of them together."""
    lines = ["Require Spec Cert."]
    names = []
    for c in certificates:
        for part in ("statement", "example"):
            names.append(f"{c.name}_{part}")
            lines.append(f"Definition {names[-1]} : Spec.{c.name}.{part} := Cert.{c.name}.{part}.")
    lines.append(f"Definition everything := {''.join(f'conj {name} (' for name in names)}I{')' * len(names)}.")
    lines.append("Print Assumptions everything.")
    return "\n".join(lines) + "\n"


def standalone(certificates: Sequence[Certificate]) -> str:
    """All in one file, which Coq reads without any other: the library, the statements, the proofs, the check."""
    parts = [
        "From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality.\nFrom Coquelicot Require Import Coquelicot.\n"
    ]
    for name in LIBRARY:
        stem = name.removesuffix(".v")
        parts.append(f"Module {stem}.\n{_without_requirements(library(name))}End {stem}.\nImport {stem}.\n")
    parts.append("Open Scope R_scope.\n")
    parts.append("Module Spec.\n" + "\n".join(c.specification for c in certificates) + "End Spec.\n")
    parts.append("Module Cert.\n" + "\n".join(c.proof for c in certificates) + "End Cert.\n")
    parts.append(_without_requirements(check_file(certificates)))
    return "\n".join(parts)


def _without_requirements(text: str) -> str:
    return "".join(f"{line}\n" for line in text.splitlines() if not line.startswith(("From ", "Require ")))


def verify(
    certificates: Sequence[Certificate], per_file: int = PER_FILE, progress: Progress | None = None
) -> dict[str, Outcome]:
    """What Coq says of each certificate; `per_file` of them are compiled together.

    `progress` is told how many of how many are done, and what Coq is at.

    Raises:
        NoCoq: where Coq is not installed.
    """
    require()
    outcomes: dict[str, Outcome] = {}

    def begun(done: int, what: str) -> None:
        if progress is not None:
            progress(len(outcomes) + done, len(certificates), f"Coq: {what}")

    with tempfile.TemporaryDirectory(prefix="certificates-") as folder:
        place = Path(folder)
        for name in LIBRARY:
            begun(0, name)
            (place / name).write_text(library(name), encoding="utf-8")
            built = compile_file(place, name)
            if not built.ok:
                return {c.name: Outcome(False, f"the library does not compile: {_first(built)}") for c in certificates}
        waiting = [list(certificates[start : start + per_file]) for start in range(0, len(certificates), per_file)]
        while waiting:
            group = waiting.pop(0)
            if group:
                waiting[:0] = _verify_group(place, group, outcomes, begun)
    return outcomes


def _verify_group(
    place: Path, group: list[Certificate], outcomes: dict[str, Outcome], begun: Callable[[int, str], None]
) -> list[list[Certificate]]:
    """Settles a group of certificates, or one of them; the groups that are still to be settled.

    `begun` is told each proof that Coq begins, with its position in the group.
    """
    positions = {certificate.name: position for position, certificate in enumerate(group)}

    def hear(line: str) -> None:
        found = _MODULE.search(line)
        if found is not None and found[1] in positions:
            begun(positions[found[1]], found[1])

    for stage, text in (("Spec.v", spec_file(group)), ("Cert.v", cert_file(group)), ("Check.v", check_file(group))):
        (place / stage).write_text(text, encoding="utf-8")
        built = compile_file(place, stage, SECONDS_PER_FILE, hear=hear if stage == "Cert.v" else None)
        if built.ok:
            continue
        position = 0 if len(group) == 1 else _culprit(text, built, group)
        if position is None:
            return [[certificate] for certificate in group]
        outcomes[group[position].name] = Outcome(False, f"{_STAGES[stage]}: {_first(built)}")
        return [group[:position], group[position + 1 :]]
    foreign = assumptions(built.output)
    if foreign and len(group) > 1:
        return [[certificate] for certificate in group]
    for certificate in group:
        outcomes[certificate.name] = Outcome(not foreign, f"it rests on {', '.join(foreign)}" if foreign else "")
    return []


_STAGES = {
    "Spec.v": "the statement is not well formed",
    "Cert.v": "Coq rejects the proof",
    "Check.v": "the proof is of another statement",
}
_MODULE = re.compile(r"\[Module~(\w+)\.\]")  # as Coq writes a sentence that it has read
_LINE = re.compile(r'File "[^"]*", line (\d+), characters')


def _culprit(text: str, built: Compiled, group: Sequence[Certificate]) -> int | None:
    """Which certificate of a file Coq stumbled over, by the line of its message."""
    found = _LINE.findall(built.errors)
    if not found:
        return None
    lines = text.split("\n")[: int(found[-1])]
    position = None
    for number, certificate in enumerate(group):
        if any(line == f"Module {certificate.name}." or line.startswith(f"Definition {certificate.name}_") for line in lines):
            position = number
    return position


def _first(built: Compiled) -> str:
    """The message of an error on one line."""
    lines = [line for line in built.errors.splitlines() if line.strip() and not _LINE.match(line)]
    return " ".join(" ".join(lines).split())[:200] or "no message"


def assumptions(output: str) -> list[str]:
    """What a report of ``Print Assumptions`` names besides the axioms of the classical real numbers.

    >>> assumptions("Closed under the global context\\n"), assumptions("Axioms:\\nfoo : False\\n"), assumptions("")
    ([], ['foo'], ['no report'])
    """
    text = output.strip()
    if text == "Closed under the global context":
        return []
    if not text.startswith("Axioms:"):
        return [" ".join(text.split())[:80] or "no report"]
    return list(_foreign(text.removeprefix("Axioms:")))


def _foreign(block: str) -> list[str]:
    """The entries ``name : type`` of a report that are not among the axioms, type included."""
    entries: list[str] = []
    for line in block.splitlines():
        if line[:1].strip():
            entries.append(line)
        elif line.strip() and entries:
            entries[-1] += " " + line
    found = []
    for entry in entries:
        name, _, kind = (" ".join(entry.split())).partition(" : ")
        if AXIOMS.get(name) != kind:
            found.append(name)
    return found


__all__ = [
    "Certificate",
    "NoProof",
    "Outcome",
    "OutsideFragment",
    "assumptions",
    "cert_file",
    "check_file",
    "harmless",
    "library",
    "module",
    "proof_lines",
    "spec_file",
    "specification",
    "verify",
]
