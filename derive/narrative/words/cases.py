"""Conditions on two indices in the words around formulas: ``If $i = j$, …``, ``② 如果 i ≠ j``, ``… for $i \\ne j$``.

A sentence that begins with such a condition opens a case, and so does a condition inside it that follows a comma, an
*and* or a *while*; what is said right after a formula belongs to that formula alone. What is not plainly one of these
opens nothing, and where it contradicts the case that is open, it closes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derive.narrative.words.tables import GAP
from derive.terms.relations import RelationKey

_INDEX = r"(?<![a-zA-Z\\_^+\-*/])\$?([a-zA-Z])"
_RELATION = r"(=|≠|!=|\\neq?(?![a-zA-Z])|\\not\s*=)"
_NO_MORE = (
    r"(?![a-zA-Z0-9_^({])(?!\s*[-+*/^_=<>≠])(?!\s*\$?\s*(?:\\cdot|\\times|\\neq?\b))"
    r"(?!\s*\$?\s*,?\s*(?:\\[lc]?dots|\.\.|…|to\b|through\b|,?\s*\d+\s*,))"
)
"""A value ends here: nothing is added to it, and no list ``1, 2, …, n`` or range ``1 to n`` goes on."""
_VALUE = rf"([a-zA-Z]|\d+){_NO_MORE}"
_CONDITION = rf"\(?\s*{_INDEX}\s*{_RELATION}\s*{_VALUE}"
_ENGLISH = r"if|when|whenever|for|case|suppose(?: that)?|assume(?: that)?|consider|let|in the case(?: that| where| of)?"
_CHINESE = r"若|如果|当|當|假如|對於|对于|情况|情況"
_CASE_WORD = rf"(?:{_ENGLISH}|{_CHINESE})"
_ENUMERATOR = (
    r"[\s\-*•·>#]|[①-⑳]|\(?(?:\d+|[ivx]+|[a-z])[.):、]|case\s+\d+\s*[:.]?|第.{1,2}[类類种種]\s*[::]?|"
    r"(?:end\{)?[a-z]{2,12}\*?\}(?:\[[^\]]*\])?"  # the name of an environment that begins or ends here
)
_LEADING_WORD = r"and|now|otherwise,?|then|finally,?|next,?|first,?|second,?"
_NUMBERING = rf"(?:{_ENUMERATOR}|{_LEADING_WORD})*"
_JOINT = r"(?:[,;,;、。:]|\b(?:and|but|while|whereas)\b|而|且|但)\s*"
_AFTERWARDS = r"if|when|whenever|for|where|provided|as long as|若|如果|当|當"

_BARE = re.compile(rf"^{_NUMBERING}\s*{_CASE_WORD}?\s*[::]?\s*{_CONDITION}", re.IGNORECASE)
_NAMED = re.compile(rf"^{_NUMBERING}\s*{_CASE_WORD}\s*[::]?\s*{_CONDITION}", re.IGNORECASE)
_ANY = re.compile(_CONDITION, re.IGNORECASE)
_JOINED = re.compile(rf"{_JOINT}(?:then\s+)?{_CASE_WORD}\s*[::]?\s*$", re.IGNORECASE)
_TRAILING = re.compile(rf"^\s*[,,]?\s*(?:\(\s*)?(?:{_AFTERWARDS})\s*(?:that\s*)?{_CONDITION}", re.IGNORECASE)
_CONTRAST = re.compile(
    r"\b(?:whereas|others?|otherwise|else|elsewhere|off(?:-| the )diagonal|different|differ|distinct|unequal|remaining|rest|"
    r"not equal|coincide|the same|equal indices)\b|其他|其它|其余|否则|否則|不同|不等|相同|相等",
    re.IGNORECASE,
)
"""Words that leave a case without naming the other one."""
_BEGINS = re.compile(r"^\s*[A-Z]")
"""A capital begins a sentence, also where the formula before it has no full stop."""
_ALTERNATIVE = re.compile(r"otherwise|\belse\b|否则|否則|其他|and 0|and zero", re.IGNORECASE)
_EITHER = re.compile(r"^\s*\)?\s*\$?\s*,?\s*(?:or\b|或|\\vee|\\lor)", re.IGNORECASE)
_DENIED = re.compile(
    r"^[\s)$]*(?:that\s+)?(?:(?:is|are|was|were|be|being)(?:n[’']t| not)?\s+(?:\w+\s+)?"
    r"(?:excluded|false|untrue|wrong|impossible|ruled out|forbidden|violated|not|never|true|allowed|assumed)\b|"
    r"(?:is|are|was|were|does|do|did|need|must|can)(?:n[’']t|\s+not)\b|fails?\b|cannot\b|不)",
    re.IGNORECASE,
)
_AS_WELL = re.compile(rf"^\s*\)?\s*,?\s*(?:and|as well as|和|与|與|以及|,)\s*(?:{_CASE_WORD}\s*)?{_CONDITION}", re.IGNORECASE)


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
    found = _NAMED.match(sentence) or _nothing_else(sentence)
    if found is None or _ALTERNATIVE.search(sentence[found.end() :]):
        return None
    case = _case(found)
    return None if _spoiled(sentence[found.end() :], case) else case


def _nothing_else(sentence: str) -> re.Match[str] | None:
    """A heading or an item that is nothing but the condition."""
    found = _BARE.match(sentence)
    return found if found and not re.search(rf"[\w{GAP}]", sentence[found.end() :]) else None


def _spoiled(after: str, case: IndexCase) -> bool:
    """Whether the condition goes on as *this or that*, is denied, or names both cases in one breath."""
    if _EITHER.match(after) or _DENIED.match(after):
        return True
    second = _AS_WELL.match(after)
    if second is None:
        return False
    rest = after[second.end() :]
    return case.contradicts(_case(second)) and not re.match(r"\s*\$?\s*[时時,,]", rest)


def trailing_case(after: str, opened: bool = False) -> IndexCase | None:
    """The case that the words right after a formula restrict it to.

    In a sentence that began with a case (`opened`) a condition behind a comma opens the next one if a formula follows.

    >>> trailing_case(" for  i = j , and so on")
    IndexCase(left='i', relation='=', right='j')
    """
    found = _TRAILING.match(after)
    if found is None or _EITHER.match(after[found.end() :]) or _BEGINS.match(after):
        return None
    if opened and re.match(r"^\s*[,,]", after) and _formula_follows(after[found.end() :]):
        return None
    return _case(found)


def _formula_follows(rest: str) -> bool:
    """Whether a formula comes before the next condition."""
    gap, condition = rest.find(GAP), _ANY.search(rest)
    return gap >= 0 and (condition is None or gap < condition.start())


def cases_in(sentence: str, case: IndexCase | None) -> list[tuple[int, IndexCase | None]]:
    """The case from each place of the sentence on, the first from 0; `case` is open before it."""
    opened = opening_case(sentence.lstrip())
    result = [(0, opened or case)]
    begin = opened.span[1] + len(sentence) - len(sentence.lstrip()) if opened else 0
    for found in _ANY.finditer(sentence, begin):
        before, rest = sentence[max(0, found.start() - _NEAR) : found.start()], sentence[found.end() : found.end() + _FAR]
        current, one = result[-1][1], _case(found)
        word = _JOINED.search(before)
        if word is not None and not _belongs_to_formula(before, word, rest, opened is not None):
            result.append((found.end(), None if _EITHER.match(rest) else one))
        elif current is not None and current.contradicts(one) and not _said_of_formula(before):
            result.append((found.end(), None))
    shown = sentence.find(GAP, begin)
    left = next((found.start() for found in _CONTRAST.finditer(sentence, shown)), -1) if opened and shown >= 0 else -1
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
    found = re.search(rf"{GAP}(\s*[,,]?\s*\(?\s*(?:{_AFTERWARDS})\s*(?:that\s*)?)$", before, re.IGNORECASE)
    return found is not None and _BEGINS.match(found[1]) is None


def _case(found: re.Match[str]) -> IndexCase:
    last = found.re.groups
    left, relation, right = found.group(last - 2, last - 1, last)
    return IndexCase(left, "=" if relation == "=" else "!=", right, (found.start(last - 2), found.end(last)))
