"""The few things that are read from the words around formulas, and only where they are unmistakable.

* a sentence that begins with a condition on two indices (``If $i = j$, …``, ``② 如果 i ≠ j``) opens a case; what is
  said right after a formula (``… for $i \\ne j$``) belongs to that formula alone;
* a word such as *assume*, *where*, *because* before a hypothesis says that it may be used;
* ``y is one-hot``.

A case lasts for its sentence, for sentences that only go on (``so``, ``hence``, 因此), and for the displayed formulas
that follow, until words begin something new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_INDEX = r"([a-zA-Z])"
_RELATION = r"(=|≠|!=|\\neq?(?![a-zA-Z])|\\not\s*=)"
_VALUE = r"([a-zA-Z]|\d+)(?![a-zA-Z0-9_^(])"
_CONDITION = rf"\(?\s*{_INDEX}\s*{_RELATION}\s*{_VALUE}"
_CASE_WORD = r"(?:if|when|whenever|for|case|suppose|let|in the case(?: that| where| of)?|若|如果|当|當|假如|對於|对于|情况|情況)"
_NUMBERING = r"(?:[\s\-*•·>#]|[①-⑳]|\(?(?:\d+|[ivx]+|[a-z])[.):、]|case\s+\d+\s*[:.]?|第.{1,2}[类類种種]\s*[::]?|and|now|otherwise,?|then|finally,?|next,?|first,?|second,?)*"
CASE = re.compile(rf"^{_NUMBERING}\s*{_CASE_WORD}?\s*[::]?\s*{_CONDITION}", re.IGNORECASE)
_NAMED = re.compile(rf"^{_NUMBERING}\s*{_CASE_WORD}\s*[::]?\s*{_CONDITION}", re.IGNORECASE)
TRAILING = re.compile(rf"^\s*[,,]?\s*(?:\(\s*)?(?:if|when|whenever|for|where|provided|as long as|若|如果|当|當)\s*(?:that\s*)?{_CONDITION}",
                      re.IGNORECASE)
ALTERNATIVE = re.compile(r"otherwise|\belse\b|否则|否則|其他|and 0|and zero", re.IGNORECASE)
_GOING_ON = (
    r"and|so|thus|hence|therefore|then|because|since|that is|i\.e\.|namely|which|gives?|we (?:get|have|obtain|find)|it follows|"
    r"this (?:gives|is|yields)|yields?|becomes?|equals|as|also|moreover|by|the|rule|quotient|product|chain|sum|power|"
    r"derivative|of|an?|exponential|simplif\w*|to|is|are|from|definition|with|answer|"
    r"因为|因為|所以|因此|于是|於是|故|得|得到|可得|即|也就是|又|由于|由於|从而|從而|则|則|有|答|∵|∴|\\because|\\therefore")
GOING_ON = re.compile(rf"^(?:\W|\d|_|(?:{_GOING_ON})(?![a-zA-Z]))*$", re.IGNORECASE)
ASSUMING = re.compile(r"assum\w*|suppos\w*|\blet\b|\bgiven\b|\bwhere\b|\bwith\b|such that|hypothes\w*|requir\w*|satisf\w*|normali[sz]ed|"
                      r"\bthroughout\b|假设|假設|设|設|令|已知|其中|满足|滿足|且", re.IGNORECASE)
HERE = re.compile(r"provided|because|\bsince\b|\bas\b|\bif\b|\bunder\b|\bwhen\b|\bfor\b|因为|因為|由于|由於|若|如果|当|當|此时|此時", re.IGNORECASE)
DEFINING = re.compile(r"defin\w*|formula|denote\w*|\bset\b|\blet\b|\bwrite\b|call\b|given by|公式[为為是::]|公式如下|定义|定義|表达式[为為是::]|记|記|令|设|設|改",
                      re.IGNORECASE)
_ONE_HOT = re.compile(
    r"(?<![a-zA-Z\\])([a-zA-Z])(?:_[a-z])?\$?\s*(?:is|be|are|being|是|为|為)?\s*(?:an?|one|一个|一個|the)?\s*(?:个|個)?\s*one[-\s]?hot",
    re.IGNORECASE)
_ONE_HOT_BEFORE = re.compile(r"one[-\s]?hot\s*(?:encoded|label|target|vector|向量|编码|標籤|标签|的)*\s*(?:vector|label|of)?\s*\$([a-zA-Z])\$",
                             re.IGNORECASE)


@dataclass(frozen=True)
class IndexCase:
    """``left relation right`` between an index and an index or a number; the relation is ``=`` or ``!=``.

    `span` is where it stands in the words it was read from.
    """

    left: str
    relation: str
    right: str
    span: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)


def opening_case(sentence: str) -> IndexCase | None:
    """The case that a sentence opens.

    >>> opening_case(r"If $i \\ne j$, the numerator is constant.".replace("$", " "))
    IndexCase(left='i', relation='!=', right='j')
    >>> opening_case("where the delta is 1 if i = j and 0 otherwise") is None
    True
    """
    found = _NAMED.match(sentence) or _bare(sentence)
    if found is None or ALTERNATIVE.search(sentence[found.end():]):
        return None
    return _case(found)


def _bare(sentence: str) -> re.Match[str] | None:
    """A heading or an item that is nothing but the condition."""
    found = CASE.match(sentence)
    return found if found and not re.search(r"\w", sentence[found.end():]) else None


def trailing_case(after: str) -> IndexCase | None:
    """The case that the words right after a formula restrict it to.

    >>> trailing_case(" for  i = j , and so on")
    IndexCase(left='i', relation='=', right='j')
    """
    found = TRAILING.match(after)
    return _case(found) if found else None


def _case(found: re.Match[str]) -> IndexCase:
    last = found.re.groups
    left, relation, right = found.group(last - 2, last - 1, last)
    return IndexCase(left, "=" if relation == "=" else "!=", right, (found.start(last - 2), found.end(last)))


def goes_on(sentence: str) -> bool:
    """Whether a sentence has no words of its own, only such as lead on (so, hence, 因此).

    >>> goes_on("and therefore"), goes_on("Summing over all classes")
    (True, False)
    """
    return GOING_ON.match(sentence) is not None


def one_hot_names(text: str) -> tuple[str, ...]:
    """Families that the words call one-hot.

    >>> one_hot_names("Here $y$ is a one-hot vector")
    ('y',)
    """
    return tuple(dict.fromkeys(m.group(1) for pattern in (_ONE_HOT, _ONE_HOT_BEFORE) for m in pattern.finditer(text)))


SENTENCE_END = re.compile(r"(?<=[.!?。!?;;])(?=\s|$|[\u4e00-\u9fff①-⑳])|(?<=[。!?;])|\n+\s*(?=[-*•①-⑳]|\d+[.)])|\n\s*\n")


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence."""
    cuts = [0, *(m.start() for m in SENTENCE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if text[a:b].strip()]
