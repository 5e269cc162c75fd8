"""A script begun for a statement, and what such a script can find out before anything is written."""

from __future__ import annotations

from typing import Any

from derive.certify.script.domain import holds
from derive.certify.script.forms.normal import Normal
from derive.certify.script.proof import facts_of
from derive.certify.script.scripts import Script
from derive.certify.statement.facts import Conditions, StatementWriter
from derive.certify.statement.stating import Follows, Stated


def script_for(stated: Stated, scale: int = 1) -> Script:
    """A script to prove a statement with; `scale` is the least common denominator of exponents."""
    writer = StatementWriter(stated.names)
    normal = Normal(writer, Conditions(stated.definitions), stated.definitions, scale)
    return Script(normal, writer)


def follows(scale: int = 1) -> Follows:
    """Whether a domain fact is one that a script proves from premises."""
    begun: list[tuple[Stated, Script]] = []

    def decided(stated: Stated, premises: tuple[Any, ...], fact: Any) -> bool:
        if not begun or begun[0][0] is not stated:
            begun[:] = [(stated, script_for(stated, scale))]
        script = begun[0][1]
        return holds(script.normal, fact, facts_of(premises, script))

    return decided
