"""The few things that are read from the words around formulas, and only where they are unmistakable.

* a word such as *assume*, *where*, *because* before a hypothesis says that it may be used, unless a word of
  conclusion (*hence*, *we get*) comes between;
* a word such as *let*, *define* before an equation says that it gives a name its meaning;
* ``y is one-hot``.

A case (see :mod:`derive.narrative.words.cases`) or an *if* lasts for its sentence, for sentences that only go on (``so``,
``hence``, 因此), and for the displayed formulas that follow, until words begin something new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.narrative.words.cases import GAP
from derive.narrative.words.reach import now_and_then, withdraws

_LINKS = (
    r"and|so(?: that)?|thus|hence|therefore|then|because|since|that is|i\.e\.|namely|which|gives?|"
    r"we (?:get|have|obtain|find)|it follows|this (?:gives|is|yields)|yields?|becomes?|"
    r"equals|as|by|simplif\w*|to|is|are|from|with|answer"
)
_RULES = r"the|rule|quotient|product|chain|sum|power|derivative|of|an?|exponential|definition"
_CHINESE_LINKS = (
    r"因为|因為|所以|因此|于是|於是|故|得|得到|可得|即|也就是|又|由于|由於|从而|從而|则|則|有|答|∵|∴|\\because|\\therefore"
)
_GOING_ON = re.compile(rf"^(?:\W|\d|_|(?:{_LINKS}|{_RULES}|{_CHINESE_LINKS})(?![a-zA-Z]))*$", re.IGNORECASE)
_ARTICLE = re.compile(r"^\W*(?:the|an?)\b", re.IGNORECASE)
_GENERAL = re.compile(
    r"\b(?:both|all|each|either) (?:the )?cases?\b|\bcombin\w*|\btogether\b|\bin general\b|\bgenerally\b|\boverall\b|"
    r"\bin summary\b|\bsummari[sz]\w*|\bfor (?:all|any|every|each|arbitrary)\b|\bin (?:any|either|every) case\b|"
    r"\bregardless\b|综上|綜上|总之|總之|一般|合并|合併|任意|所有|统一|統一|无论|無論",
    re.IGNORECASE)

_ASSUME_ENGLISH = (
    r"assum\w*|suppos\w*|\blet\b|\bgiven\b|\bwhere\b|\bwith\b|such that|hypothes\w*|requir\w*|satisf\w*|"
    r"normali[sz]ed|\bthroughout\b|subject to|\bs\.t\.|constrain\w*"
)
_ASSUME_CHINESE = r"假设|假設|设|設|令|已知|其中|满足|滿足|且|约束|約束"
_ASSUMING = re.compile(rf"{_ASSUME_ENGLISH}|{_ASSUME_CHINESE}", re.IGNORECASE)
_POSTULATING = re.compile(
    r"assum\w*|suppos\w*|such that|satisf\w*|subject to|\bs\.t\.|constrain\w*|假设|假設|满足|滿足|约束|約束",
    re.IGNORECASE)
_HERE = re.compile(
    r"provided|because|\bsince\b|\bas\b|\bif\b|\bunder\b|\bwhen(?:ever)?\b|\bfor\b|\bcase\b|因为|因為|由于|由於|若|如果|当|當|此时|此時",
    re.IGNORECASE)
_CONCLUDING = re.compile(
    r"\b(?:hence|thus|therefore|so(?! that)|then|consequently|get|gets|obtain\w*|find|finds|found|follows|conclude\w*|"
    r"show\w*|prove[sd]?|derive[sd]?|gives?|yields?|implies|becomes?|results?|check|verify|see|compute\w*|equals)\b|"
    r"所以|因此|于是|於是|得|可得|得到|故|从而|從而|推出|可知|∴",
    re.IGNORECASE)
_RESULT = re.compile(
    r"\b(?:hence|thus|therefore|so(?! that)|consequently|we (?:get|obtain|find|conclude|see))\b|"
    r"所以|因此|于是|於是|可得|得到|故|从而|從而|推出|可知|∴",
    re.IGNORECASE)
_DEFINE_ENGLISH = r"defin\w*|formula|denote\w*|\bset\b|\blet\b|\bwrite\b|call\b|given by"
_DEFINE_CHINESE = r"公式[为為是::]|公式如下|定义|定義|表达式[为為是::]|记|記|令|设|設|改"
_DEFINING = re.compile(rf"{_DEFINE_ENGLISH}|{_DEFINE_CHINESE}", re.IGNORECASE)
_NAMING = re.compile(
    r"(?:\b(?:let|set|put|take|define|denote|redefine)(?: (?:now|by|the \w+|a \w+))?|令|设|設|记|記|取|定义|定義|"
    r"\b(?:from (?:now|here) on|henceforth|hereafter|in this (?:section|chapter|part|example))(?: we (?:have|set|use))?|"
    r"\bredefin\w*[^.;]{0,30}\b(?:as|to be|by))\W*$",
    re.IGNORECASE)
_EXAMPLE = re.compile(
    r"(?:\b(?:let|set|put|take|for|if|when|at|with|where|suppose|say|now|given|first|second|third|example|instead)|"
    r"令|设|設|记|記|取|若|如果|当|當|对于|對於|例如|假设|假設)\W*$",
    re.IGNORECASE)

_AND = re.compile(
    r"^[\s,,、()]*(?:for (?:all|every|each|any)\s+)?(?:(?:and|but)(?: that| also)*|和|与|與|且|以及|及)?[\s,,、()]*$",
    re.IGNORECASE)

_BE = r"(?:is|be|are|being|是|为|為)"
_ONE_HOT = re.compile(
    rf"(?<![a-zA-Z\\])([a-zA-Z])(?:_[a-z])?\$?\s*{_BE}?\s*(?:an?|one|一个|一個|the)?\s*(?:个|個)?\s*one[-\s]?hot",
    re.IGNORECASE)
_ONE_HOT_NOUN = r"(?:encoded|labels?|targets?|vectors?|向量|编码|標籤|标签|的|of)"
_ONE_HOT_BEFORE = re.compile(rf"one[-\s]?hot\s*(?:{_ONE_HOT_NOUN}\s*)*\$([a-zA-Z])\$", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:not|never|neither|nor|without|whether|unless|no longer|cannot|can't|need)\b|n[’']t\b|"
    r"不|未|非|无需|無需|没有",
    re.IGNORECASE)
_DENYING = re.compile(
    r"(?:\b(?:not|never|without|no longer|cannot|wrong to|stop|instead of)|n[’']t)"
    r"(?:\s+(?:need to|have to|yet|also|even))?\s*$|"
    r"(?:不|不再|未|无需|無需|不必|没有|沒有)\s*$",
    re.IGNORECASE)
_DENIED_CLAUSE = re.compile(
    rf"(?:\b(?:not|never|neither|nor|cannot|nobody|nothing|hardly|no need|avoid\w*|refus\w*)\b|n[’']t\b)"
    rf"[^,;:,,;:{re.escape(GAP)}]*$", re.IGNORECASE)
_DENIED_AFTERWARDS = re.compile(
    r"\b(?:(?:not|n't|never) (?:true|the case|so|correct)|false|untrue|wrong|nothing|neither|no|not|except)"
    r"(?: (?:that|about|of|on|for))*\s*$",
    re.IGNORECASE)
_CONDITIONED = re.compile(
    r"(?:\b(?:if|when|whenever|provided(?: that)?|as long as|in case)|若|如果|当|當)(?: (?:also|now))?\s*$",
    re.IGNORECASE)
_FOR = re.compile(r"\bfor\s*$", re.IGNORECASE)
_INFERRED = re.compile(
    r"\b(?:then|hence|thus|therefore|so|consequently|(?:we|one|you) (?:get|have|obtain|find|conclude|see|deduce)|"
    r"(?:it )?follows|implies|gives|yields)\b[\s,:]*(?:that)?[\s,:]*$|(?:所以|因此|于是|於是|得|可得|则|則|从而|從而)\W*$",
    re.IGNORECASE)
_ALTERNATIVE = re.compile(rf"(?:{re.escape(GAP)}|\s{{3}})[\s,;()]*(?:or|nor|或|或者)[\s,]*$",
                          re.IGNORECASE)  # blanks: a formula
_TAKEN_BACK = re.compile(
    r"^[\s,;()]*(?:or\b(?!,?\s*(?:equivalently|rather|simply|in (?:short|other)|(?:also |as )?(?:written|as|an?)\b))|"
    r"either\b|(?:is|are|was|were|would be)\s+(?:\w+\s+)?(?:false|wrong|untrue|absurd|impossible|dropped)\b|"
    r"(?:is|are|was|were|does|do|did|need|needs|may|might|must|can)(?:\s*not\b|n[’']t\b)|fails?\b|cannot\b|"
    r"no longer\b|或|是错|是錯|不成立|不对|不對)",
    re.IGNORECASE)
_CONDITIONAL = re.compile(r"\b(?:if|when|whenever|for|provided)\b|若|如果|当|當", re.IGNORECASE)


@dataclass(frozen=True)
class OneHotSaid:
    """The words call the family one-hot; `here_only` where they say so as a condition (*if y is one-hot*)."""

    name: str
    here_only: bool


def goes_on(sentence: str, used: bool = False) -> bool:
    """Whether a sentence has no words of its own, only such as lead on (so, hence, 因此).

    Where something was said already (`used`), a sentence that begins with an article begins something new.

    >>> goes_on("and therefore"), goes_on("Summing over all classes"), goes_on("The derivative is", used=True)
    (True, False, False)
    """
    return _GOING_ON.match(sentence) is not None and not (used and _ARTICLE.match(sentence))


def is_general(sentence: str) -> bool:
    """Whether a sentence leaves the cases behind: *combining both cases*, *in general*, 综上.

    >>> is_general("Putting the two together,")
    True
    """
    return _GENERAL.search(sentence) is not None


def assuming(before: str) -> bool:
    """Whether the words before a formula take it up as a hypothesis.

    >>> assuming("where"), assuming("Starting with this we obtain"), assuming("We do not assume that")
    (True, False, False)
    """
    return _governs(_ASSUMING, before) and _next_to(_ASSUMING, before) and not _denied(_ASSUMING, before)


def left_open(before: str, after: str) -> bool:
    """Whether the words around a hypothesis make it one of several, or deny it: *or*, *is false*, *does not hold*, 或.

    >>> left_open("Let", " or "), left_open("Let", " is false."), left_open("Let", " or, equivalently,")
    (True, True, False)
    """
    return _TAKEN_BACK.match(after) is not None or _ALTERNATIVE.search(before) is not None


def conditioned(before: str, relation: str) -> bool:
    """Whether the last word before a relation makes it a condition: *if*, *whenever*, 若; *for* before an inequality."""
    return _CONDITIONED.search(before) is not None or (relation != "=" and _FOR.search(before) is not None)


def inferred(before: str) -> bool:
    """Whether the last words before a formula infer it: *then*, *we have*, 则."""
    return _INFERRED.search(before) is not None


def postulating(before: str) -> bool:
    """Whether the words before a formula say in so many words that it is assumed."""
    return _governs(_POSTULATING, before) and _next_to(_POSTULATING, before) and not _denied(_POSTULATING, before)


def concluding(before: str) -> bool:
    """Whether the words before a formula present it as a result: *hence*, *we get*, 因此.

    >>> concluding("Therefore"), concluding("Hence, because")
    (True, False)
    """
    last = max((found.end() for found in _RESULT.finditer(before)), default=-1)
    return last >= 0 and not any(cue.search(before, last) for cue in (_ASSUMING, _HERE))


def holds_here(before: str) -> bool:
    """Whether the words before a formula make it a condition of what follows it."""
    return _governs(_HERE, before) and _next_to(_HERE, before) and not _denied(_HERE, before)


def defining(before: str) -> bool:
    """Whether the words before an equation announce a definition."""
    return _governs(_DEFINING, before)


def naming(before: str) -> bool:
    """Whether the last word before an equation is *let*, *define*, 令."""
    return _NAMING.search(before) is not None


def exemplifying(before: str) -> bool:
    """Whether the last word before an equation gives a quantity its value in an example."""
    return _EXAMPLE.search(before) is not None


def _governs(cue: re.Pattern[str], before: str) -> bool:
    """Whether `cue` is there and no word of conclusion comes after it."""
    last = max((found.end() for found in cue.finditer(before)), default=-1)
    return last >= 0 and _CONCLUDING.search(before, last) is None


def _denied(cue: re.Pattern[str], before: str) -> bool:
    """Whether the last `cue` says what is not assumed: *we do not assume that*, *without assuming*, 不假设."""
    last = max((found.start() for found in cue.finditer(before)), default=0)
    return _DENYING.search(before[:last]) is not None or _DENIED_CLAUSE.search(before[:last]) is not None \
        or _DENIED_AFTERWARDS.search(before, last) is not None


def _next_to(cue: re.Pattern[str], before: str) -> bool:
    """Whether between `cue` and the end there is no other relation, or only a list of them."""
    last = max((found.end() for found in cue.finditer(before)), default=0)
    between = before[last:]
    return GAP not in between or _AND.match(between[between.rindex(GAP) + 1:]) is not None


def one_hot(text: str) -> tuple[OneHotSaid, ...]:
    """Families that the words call one-hot.

    >>> [said.name for said in one_hot("Here $y$ is a one-hot vector")], one_hot("whether $y$ is one-hot")
    (['y'], ())
    """
    found: dict[str, bool] = {}
    for start, end in sentences(text):
        sentence = text[start:end]
        if withdraws(sentence):
            found.clear()
            continue
        if _NEGATED.search(sentence):
            continue
        for pattern in (_ONE_HOT, _ONE_HOT_BEFORE):
            for match in pattern.finditer(sentence):
                here_only = _CONDITIONAL.search(sentence, 0, match.start()) is not None \
                    or now_and_then(sentence[:match.start()], sentence[match.end():])
                found[match.group(1)] = found.get(match.group(1), True) and here_only
    return tuple(OneHotSaid(name, here_only) for name, here_only in found.items())


_BREAK = r"\n+\s*(?=[-*•①-⑳]|\d+[.)])|\n\s*\n"
_SENTENCE_END = re.compile(
    rf"(?<!i\.e\.)(?<!e\.g\.)(?<!s\.t\.)(?<!w\.r\.t\.)(?<=[.!?。!?;;])(?=\s|$|[\u4e00-\u9fff①-⑳])|(?<=[。!?;])|{_BREAK}|"
    rf"(?<={GAP})(?=\s+(?:If|When|Whenever|For|Case|Suppose|Assume|Consider|Let|Otherwise|In|On|Now|Next|Finally|Similarly)\b|"
    r"[ \t]*\n\s*[A-Z][a-z])")


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence."""
    cuts = [0, *(m.start() for m in _SENTENCE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if text[a:b].strip()]
