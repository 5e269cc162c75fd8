"""Conditions on two indices in the words around formulas: ``If $i = j$, …``, ``② 如果 i ≠ j``, ``… for $i \\ne j$``.

A sentence that begins with such a condition opens a case, and so does a condition inside it that follows a comma, an
*and* or a *while*; what is said right after a formula belongs to that formula alone. What is not plainly one of these
opens nothing, and where it contradicts the case that is open, it closes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derive.narrative.words.tables import GAP, wording
from derive.terms.relations import RelationKey

_INDEX = r"(?<![a-zA-Z\\_^+\-*/])\$?([a-zA-Z])"
_RELATION = r"(=|≠|!=|\\neq?(?![a-zA-Z])|\\not\s*=)"
_NO_MORE = (
    r"(?![a-zA-Z0-9_^({])(?!\s*[-+*/^_=<>≠])(?!\s*\$?\s*(?:\\cdot|\\times|\\neq?\b))"
    r"(?!\s*\$?\s*,?\s*(?:\\[lc]?dots|\.\.|…|<goes-on\b>|,?\s*\d+\s*,))"
)
"""A value ends here: nothing is added to it, and no list ``1, 2, …, n`` or range ``1 to n`` goes on."""
_VALUE = rf"([a-zA-Z]|\d+){_NO_MORE}"
_CONDITION = rf"\(?\s*{_INDEX}\s*{_RELATION}\s*{_VALUE}"
_ENUMERATOR = (
    r"[\s\-*•·>#]|[①-⑳]|\(?(?:\d+|[ivx]+|[a-z])[.):、]|<numbered>\s+\d+\s*[:.]?|<ordinal>.{1,2}<kind>\s*[::]?|"
    r"(?:end\{)?[a-z]{2,12}\*?\}(?:\[[^\]]*\])?"  # the name of an environment that begins or ends here
)
_NUMBERING = rf"(?:{_ENUMERATOR}|<before-case>)*"
_AFTERWARDS = r"<restricts>\s*(?:<that>\s*)?"

_BARE = rf"^{_NUMBERING}\s*<opens-case>?\s*[::]?\s*{_CONDITION}"
_NAMED = rf"^{_NUMBERING}\s*<opens-case>\s*[::]?\s*{_CONDITION}"
_JOINED = r"(?:[,;,;、。:]|<joins\b>)\s*(?:<then>\s+)?<opens-case>\s*[::]?\s*$"
_TRAILING = rf"^\s*[,,]?\s*(?:\(\s*)?{_AFTERWARDS}{_CONDITION}"
_FOR_FORMULA = rf"{GAP}(\s*[,,]?\s*\(?\s*{_AFTERWARDS})$"
_CONTRAST = r"<contrasts\b>"
"""Words that leave a case without naming the other one."""
_BEGINS = re.compile(r"^\s*[A-Z]")
"""A capital begins a sentence, also where the formula before it has no full stop."""
_ALTERNATIVE = r"<alternative>|<alternative-word\b>"
_EITHER = r"^\s*\)?\s*\$?\s*,?\s*(?:<either\b>|\\vee|\\lor)"
_DENIED = (
    r"^[\s)$]*(?:<that>\s+)?(?:<copula>(?:<contracted>| <negation>)?\s+(?:\w+\s+)?<denied-as\b>|"
    r"<auxiliary>(?:<contracted>|\s+<negation>)\b|<denies\b>)"
)
_AS_WELL = rf"^\s*\)?\s*,?\s*(?:<as-well>|,)\s*(?:<opens-case>\s*)?{_CONDITION}"
_OR_SO = r"\s*\$?\s*(?:<when>|[,,])"


_NEAR, _FAR = 60, 400
"""How far words reach that say what a condition is for, and how far a formula that it is for."""


@dataclass(frozen=True)
class IndexCase:
    """``left relation right`` between an index and an index or a number; the relation is ``=`` or ``!=``.

    `span` is where it stands in the words it was read from.
    """

    left: str
    relation: RelationKey
    right: str
    span: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)

    def contradicts(self, other: IndexCase) -> bool:
        """Whether the two are about the same indices and differ in what they say."""
        return {self.left, self.right} == {other.left, other.right} and self.relation != other.relation


def opening_case(sentence: str) -> IndexCase | None:
    """The case that a sentence opens.

    >>> opening_case(r"If $i \\ne j$, the numerator is constant.".replace("$", " "))
    IndexCase(left='i', relation='!=', right='j')
    >>> opening_case("where the delta is 1 if i = j and 0 otherwise") is None
    True
    >>> opening_case("If i = j or k = l, it is 0.") is None
    True
    """
    found = _said(_NAMED).match(sentence) or _nothing_else(sentence)
    if found is None or _said(_ALTERNATIVE).search(sentence[found.end() :]):
        return None
    case = _case(found)
    return None if _spoiled(sentence[found.end() :], case) else case


def _nothing_else(sentence: str) -> re.Match[str] | None:
    """A heading or an item that is nothing but the condition."""
    found = _said(_BARE).match(sentence)
    return found if found and not re.search(rf"[\w{GAP}]", sentence[found.end() :]) else None


def _spoiled(after: str, case: IndexCase) -> bool:
    """Whether the condition goes on as *this or that*, is denied, or names both cases in one breath."""
    if _said(_EITHER).match(after) or _said(_DENIED).match(after):
        return True
    second = _said(_AS_WELL).match(after)
    if second is None:
        return False
    rest = after[second.end() :]
    return case.contradicts(_case(second)) and not _said(_OR_SO).match(rest)


def trailing_case(after: str, opened: bool = False) -> IndexCase | None:
    """The case that the words right after a formula restrict it to.

    In a sentence that began with a case (`opened`) a condition behind a comma opens the next one if a formula follows.

    >>> trailing_case(" for  i = j , and so on")
    IndexCase(left='i', relation='=', right='j')
    """
    found = _said(_TRAILING).match(after)
    if found is None or _said(_EITHER).match(after[found.end() :]) or _BEGINS.match(after):
        return None
    if opened and re.match(r"^\s*[,,]", after) and _formula_follows(after[found.end() :]):
        return None
    return _case(found)


def _formula_follows(rest: str) -> bool:
    """Whether a formula comes before the next condition."""
    gap, condition = rest.find(GAP), _said(_CONDITION).search(rest)
    return gap >= 0 and (condition is None or gap < condition.start())


def cases_in(sentence: str, case: IndexCase | None) -> list[tuple[int, IndexCase | None]]:
    """The case from each place of the sentence on, the first from 0; `case` is open before it."""
    opened = opening_case(sentence.lstrip())
    result = [(0, opened or case)]
    begin = opened.span[1] + len(sentence) - len(sentence.lstrip()) if opened else 0
    for found in _said(_CONDITION).finditer(sentence, begin):
        before, rest = sentence[max(0, found.start() - _NEAR) : found.start()], sentence[found.end() : found.end() + _FAR]
        current, one = result[-1][1], _case(found)
        word = _said(_JOINED).search(before)
        if word is not None and not _belongs_to_formula(before, word, rest, opened is not None):
            result.append((found.end(), None if _said(_EITHER).match(rest) else one))
        elif current is not None and current.contradicts(one) and not _said_of_formula(before):
            result.append((found.end(), None))
    shown = sentence.find(GAP, begin)
    left = next((found.start() for found in _said(_CONTRAST).finditer(sentence, shown)), -1) if opened and shown >= 0 else -1
    if left >= 0:
        result = sorted([*result, (left, None)], key=lambda change: change[0])
    return result


def _belongs_to_formula(before: str, word: re.Match[str], rest: str, opened: bool) -> bool:
    """Whether the condition is said of the formula right before it."""
    lead = before[: word.start()].rstrip()
    if not lead.endswith(GAP) or not re.match(r"[,,]", word.group()):
        return False
    return not (opened and _formula_follows(rest))


def _said_of_formula(before: str) -> bool:
    found = _said(_FOR_FORMULA).search(before)
    return found is not None and _BEGINS.match(found[1]) is None


def _said(pattern: str) -> re.Pattern[str]:
    return wording(pattern, re.IGNORECASE)


def _case(found: re.Match[str]) -> IndexCase:
    last = found.re.groups
    left, relation, right = found.group(last - 2, last - 1, last)
    return IndexCase(left, "=" if relation == "=" else "!=", right, (found.start(last - 2), found.end(last)))
