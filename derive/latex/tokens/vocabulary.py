r"""The LaTeX commands that the reader knows, by what they are; a command in none of these is met by the parser."""

from __future__ import annotations

from derive.terms import elementary, relations
from derive.terms.reasons import Why

RELATIONS = relations.COMMANDS
"""Relations; those that are read have the judge's spelling (``:=`` for definitions, ``in`` for membership)."""

CROSSED = {sign: row.negation for row in relations.READ if row.negation for sign in (row.key, *row.commands)}
"""What ``\\not`` makes of the relation behind it."""

COLUMNED = frozenset({"array", "alignat", "alignedat", "xalignat", "xxalignat", "IEEEeqnarray", "IEEEeqnarraybox", "empheq"})
"""Environments that take an argument, which says how they are set."""

OPENING = {
    "\\{": "\\{",
    "\\lbrace": "\\{",
    "\\lvert": "|",
    "\\lVert": "\\|",
    "\\langle": "\\langle",
    "\\lfloor": "\\lfloor",
    "\\lceil": "\\lceil",
    "\\lbrack": "[",
}
CLOSING = {
    "\\}": "\\}",
    "\\rbrace": "\\}",
    "\\rvert": "|",
    "\\rVert": "\\|",
    "\\rangle": "\\rangle",
    "\\rfloor": "\\rfloor",
    "\\rceil": "\\rceil",
    "\\rbrack": "]",
}

SIZES = frozenset("\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
IGNORED = frozenset(
    "\\" + name
    for name in (
        ",",
        ";",
        ":",
        "!",
        " ",
        ">",
        "/",
        "(",
        ")",
        "[",
        "]",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "limits",
        "nolimits",
        "nonumber",
        "notag",
        "mathstrut",
        "strut",
        "it",
        "boxed",
        "space",
        "null",
        "relax",
        "enspace",
        "thinspace",
        "allowbreak",
        "mathinner",
        "mathord",
        "mathbin",
        "mathrel",
        "hfill",
        "noindent",
        "centering",
        "ensuremath",
        "bm@",
        "smash",
        "thickspace",
        "medspace",
        "negthinspace",
        "hline",
        "left.",
        "par",
        "newline@",
        "tiny",
        "scriptsize",
        "footnotesize",
        "small",
        "normalsize",
        "large",
        "Large",
        "LARGE",
        "huge",
        "Huge",
    )
)
IGNORED_WITH_GROUP = frozenset(
    {
        "\\tag",
        "\\label",
        "\\phantom",
        "\\hphantom",
        "\\vphantom",
        "\\hspace",
        "\\vspace",
        "\\color",
        "\\textcolor",
        "\\eqref",
        "\\tag*",
        "\\hspace*",
        "\\eqlabel",
    }
)
WIDTHS = {"em": 1.0, "ex": 2.0, "cm": 0.4, "mm": 4.0, "in": 0.2, "pt": 10.0, "pc": 1.0, "mu": 18.0}
"""How much of each unit of length sets two formulas apart, as ``\\quad`` does."""
SWITCHES = {"\\rm": "", "\\bf": "\\mathbf", "\\cal": "\\mathcal"}
"""Switches of plain TeX, and the accent that says the same of one letter; none for upright letters."""
ARGUMENTS = {"\\frac": 2, "\\sqrt": 1, "\\binom": 2}
TEXT = frozenset(
    {"\\text", "\\textrm", "\\mbox", "\\textbf", "\\textit", "\\textnormal", "\\textsf", "\\hbox", "\\textcircled", "\\textup"}
)
ROMAN = frozenset(
    {
        "\\mathrm",
        "\\operatorname",
        "\\mathit",
        "\\mathsf",
        "\\mathop",
        "\\operatornamewithlimits",
        "\\rm@",
        "\\mathnormal",
        "\\mathtt",
    }
)
SAME = {
    "\\dfrac": "\\frac",
    "\\tfrac": "\\frac",
    "\\cfrac": "\\frac",
    "\\cr": "\\\\",
    "\\newline": "\\\\",
    "\\boldsymbol": "\\mathbf",
    "\\bm": "\\mathbf",
    "\\pmb": "\\mathbf",
    "\\boldmath": "\\mathbf",
    "\\overrightarrow": "\\vec",
    "\\widehat": "\\hat",
    "\\widetilde": "\\tilde",
    "\\ast": "\\star",
    "\\intercal": "\\top",
    "\\overline": "\\bar",
    "\\varnothing": "\\emptyset",
    "\\part": "\\partial",
    "\\operatorname*": "\\operatorname",
    "\\dotsc": "\\dots",
    "\\dotsb": "\\dots",
    "\\dotsm": "\\cdots",
    "\\tag*": "\\tag",
    "\\hspace*": "\\hspace",
    "\\bold": "\\mathbf",
    "\\dotso": "\\dots",
    **{f"\\{name}": f"\\{row.spellings[0].word}" for row in elementary.ROWS for name in row.commands},
}

FUNCTIONS = frozenset("\\" + word for word in elementary.BY_WORD)
"""Elementary functions, written with a backslash, as ``\\operatorname{..}``, or (in plain text) as a word."""

CHANGE = "\\varDelta"
"""How the sign of a change is spelled where it belongs to the name behind it."""
ACCENTS = frozenset(
    {
        CHANGE,
        "\\hat",
        "\\tilde",
        "\\bar",
        "\\vec",
        "\\dot",
        "\\ddot",
        "\\mathbf",
        "\\mathcal",
        "\\mathbb",
        "\\check",
        "\\mathfrak",
        "\\mathscr",
        "\\underline",
        "\\breve",
        "\\mathring",
        "\\acute",
        "\\grave",
        "\\dddot",
    }
)

LETTERS = frozenset(
    "\\" + name
    for name in (
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho "
        "sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
        "ell hbar imath jmath"
    ).split()
)

BRACED = frozenset({"\\underbrace", "\\overbrace", "\\underbracket", "\\overbracket"})
"""Commands that set a brace at their argument, with a label behind ``_`` or ``^``."""

BOLD = ("\\mathbf{", "\\vec{")
"""How the names of vectors begin, whatever their type in print."""
DOTS = frozenset({"\\dots", "\\ldots", "\\cdots", "\\vdots", "\\ddots"})

NOT_READ = {
    "\\prod": Why.PRODUCT,
    "\\int": Why.INTEGRAL,
    "\\iint": Why.INTEGRAL,
    "\\oint": Why.INTEGRAL,
    "\\lim": Why.LIMIT,
    "\\max": Why.MAXIMUM,
    "\\min": Why.MINIMUM,
    "\\nabla": Why.LONE_NABLA,
    "\\infty": Why.INFINITY,
    "\\sup": Why.SUPREMUM,
    "\\inf": Why.INFIMUM,
    "\\det": Why.DETERMINANT,
    "\\arg": Why.ARGUMENT_OF_EXTREME,
    "\\argmax": Why.ARG_MAX,
    "\\argmin": Why.ARG_MIN,
    "\\Pr": Why.PROBABILITY,
    "\\mid": Why.CONDITIONAL_BAR,
    "\\odot": Why.ELEMENTWISE_PRODUCT,
    "\\circ": Why.COMPOSITION,
    "\\otimes": Why.TENSOR_PRODUCT,
    "\\oplus": Why.DIRECT_SUM,
    "\\forall": Why.FOR_ALL,
    "\\exists": Why.EXISTS,
    "\\cup": Why.SETS,
    "\\cap": Why.SETS,
    "\\emptyset": Why.SETS,
    "\\setminus": Why.SETS,
    "\\top": Why.LONE_TRANSPOSE,
    "\\bigcup": Why.SETS,
    "\\bigcap": Why.SETS,
    "\\gcd": Why.GCD,
    "\\underset": Why.UNDERSET,
}

LEADS = frozenset("let where then and suppose assume hence thus since when".split())
"""Words that join statements, where they stand among the letters of a formula without ``\\text``."""

TEXTUAL = frozenset(
    (
        "max min out in new old train test true pred opt ref avg tot total hidden output input loss init "
        "next prev best mean var eff obs est"
    ).split()
)
"""Letter runs that, as a subscript, are a word and no indices."""

UNREAD_FUNCTIONS = frozenset(
    (
        "sgn tr Tr trace rank diag argmax argmin Var Cov KL Pr prob prod max min det vec card "
        "sign dim span E mean std lim sup inf clip floor ceil round"
    ).split()
)
"""Functions with a fixed meaning that no term has: as unknown functions they would mean something else."""

EXTREMES = frozenset({"max", "min"})
"""Those of them that are the largest and the smallest of all members of a family."""

DIVERGENCES = frozenset({"KL"})
"""Those of them whose values are functions of what stands in the bracket, and nothing more is known of them."""

CHANCE_WORDS = frozenset("Var var Cov cov".split())
"""Words for what is taken of random variables."""

TRACES = frozenset("tr Tr trace".split())
DIAGONALS = frozenset({"diag", "Diag"})
VECTOR_WORDS = TRACES | DIAGONALS | {"det"}
"""Those of them that mean something beside vectors and matrices."""

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
            "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
        ).split(),
        strict=True,
    )
)

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))

UNICODE = {
    **{character: ("command", "\\" + name) for character, name in _GREEK.items()},
    **{character: ("relation", key) for character, key in relations.SIGNS.items()},
    "−": ("op", "-"),
    "–": ("op", "-"),
    "×": ("command", "\\times"),
    "·": ("command", "\\cdot"),
    "⋅": ("command", "\\cdot"),
    "∗": ("op", "*"),
    "÷": ("op", "/"),
    "±": ("command", "\\pm"),
    "∓": ("command", "\\mp"),
    "∂": ("command", "\\partial"),
    "∑": ("command", "\\sum"),
    "√": ("command", "\\sqrt"),
    "…": ("command", "\\dots"),
    "⋯": ("command", "\\cdots"),
    "⋮": ("command", "\\vdots"),
    "∞": ("command", "\\infty"),
    "∴": ("words", "\\therefore"),
    "∵": ("words", "\\because"),
    "＋": ("op", "+"),
    "－": ("op", "-"),
    "ℓ": ("command", "\\ell"),
    "【": ("open", "["),
    "】": ("close", "]"),
    "ϵ": ("command", "\\epsilon"),
    "ᵀ": ("command", "\\top"),
}
