"""How far a hypothesis reaches: words that only talk of one, make it for a while, take its place, or end it."""

from __future__ import annotations

import re

from derive.narrative.words.cases import GAP

_HYPOTHETICAL = re.compile(
    r"\b(?:some|other|many|most|several) (?:authors?|people|papers?|books?|texts?|works?)\b|\bunlike\b|\bin contrast\b|"
    r"\bcontrary to\b|\btempting\b|\bwould\b|\bcould\b|\bmight\b(?! as well)|\b(?:can|do|does|must|should) (?:we|one|you)\b|"
    r"\bwhat if\b|\bno need\b|\bunnecessary\b|\bwrong(?:ly)?\b|\bmistake\w*\b|\boften\b|\busually\b|\bsometimes\b|"
    r"\belsewhere\b|\brather than\b|\b(?:even|only) if\b|\bunless\b|\bas if\b|\bwhether\b|\bpretend\w*|"
    r"\bnowhere\b|\berrors? (?:to|of)\b|\bbeware\b|\bdanger\w*|\bfallacy\b|\bmisleading\b|"
    r"\bexcept\b|\bexcluding\b|\bapart from\b|"
    r"\b(?:may|might|can|could) ask\b|\bif\b[^.;]{0,60}\b(?:were|had)\b|"
    r"(?:(?<!\bthis )(?<!\bthese )(?<!\bour )(?<!\bpresent )\b(?:papers?|authors?|books?|textbooks?|literature|"
    r"articles?|versions?|editions?|drafts?|tutorials?|they|he|she|someone|somebody|"
    r"others|et al\.?)|\[\d+\]),? (?:(?!we\b)\w+ ){0,3}?(?:assum|suppos|requir)\w*|"
    r"^\W*(?-i:(?!This|That|It|Which|Here|One|We)[A-Z][a-z]+) (?:assum|suppos)(?:es|ed)\b|"
    r"\\footnote\s*\{[^{}]*$|^\s*\[\^[^\]]+\]:|有人|有些|别人|別人|除非|除了",
    re.IGNORECASE)
_TAKEN_BACK = re.compile(
    rf"^[^{re.escape(GAP)}]*?\b(?:(?:is|are|was|were|be) (?:\w+ )?(?:wrong|false|untrue|absurd|impossible|unjustified|invalid)|"
    r"(?:is|are|was|were) (?:\w+ )?not (?:assumed|needed|required|true|valid|the case|satisfied|justified)|"
    r"do(?:es)? not (?:hold|assume|need)|don't (?:assume|need)|fails? to hold|no longer|"
    r"only in this (?:paragraph|section|case))\b|"
    r"^[\s,;]*(?:(?:is|are|was|were|be|being|can be|may be|could be|to be|has been|fails? to be)\s+)?(?:\w+\s+)?"
    r"(?:violated|excluded|ruled out|dropped|lifted|relaxed|forbidden|broken|unrealistic|unnecessary|superfluous|"
    r"too (?:strong|much|strict|restrictive))\b",
    re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b|\bresp\.|分别|分別", re.IGNORECASE)
_PASSING = re.compile(
    r"\b(?:if|whenever|had we|were we|in case|for now|for (?:the|a) moment|temporarily|momentarily|to the contrary|"
    r"(?:for|towards?|by) (?:the sake of |way of )?(?:a )?contradiction|the contrary|"
    r"(?:in|for) (?:the rest of )?this (?:paragraph|case|example|step|part)|here and only here|"
    r"locally|in the (?:[\w-]+ )?(?:case|example|setting|situation))\b|如果|若",
    re.IGNORECASE)
_PASSING_AFTER = re.compile(
    r"^[\s,;(]*(?:only )?(?:for now|for (?:the|a) moment|temporarily|momentarily|for the time being|say|"
    r"in (?:the first|this) (?:half|part|paragraph|step|case)|"
    r"for (?:example|instance)|e\.g\.)(?!\w)",
    re.IGNORECASE)
_SOMETIMES = re.compile(
    r"^[^.;]*\b(?:in (?:the|this|that|some|most|many|such) (?:[\w-]+ ){0,3}(?:cases?|examples?|settings?|problems?)|"
    r"if|when|whenever|only|sometimes|often|usually)\b",
    re.IGNORECASE)
_SAID_OF = re.compile(  # a capital begins a sentence
    rf"{re.escape(GAP)}[\s,(]*(?:(?:which |this )?(?:is |holds )?(?:valid |true |only )*)?"
    r"(?:if|when|whenever|for|provided(?: that)?|assuming(?: that)?|as long as|若|如果|当|當)\s*$")
_AT_VALUE = re.compile(
    r"(?:\b(?:for|when|whenever|if|at)|若|如果|当|當|"
    r"\b(?:for (?:example|instance)|e\.g\.)[^.;]{0,20}\b(?:with|let|set|take|put))"
    rf"(?:\s*(?:{re.escape(GAP)}|\s{{3}})\s*(?:,|and|,\s*and)){{0,4}}\s*$",
    re.IGNORECASE)
_FOR_GOOD = re.compile(
    r"\b(?:let|set|put|take|fix|use|where|given|defin\w*|denot\w*|assum\w*|suppos\w*|from now on|is|are|equals?)\b|"
    r"令|设|設|取|记|記|其中|假设|假設|定义|定義",
    re.IGNORECASE)
_HOLDS = r"(?:assum|suppos|requir|hypothes|restrict|constrain|condition|impos|normali)\w*"
_WITHDRAWING = re.compile(
    rf"\b(?:drop(?:s|ped|ping)?|relax(?:es|ed|ing)?|remov(?:es?|ed|ing)|lift(?:s|ed|ing)?|abandon\w*|discard\w*|withdraw\w*|"
    rf"forget|give up|without(?! loss)) (?:[\w-]+ ){{0,6}}?{_HOLDS}|"
    rf"\bno longer (?:[\w-]+ ){{0,5}}?(?:{_HOLDS}|holds?|need\w*|positive|negative|true|valid|satisf\w*|one-hot|sums?)\b|"
    r"^\W*(?:(?:but|now|and|however|more)[\s,]+)*"
    r"(?:in general|generally|(?:in |for )?(?:the )?general case|in full generality)\b|"
    rf"\b{_HOLDS} (?:\w+ ){{0,3}}?(?:lifted|(?:is|are) over|ended|ends|dropped|removed|relaxed|unnecessary|superfluous|"
    r"withdrawn|abandoned)\b|"
    rf"\b{_HOLDS} (?:\w+ ){{0,2}}?(?:not|n't|n’t|hardly) (?:\w+ )?(?:needed|required|necessary|used|hold|apply|satisfied)\b|"
    r"\bend of (?:the |this |our )?(?:assumption|hypothesis|proof|example|case|remark|digression|aside)\b|"
    r"\b(?:back|return|returning) to (?:the )?(?:main|general|original|arbitrary)\b|"
    r"不再|放弃|放棄|去掉|取消|一般情况|一般情況|一般地",
    re.IGNORECASE)
_PARTICULAR = re.compile(
    r"\b(?:some|exists?|there (?:is|are)|an index|at least one|one of|fix(?:ed)?|not (?:all|every)|the index)\b|存在|固定|某",
    re.IGNORECASE)
_THEOREM = re.compile(
    r"^[\s*_#>]*(?:(?:[Tt]heorem|THEOREM|[Ll]emma|LEMMA|[Pp]roposition|[Cc]orollary|[Ee]xercise|[Pp]roblem|[Ee]xample|"
    r"[Rr]emark|[Cc]laim|thm|lem|prop|cor)(?![a-z])|定理|引理|命题|命題|推论|推論|例)")
_ARBITRARY = re.compile(r"\b(?:arbitrary|unrestricted|unconstrained|(?:any|every|all) real)\b|任意", re.IGNORECASE)
_LETTER = re.compile(r"\$([A-Za-z]|\\[a-z]+)\$")
_SIGN = r"(?:negative|nonpositive|non-positive|zero)"
_OF_ANY_SIGN = re.compile(
    rf"(?<![\w-])(?:{_SIGN}|general|other) (?:values? of )?\s*{_LETTER.pattern}|"
    rf"(?:^\W*|\b(?:if|when|that|where|allow|let|now|suppose|case|on|here)\s+|,\s*){_LETTER.pattern}\s+"
    r"(?:is|are|may be|can be|could be|might be|may also be|can also be|to be|being|becomes|has) "
    rf"(?:now |also |allowed to be |of )?(?:{_SIGN}|any (?:sign|number|value)|either sign|general|free)\b",
    re.IGNORECASE)
_REPLACING = re.compile(
    r"\b(?:instead|now|next|otherwise|alternatively|conversely|on the other hand|case|finally|second|third|again|but)\b|"
    r"反之|否则|否則|另一方面|现在|現在",
    re.IGNORECASE)


def hypothetical(before: str, after: str, sentence: str) -> bool:
    """Whether a hypothesis is only talked about: asked for, dealt out (*respectively*),
    said of others or of what might be, or taken back.

    >>> hypothetical("Can we assume that", "", "Can we assume that x?"), hypothetical("Some authors require", "", "")
    (True, True)
    >>> hypothetical("Assume", ", but this would be wrong", "")
    True
    """
    asked = sentence.rstrip().endswith(("?", "\uff1f")) or _RESPECTIVELY.search(sentence) is not None
    return asked or _TAKEN_BACK.match(after) is not None or _HYPOTHETICAL.search(before) is not None


def now_and_then(before: str, after: str) -> bool:
    """Whether the words around a property leave open whether it always holds: *sometimes*, *in the hard case*.

    >>> now_and_then("The label is", " in the hard case."), now_and_then("The label is", " throughout.")
    (True, False)
    """
    return _HYPOTHETICAL.search(before) is not None or _SOMETIMES.search(after) is not None


def passing(before: str, after: str = "") -> bool:
    """Whether a hypothesis is made for a while only: *if we assume*, *for now*, *suppose for contradiction*."""
    return _PASSING.search(before) is not None or _PASSING_AFTER.match(after) is not None


def said_of_claim(before: str) -> bool:
    """Whether a hypothesis is a condition of the formula right before it: ``.. if x > 0``."""
    return _SAID_OF.search(before) is not None


def for_a_while(before: str, after: str = "") -> bool:
    """Whether the words around an equation say that a variable has this value here: *for*, *plugging in*, 当.

    Only *let*, *set*, *where* and their like make it a value for good.

    >>> for_a_while("For "), for_a_while("Plugging in "), for_a_while("Let "), for_a_while("Let ", " for now")
    (True, True, False, True)
    """
    if _AT_VALUE.search(before) or passing(before, after):
        return True
    return re.search(r"[^\W\d_]", before) is not None and _FOR_GOOD.search(before) is None


def withdraws(words: str) -> bool:
    """Whether a sentence ends what was assumed: *we drop this assumption*, *in general*, 不再.

    >>> withdraws("Now drop this assumption."), withdraws("Without loss of generality, assume that")
    (True, False)
    """
    return _WITHDRAWING.search(words) is not None


def freed(sentence: str) -> tuple[str, ...]:
    """The letters that a sentence calls arbitrary, or whose sign it leaves open.

    >>> freed("For arbitrary $x$"), freed("If $x$ is negative"), freed("For non-negative $x$"), freed("Let $x$ be given")
    (('x',), ('x',), (), ())
    """
    signed = tuple(letter for found in _OF_ANY_SIGN.finditer(sentence) for letter in found.groups() if letter)
    return tuple(_LETTER.findall(sentence)) if _ARBITRARY.search(sentence) else signed


def particular(sentence: str) -> bool:
    """Whether a sentence speaks of one index and not of all: *for some k*, *there exists*, *fix i*.

    >>> particular("For some $k$ we have"), particular("Let"), particular("not all")
    (True, False, True)
    """
    return _PARTICULAR.search(sentence) is not None


def begins_theorem(sentence: str) -> bool:
    """Whether a sentence begins a theorem, an exercise or the like, which has hypotheses of its own."""
    return _THEOREM.match(sentence) is not None


def replacing(before: str) -> bool:
    """Whether the words before a hypothesis say that it takes the place of another: *instead*, *case*, 反之."""
    return _REPLACING.search(before) is not None
