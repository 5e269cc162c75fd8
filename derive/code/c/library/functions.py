r"""Functions that the C target inlines so that a compiler can compute many of them at once: exp, log(1 + x), tanh, the shift.

Each is free of branches but for selections. Against long doubles, on 200,000 random points of each range, exp stays below
3 ULP and log1p below 2 ULP, denormal results included: tests/code/c/test_functions.py holds them to it.

* exp: :math:`e^{x/2} = 2^n e^r` with n the integer next to :math:`x/(2 \ln 2)`, so :math:`|r| \le \ln 2/2`;
  :math:`e^r = 1 + r + r^2 q(r)`. This never leaves the normal numbers, and its square underflows gradually.
* log1p: u = 1 + x is :math:`2^e m` with m between :math:`\sqrt{1/2}` and :math:`\sqrt 2`; what 1 + x lost by rounding is
  added to f = m - 1 again; with :math:`s = f/(2 + f)`, :math:`\ln(1 + f) = f - s(f - s^2 q(s^2))`.
  For an x between 0 and 1 it is enough to take f = x, with a longer q.

The coefficients of q were computed for this file with ``mpmath.chebyfit`` at 40 digits, on the intervals above.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Real:
    """A C type of real numbers, with an integer type as wide as it, and its spelling in names and literals."""

    name: str
    integer: str
    suffix: str
    literal: str
    dtype: str


FLOAT = Real("float", "int32_t", "f32", "f", "float32")
DOUBLE = Real("double", "int64_t", "f64", "", "float64")
REALS = (FLOAT, DOUBLE)

_NUMBERS = {
    "f32": {
        "LOW": "-104.0f",
        "HIGH": "89.0f",
        "LOG2E": "1.44269504f",
        "MAGIC": "12582912.0f",
        "HI": "0.693145751953125f",
        "LO": "1.42860682e-6f",
        "BIAS": "127",
        "BITS": "23",
        "ROOT": "0x3f3504f3",
        "LARGE": "64",
        "COUNTED": "0x4b000000",
        "BOUND": "66.7228394f",
        "FINITE": "-0x1.fffffep127f",
        "TINY": "0x1p-100f",
        "HUGE": "0x1p100f",
        "fabsL": "fabsf",
        "powL": "powf",
        "truncL": "truncf",
        "copysignL": "copysignf",
        "TOP": "20.0f",
    },
    "f64": {
        "LOW": "-746.0",
        "HIGH": "710.0",
        "LOG2E": "1.4426950408889634",
        "MAGIC": "6755399441055744.0",
        "HI": "6.93147180369123816490e-01",
        "LO": "1.90821492927058770002e-10",
        "BIAS": "1023",
        "BITS": "52",
        "ROOT": "0x3fe6a09e667f3bcd",
        "LARGE": "128",
        "COUNTED": "0x4330000000000000",
        "BOUND": "687.782712893384",
        "FINITE": "-0x1.fffffffffffffp1023",
        "TINY": "0x1p-900",
        "HUGE": "0x1p900",
        "fabsL": "fabs",
        "powL": "pow",
        "truncL": "trunc",
        "copysignL": "copysign",
        "TOP": "40.0",
    },
}
_EXP = {
    "f32": (
        "0.0013926183587713494542f",
        "0.0083631790527225773704f",
        "0.041666554617204574203f",
        "0.16666576989698775683f",
        "0.5f",
    ),
    "f64": (
        "2.5100385495510319078e-8",
        "2.7620088445409748161e-7",
        "2.7557268459997064772e-6",
        "0.000024801521295954375131",
        "0.00019841269863053616878",
        "0.0013888888917213716901",
        "0.0083333333333300618325",
        "0.041666666666624127873",
        "0.16666666666666667453",
        "0.50000000000000010221",
    ),
}
_LOG = {
    "f32": ("0.23332762955117523064f", "0.28550736363107811511f", "0.40000122584957254503f", "0.66666666553585081152f"),
    "f64": (
        "0.13089445145246311412",
        "0.13268503312794760136",
        "0.15386249788196104628",
        "0.18181795454526501038",
        "0.22222222393452627488",
        "0.28571428570795934749",
        "0.40000000000000889534",
        "0.66666666666666666462",
    ),
}

_SHARE = {
    "f32": (
        "0.23224329224023348832f",
        "0.21706575800880372646f",
        "0.28592357994302837723f",
        "0.39999706331929717402f",
        "0.66666667320527412469f",
    ),
    "f64": (
        "0.16164045611943532221",
        "0.088007384861446738822",
        "0.12001072809590712535",
        "0.1331414420965493615",
        "0.15385570064958623103",
        "0.18181789436132858169",
        "0.22222222717427862989",
        "0.28571428567108757162",
        "0.40000000000014582673",
        "0.66666666666666658561",
    ),
}

_BITS = """\
union bits_SUFFIX { REAL real; INTEGER bits; };

static inline REAL real_SUFFIX(INTEGER bits) { union bits_SUFFIX u; u.bits = bits; return u.real; }
static inline INTEGER bits_SUFFIX(REAL x) { union bits_SUFFIX u; u.real = x; return u.bits; }"""

_TEXTS = {
    "exp": """\
/* e^x for every x: below 3 ULP; 0 far below 0, infinity where the result is not finite; a NaN stays one.
   The first form is for an x of which it is known that the result is finite. */
static inline REAL exp_below_SUFFIX(REAL x, REAL low)
{
    const REAL c = low > x ? low : x;
    const REAL t = c * (LOG2E / 2) + MAGIC, n = t - MAGIC;
    const REAL r = (c - n * (2 * HI)) - n * (2 * LO);
    REAL q = EXP0;
EXPSTEPS
    const REAL root = real_SUFFIX(bits_SUFFIX(q) + (INTEGER)((U##INTEGER)bits_SUFFIX(t) << BITS));
    return root * root;
}

static inline REAL exp_within_SUFFIX(REAL x, REAL low, REAL high) { return exp_below_SUFFIX(high < x ? high : x, low); }
static inline REAL exp_SUFFIX(REAL x) { return exp_within_SUFFIX(x, LOW, HIGH); }""",
    "limits": """\
/* The ends of the range of exp, read at run time: from constants, compilers make two instructions of a maximum. */
static const volatile REAL low_SUFFIX = LOW, high_SUFFIX = HIGH;""",
    "log1p": """\
/* ln(1 + x) for every x: below 2 ULP; what is not above -1 gives -infinity or a NaN. */
static inline REAL log1p_SUFFIX(REAL x)
{
    const REAL u = 1 + x;
    const REAL lost = x > 1 ? 1 - (u - x) : x - (u - 1);
    const U##INTEGER above = (U##INTEGER)bits_SUFFIX(u) - (U##INTEGER)ROOT + ((U##INTEGER)BIAS << BITS);
    const U##INTEGER e = above >> BITS;
    const REAL k = real_SUFFIX((INTEGER)(e | COUNTED)) - (real_SUFFIX(COUNTED) + BIAS);
    const REAL m = real_SUFFIX(bits_SUFFIX(u) - (INTEGER)((e - BIAS) << BITS));
    const REAL back = k > LARGE ? 0 : lost * real_SUFFIX((INTEGER)((2 * BIAS - e) << BITS));
    const REAL f = (m - 1) + back, s = f / (2 + f), z = s * s;
    REAL q = LOG0;
LOGSTEPS
    const REAL r = k * HI + ((f - s * (f - z * q)) + k * LO);
    const REAL value = x < (REAL)INFINITY ? r : x;
    return u > 0 ? value : (u == 0 ? -(REAL)INFINITY : x * (REAL)NAN);
}""",
    "log1p_share": """\
/* ln(1 + x) for every x from 0 to 1: below 2 ULP; a NaN stays one. */
static inline REAL log1p_share_SUFFIX(REAL x)
{
    const REAL s = x / (2 + x), z = s * s;
    REAL q = SHARE0;
SHARESTEPS
    return x - s * (x - z * q);
}""",
    "tanh": """\
/* tanh x for every x: below 3 ULP; with m = e^{2|x|} - 1 it is m/(m + 2), and no difference cancels. */
static inline REAL tanh_SUFFIX(REAL x)
{
    REAL y = 2 * fabsL(x);
    y = y > TOP ? TOP : y;
    const REAL t = y * LOG2E + MAGIC, n = t - MAGIC;
    const REAL r = (y - n * HI) - n * LO;
    REAL q = SERIES0;
SERIESSTEPS
    const REAL s = real_SUFFIX((INTEGER)((U##INTEGER)bits_SUFFIX(t) << BITS) + ((INTEGER)BIAS << BITS));
    const REAL m = s * (r + r * r * q) + (s - 1);
    return copysignL(m / (m + 2), x);
}""",
    "shift": """\
/* What is subtracted from exponents up to m: as little as keeps their sum finite, and whole, so as not to round. */
static inline REAL shift_SUFFIX(REAL m)
{
    return truncL((m < FINITE ? FINITE : m) - (fabsL(m) > BOUND ? BOUND : fabsL(m)));
}""",
    "finite": """\
static inline REAL finite_SUFFIX(REAL x) { return x < FINITE ? FINITE : x; }""",
    "support": """\
static inline REAL support_SUFFIX(REAL weight, REAL x) { return weight == 0 ? 0 : x; }""",
    "sign": """\
static inline REAL sign_SUFFIX(REAL x) { return x > 0 ? 1 : (x < 0 ? -1 : x); }""",
    "step": """\
static inline REAL step_SUFFIX(REAL x) { return x > 0 ? 1 : (x <= 0 ? 0 : x); }""",
    "max": """\
static inline REAL max_SUFFIX(REAL x, REAL y) { return x > y || x != x ? x : y; }""",
    "min": """\
static inline REAL min_SUFFIX(REAL x, REAL y) { return x < y || x != x ? x : y; }""",
    "below": """\
/* 1 where x is not below 0, else y. */
static inline REAL below_SUFFIX(REAL x, REAL y) { return x >= 0 ? 1 : y; }""",
    "square": """\
static inline REAL square_SUFFIX(REAL x) { return x * x; }""",
    "raised": """\
/* x^y where x^(y - 1) is known; by itself where that lost its digits. */
static inline REAL raised_SUFFIX(REAL x, REAL known, REAL y)
{
    return fabsL(known) > TINY && fabsL(known) < HUGE ? x * known : powL(x, y);
}""",
    "lowered": """\
/* x^y where x^(y + 1) is known; by itself where that lost its digits, or x is 0. */
static inline REAL lowered_SUFFIX(REAL x, REAL known, REAL y)
{
    return fabsL(known) > TINY && fabsL(known) < HUGE && x != 0 ? known / x : powL(x, y);
}""",
    "plain": """\
/* Whether dividing by x may be multiplying by 1/x: neither under- nor overflows. */
static inline int plain_SUFFIX(REAL x) { return fabsL(x) > TINY && fabsL(x) < HUGE; }""",
}
NAMES = tuple(_TEXTS)


def helpers(real: Real, used: set[str]) -> str:
    """The C text of the functions in `used`, for one type."""
    parts = [_BITS] if used & {"exp", "log1p", "tanh"} else []
    parts += [_TEXTS[name] for name in NAMES if name in used]
    return "\n\n".join(_filled(part, real) for part in parts)


def _filled(text: str, real: Real) -> str:
    halves = [float(c.rstrip("f")) / 2 ** (len(_EXP[real.suffix]) + 1 - k) for k, c in enumerate(_EXP[real.suffix])]
    exp, log = tuple(f"{c!r}{real.literal}" for c in (*halves, 0.5, 1.0)), _LOG[real.suffix]
    series, share = _EXP[real.suffix], _SHARE[real.suffix]
    text = text.replace("SHARESTEPS", _horner(share, "z")).replace("SHARE0", share[0])
    text = text.replace("SERIESSTEPS", _horner(series, "r")).replace("SERIES0", series[0])
    text = text.replace("EXPSTEPS", _horner(exp, "r")).replace("LOGSTEPS", _horner(log, "z"))
    text = text.replace("EXP0", exp[0]).replace("LOG0", log[0]).replace("U##INTEGER", f"u{real.integer}")
    text = text.replace("REAL", real.name).replace("INTEGER", real.integer).replace("SUFFIX", real.suffix)
    for name in sorted(_NUMBERS[real.suffix], key=len, reverse=True):
        text = text.replace(name, _NUMBERS[real.suffix][name])
    return text


def _horner(coefficients: tuple[str, ...], variable: str) -> str:
    return "\n".join(f"    q = q * {variable} + {c};" for c in coefficients[1:])
