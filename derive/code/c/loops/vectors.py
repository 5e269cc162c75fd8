"""Vectors in C, as GCC and Clang have them: the types and functions that the loops of the C target are written with.

What works lane by lane is a loop over the lanes, which a compiler turns into one instruction; the number of lanes is that
of the widest vectors of the machine that the file is compiled for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from derive.code.arrays.program import Contract, Gather, Identity, Input, Node, Put
from derive.code.c.library.functions import NAMES, Real
from derive.code.c.library.transpose import turning
from derive.code.c.values.expressions import EXPONENTIALS, LIBRARY, Expressions, Text
from derive.code.c.values.plan import own_axes

# For many processors with AVX-512 GCC prefers vectors of 32 bytes: it would store two halves of what the next instruction loads
# as a whole, and such a load waits until both are in the cache.
BYTES = """\
#ifndef VECTOR_BYTES
#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
#endif
#if VECTOR_BYTES != 64 && VECTOR_BYTES != 32 && VECTOR_BYTES != 16
#error "VECTOR_BYTES: expected 64, 32 or 16"
#endif
#if VECTOR_BYTES == 64 && defined(__AVX512F__) && __GNUC__ >= 8 && !defined(__clang__)
#pragma GCC target("prefer-vector-width=512")
#endif"""

_BASE = """\
#define WIDTH_SUFFIX ((int)(VECTOR_BYTES / sizeof(REAL)))
typedef REAL vector_SUFFIX __attribute__((vector_size(VECTOR_BYTES)));
typedef REAL unaligned_SUFFIX __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(REAL)), may_alias));

static inline vector_SUFFIX load_SUFFIX(const REAL *x) { return *(const unaligned_SUFFIX *)x; }
static inline void store_SUFFIX(REAL *x, vector_SUFFIX v) { *(unaligned_SUFFIX *)x = v; }
static inline vector_SUFFIX all_SUFFIX(REAL x) { return (vector_SUFFIX){0} + x; }

/* The first `count` numbers from x on; the other lanes are 0. */
static inline vector_SUFFIX load_some_SUFFIX(const REAL *x, int count)
{
    REAL a[WIDTH_SUFFIX];
#pragma omp simd
    for (int i = 0; i < WIDTH_SUFFIX; ++i) a[i] = i < count ? x[i] : 0;
    return load_SUFFIX(a);
}

static inline void store_some_SUFFIX(REAL *x, vector_SUFFIX v, int count)
{
    REAL a[WIDTH_SUFFIX];
    store_SUFFIX(a, v);
#pragma omp simd
    for (int i = 0; i < WIDTH_SUFFIX; ++i) if (i < count) x[i] = a[i];
}

/* v with `fill` in the lanes from `count` on. */
static inline vector_SUFFIX first_SUFFIX(vector_SUFFIX v, int count, REAL fill)
{
    REAL a[WIDTH_SUFFIX];
    store_SUFFIX(a, v);
#pragma omp simd
    for (int i = 0; i < WIDTH_SUFFIX; ++i) a[i] = i < count ? a[i] : fill;
    return load_SUFFIX(a);
}

/* Lane by lane; y where one of the two is a NaN. */
static inline vector_SUFFIX larger_SUFFIX(vector_SUFFIX x, vector_SUFFIX y)
{
    REAL a[WIDTH_SUFFIX], b[WIDTH_SUFFIX];
    store_SUFFIX(a, x);
    store_SUFFIX(b, y);
#pragma omp simd
    for (int i = 0; i < WIDTH_SUFFIX; ++i) a[i] = a[i] > b[i] ? a[i] : b[i];
    return load_SUFFIX(a);
}

static inline vector_SUFFIX smaller_SUFFIX(vector_SUFFIX x, vector_SUFFIX y)
{
    REAL a[WIDTH_SUFFIX], b[WIDTH_SUFFIX];
    store_SUFFIX(a, x);
    store_SUFFIX(b, y);
#pragma omp simd
    for (int i = 0; i < WIDTH_SUFFIX; ++i) a[i] = a[i] < b[i] ? a[i] : b[i];
    return load_SUFFIX(a);
}
"""

_WHERE = """\
/* `fill` in the lane `place`, `rest` in the others. */
static inline vector_SUFFIX where_SUFFIX(INTEGER place, vector_SUFFIX fill, vector_SUFFIX rest)
{
    REAL a[WIDTH_SUFFIX], b[WIDTH_SUFFIX];
    store_SUFFIX(a, fill);
    store_SUFFIX(b, rest);
#pragma omp simd
    for (INTEGER i = 0; i < WIDTH_SUFFIX; ++i) a[i] = i == place ? a[i] : b[i];
    return load_SUFFIX(a);
}"""
_SUM = """\
static inline REAL sum_of_SUFFIX(vector_SUFFIX v)
{
    REAL a[WIDTH_SUFFIX];
    store_SUFFIX(a, v);
STEPS
    return a[0];
}"""
_MAX = """\
static inline REAL max_of_SUFFIX(vector_SUFFIX v)
{
    REAL a[WIDTH_SUFFIX];
    store_SUFFIX(a, v);
STEPS
    return a[0];
}"""
_OTHERS = """\
/* The sum of all numbers but the largest, from the same of each lane and the largest of each lane. */
static inline REAL others_of_SUFFIX(vector_SUFFIX rest, vector_SUFFIX top)
{
    REAL a[WIDTH_SUFFIX], b[WIDTH_SUFFIX];
    store_SUFFIX(a, rest);
    store_SUFFIX(b, top);
STEPS
    return a[0];
}"""
_HALF = """\
#pragma omp simd
    for (int i = 0; i < WIDTH_SUFFIX / PART; ++i) {BODY}"""
_STEPS = {
    "sum": (_SUM, " a[i] += a[i + WIDTH_SUFFIX / PART]; "),
    "max": (_MAX, " a[i] = a[i] > a[i + WIDTH_SUFFIX / PART] ? a[i] : a[i + WIDTH_SUFFIX / PART]; "),
    "others": (
        _OTHERS,
        """
        const REAL x = b[i], y = b[i + WIDTH_SUFFIX / PART];
        a[i] += a[i + WIDTH_SUFFIX / PART] + (x < y ? x : y);
        b[i] = x > y ? x : y;
    """,
    ),
}
_EXP = """\
static inline vector_SUFFIX NAME_all_SUFFIX(vector_SUFFIX x, LIMITS)
{
    REAL a[WIDTH_SUFFIX];
    store_SUFFIX(a, x);
#pragma omp simd
    for (int i = 0; i < WIDTH_SUFFIX; ++i) a[i] = NAME_SUFFIX(a[i], USED);
    return load_SUFFIX(a);
}"""


def vector_helpers(real: Real, used: set[str]) -> str:
    """The C text for what is in `used`: reductions ("sum of"), functions of so many vectors ("log1p/1"), "turn"."""
    if not used:
        return ""
    parts = [_BASE.rstrip()]
    for name, (text, body) in _STEPS.items():
        if f"{name} of" in used:
            parts.append(text.replace("STEPS", _halves(real, body)))
    if "where" in used:
        parts.append(_WHERE)
    if "turn" in used:
        parts.append(turning(real))
    for name in sorted(used):
        function, _, count = name.partition("/")
        if function in EXPONENTIALS:
            text, limits = EXPONENTIALS[function]
            given = ", ".join(f"REAL {limit}" for limit in limits.split(", "))
            parts.append(_EXP.replace("LIMITS", given).replace("NAME", text).replace("USED", limits))
        elif count:
            parts.append(_mapped(function, int(count), real))
    return "\n\n".join(parts).replace("REAL", real.name).replace("INTEGER", real.integer).replace("SUFFIX", real.suffix)


def _halves(real: Real, body: str) -> str:
    """Each step halves how many lanes there are; those that a narrower vector does not have do nothing."""
    widest = 16 if real.name == "float" else 8
    parts = [2**power for power in range(1, widest.bit_length())]
    return "\n".join(_HALF.replace("BODY", body).replace("PART", str(part)) for part in parts)


def _mapped(name: str, count: int, real: Real) -> str:
    """The function of `count` numbers for each lane of as many vectors."""
    call = f"{name}_SUFFIX" if name in NAMES else f"{LIBRARY[name]}{real.literal}"
    letters = "xyz"[:count]
    lines = [
        f"static inline vector_SUFFIX {name}_all_SUFFIX({', '.join(f'vector_SUFFIX {x}' for x in letters)})",
        "{",
        f"    REAL {', '.join(f'{x}_lanes[WIDTH_SUFFIX]' for x in letters)};",
        *(f"    store_SUFFIX({x}_lanes, {x});" for x in letters),
        "#pragma omp simd",
        f"    for (int i = 0; i < WIDTH_SUFFIX; ++i) x_lanes[i] = {call}({', '.join(f'{x}_lanes[i]' for x in letters)});",
        "    return load_SUFFIX(x_lanes);",
        "}",
    ]
    return "\n".join(lines)


class NotVector(ValueError):
    """An expression that is not written with vectors."""


@dataclass(frozen=True)
class Vector(Text):
    """An expression whose value is a vector."""


@dataclass
class VectorExpressions(Expressions):
    """Expressions of which the entries from ``j`` on are taken at once.

    With `tail` it is only those that are left at the end. Nodes in `fresh` are in a variable already, and those in `passing`
    nowhere else. With `blocked` the numbers of an example are those of one of several examples side by side.
    """

    tail: str = ""
    vector: bool = False
    blocked: bool = False
    fresh: set[int] = field(default_factory=set)
    row_numbers: frozenset[int] = frozenset()
    passing: frozenset[int] = frozenset()

    def loaded(self, pointer: str) -> Text:
        """The entries of an array from ``j`` on."""
        if self.tail:
            return Vector(f"load_some_{self.real.suffix}({pointer} + j, {self.tail})")
        return Vector(f"load_{self.real.suffix}({pointer} + j)")

    def kept(self, place: int, index: str, array: bool) -> Text:
        if not array and self.blocked and place in self.row_numbers:
            return Text(f"{self.plan.names[place]}[lane]")
        if array and index == "j" and place in self.fresh:
            text = f"{self.plan.names[place]}_j"
            return Vector(text) if self.vector else Text(text)
        if not array or not self.vector or index != "j":
            return super().kept(place, index, array)
        return self.loaded(self.moved.get(place, self.plan.names[place]))

    def argument(self, node: Input, indices: Sequence[str]) -> Text:
        text = super().argument(node, indices)
        if not self.vector or "j" not in indices:
            if self.vector and any("j" in index.split() for index in indices):
                raise NotVector("an index that is not the loop's own")
            return text
        if list(indices) != ["j"] or node.kind == "index":
            raise NotVector("an entry that is not the next one")
        return self.loaded(text.text.removesuffix("[j]"))

    def written(self, node: Node, env: Mapping[str, str]) -> Text:
        if self.vector and isinstance(node, Put) and own_axes(node):
            if env[node.axis] != "j" or own_axes(self.plan.program.nodes[node.index.node]):
                raise NotVector("a place that is not the same for all entries")
            self.vectors.add("where")
            place = self.index(self.value(node.index, env).text)
            fill, rest = (self.spread(self.value(ref, env)) for ref in (node.value, node.operand))
            return Vector(f"where_{self.real.suffix}({place} - j, {fill}, {rest})")
        if self.vector and isinstance(node, Identity | Gather) and own_axes(node):
            raise NotVector("a place among the entries")
        return super().written(node, env)

    def operated(self, parts: Sequence[Text], text: Text) -> Text:
        return Vector(text.text, text.binds) if any(isinstance(part, Vector) for part in parts) else text

    def product(self, node: Contract, env: Mapping[str, str]) -> Text:
        if not self.vector:
            return super().product(node, env)
        parts = [self.value(ref, env) for ref in node.operands]
        return self.operated(parts, Text(" * ".join(part.within(2) for part in parts), 2))

    def called(self, name: str, parts: Sequence[Text]) -> Text:
        if not any(isinstance(part, Vector) for part in parts):
            return super().called(name, parts)
        self.vectors.add(f"{name}/{len(parts)}")
        arguments = ", ".join(self.spread(part) for part in parts)
        if name in EXPONENTIALS:
            self.helpers |= {"exp", "limits"}
            return Vector(f"{EXPONENTIALS[name][0]}_all_{self.real.suffix}({arguments}, {EXPONENTIALS[name][1]})")
        self.helpers |= {name} & set(NAMES)
        return Vector(f"{name}_all_{self.real.suffix}({arguments})")

    def spread(self, text: Text) -> str:
        """The expression as a vector."""
        return text.text if isinstance(text, Vector) else f"all_{self.real.suffix}({text.text})"
