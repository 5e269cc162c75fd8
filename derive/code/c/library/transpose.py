r"""A block of rows turned into its columns and back in C, by exchanges of lanes between two vectors.

For :math:`s = 2^k, \dots, 2, 1` row r and row r + s exchange halves: of each 2s lanes, the first s stay where r has them and
the others come from r + s. After the last step vector j holds column j. This is J. O. Eklundh's transposition (A fast computer
method for matrix transposing, IEEE Transactions on Computers C-21, 1972).

Rows are read and written with whole vectors, which reach into the rows that follow. So rows are written in their order, and
at the end of an array, where nothing follows, the last ones go by way of a small array of their own.
"""

from __future__ import annotations

from derive.code.c.library.functions import Real

LANES = {"f32": 16, "f64": 8}

WIDTHS = (64, 32, 16)

_TEXT = """\
/* How many rows of n numbers must follow a block that is read with whole vectors. */
static inline int beyond_SUFFIX(int n)
{
    return ((n + WIDTH_SUFFIX - 1) / WIDTH_SUFFIX * WIDTH_SUFFIX - n + n - 1) / n;
}

typedef INTEGER lanes_SUFFIX __attribute__((vector_size(VECTOR_BYTES)));
#ifdef __clang__
#define SHUFFLE_SUFFIX(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
#else
#define SHUFFLE_SUFFIX(x, y, ...) __builtin_shuffle(x, y, (lanes_SUFFIX){__VA_ARGS__})
#endif

/* Row r and row r + step of as many as a vector has lanes exchange lanes, where r has not the bit `step`. */
#define EXCHANGE_SUFFIX(v, step, first, second) \\
    _Pragma("GCC unroll 16") \\
    for (int r = 0; r < WIDTH_SUFFIX; ++r) \\
        if (!(r & step)) { \\
            const vector_SUFFIX x = v[r], y = v[r + step]; \\
            v[r] = SHUFFLE_SUFFIX(x, y, first); \\
            v[r + step] = SHUFFLE_SUFFIX(x, y, second); \\
        }

static inline void turn_SUFFIX(vector_SUFFIX *v)
{
STEPS
}

/* The columns of LANES rows of n numbers; with `end`, nothing may be read that follows them. */
static inline void columns_SUFFIX(const REAL *x, int n, int end, REAL (*columns)[LANES])
{
    const int last = beyond_SUFFIX(n), safe = LANES - last;
    REAL edge[4 * LANES];
    if (end)
        for (int i = 0; i < last * n; ++i) edge[i] = x[safe * n + i];
    const REAL *const after = end ? edge : x + safe * n;
#pragma GCC unroll 12
    for (int c = 0; c < (n + WIDTH_SUFFIX - 1) / WIDTH_SUFFIX; ++c) {
#pragma GCC unroll 4
        for (int b = 0; b < LANES; b += WIDTH_SUFFIX) {
            vector_SUFFIX v[WIDTH_SUFFIX];
#pragma GCC unroll 16
            for (int r = 0; r < WIDTH_SUFFIX; ++r)
                v[r] = load_SUFFIX((b + r < safe ? x + (b + r) * n : after + (b + r - safe) * n) + c * WIDTH_SUFFIX);
            turn_SUFFIX(v);
#pragma GCC unroll 16
            for (int r = 0; r < WIDTH_SUFFIX; ++r)
                if (c * WIDTH_SUFFIX + r < n) store_SUFFIX(columns[c * WIDTH_SUFFIX + r] + b, v[r]);
        }
    }
}

/* The rows of LANES columns of n numbers; with `end`, nothing may be written that follows them. */
static inline void rows_SUFFIX(REAL *x, int n, int end, REAL (*columns)[LANES])
{
    const int last = beyond_SUFFIX(n), safe = LANES - last;
    REAL edge[4 * LANES];
    REAL *const after = end ? edge : x + safe * n;
#pragma GCC unroll 12
    for (int c = (n + WIDTH_SUFFIX - 1) / WIDTH_SUFFIX - 1; c >= 0; --c) {
#pragma GCC unroll 4
        for (int b = 0; b < LANES; b += WIDTH_SUFFIX) {
            vector_SUFFIX v[WIDTH_SUFFIX];
#pragma GCC unroll 16
            for (int r = 0; r < WIDTH_SUFFIX; ++r) {
                if (c * WIDTH_SUFFIX + r < n) v[r] = load_SUFFIX(columns[c * WIDTH_SUFFIX + r] + b);
                else v[r] = all_SUFFIX(0);
            }
            turn_SUFFIX(v);
#pragma GCC unroll 16
            for (int r = 0; r < WIDTH_SUFFIX; ++r)
                store_SUFFIX((b + r < safe ? x + (b + r) * n : after + (b + r - safe) * n) + c * WIDTH_SUFFIX, v[r]);
        }
    }
    if (end)
        for (int i = 0; i < last * n; ++i) x[safe * n + i] = edge[i];
}"""


def turning(real: Real) -> str:
    """The C functions that turn a block of `LANES` rows, for one type."""
    steps = []
    for width in WIDTHS:
        steps += [f"#if VECTOR_BYTES == {width}", *_steps(real, width * LANES[real.suffix] // WIDTHS[0]), "#endif"]
    text = _TEXT.replace("STEPS", "\n".join(steps)).replace("LANES", str(LANES[real.suffix])).replace("SUFFIX", real.suffix)
    return text.replace("REAL", real.name).replace("INTEGER", real.integer)


def _steps(real: Real, lanes: int) -> list[str]:
    """The exchanges that turn as many rows as a vector has lanes."""
    lines, step = [], lanes // 2
    while step:
        first = ", ".join(str(lanes + i - step if i & step else i) for i in range(lanes))
        second = ", ".join(str(lanes + i if i & step else i + step) for i in range(lanes))
        lines.append(
            f"#define FIRST_{real.suffix}_{step} {first}\n#define SECOND_{real.suffix}_{step} {second}\n"
            f"    EXCHANGE_{real.suffix}(v, {step}, FIRST_{real.suffix}_{step}, SECOND_{real.suffix}_{step})"
        )
        step //= 2
    return lines
