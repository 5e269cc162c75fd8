r"""Primes behind a name: ``'``, ``''``, ``^\prime``."""

from __future__ import annotations

from derive.latex.grammar.cursor import Cursor


def prime_superscript(parser: Cursor) -> int:
    r"""How many primes ``^{\prime\prime}`` or ``^\prime`` writes here, 0 if none."""
    if parser.peek().kind != "sup":
        return 0
    if parser.peek(1).text == "\\prime":
        return 1
    count = 0
    if parser.peek(1).kind != "lbrace":
        return 0
    while parser.peek(2 + count).text == "\\prime" or parser.peek(2 + count).kind == "prime":
        count += 1
    return count if count and parser.peek(2 + count).kind == "rbrace" else 0


def primes(parser: Cursor) -> int:
    r"""Takes the primes here and counts them: ``'``, ``''``, ``^\prime``."""
    order = 0
    while True:
        if parser.peek().kind == "prime":
            parser.take()
            order += 1
        elif count := prime_superscript(parser):
            parser.at += 2 if parser.peek(1).text == "\\prime" else count + 3
            order += count
        else:
            return order
