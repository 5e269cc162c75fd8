"""The functions that the C target inlines, against long doubles and at the ends of their ranges."""

import numpy as np
import pytest

from derive.code.c.build import CompilerMissing, compiler, load
from derive.code.c.library.functions import NAMES, REALS, helpers

LIMIT = {"exp": 3, "log1p": 2}
KINDS = {"float32": np.float32, "float64": np.float64}
pytest.importorskip("cffi", reason="needs cffi")


@pytest.fixture(scope="module")
def library():
    try:
        compiler()
    except CompilerMissing:
        pytest.skip("no C compiler")
    text, declarations = "#include <math.h>\n#include <stdint.h>\n", []
    for real in REALS:
        text += helpers(real, set(NAMES)) + "\n"
        for name in ("exp", "log1p", "log1p_share", "shift", "sign"):
            head = f"void all_{name}_{real.suffix}(int n, const {real.name} *x, {real.name} *y)"
            text += f"{head} {{\n#pragma omp simd\nfor (int i = 0; i < n; ++i) y[i] = {name}_{real.suffix}(x[i]); }}\n"
            declarations.append(head + ";")
        for name in ("raised", "lowered"):
            head = f"{real.name} one_{name}_{real.suffix}({real.name} x, {real.name} known, {real.name} y)"
            text += f"{head} {{ return {name}_{real.suffix}(x, known, y); }}\n"
            declarations.append(head + ";")
    interface, made = load(text, declarations)

    def call(name, x):
        real = next(real for real in REALS if KINDS[real.dtype] is x.dtype.type)
        if name in ("raised", "lowered"):
            return getattr(made, f"one_{name}_{real.suffix}")(*map(float, x))
        y = np.empty_like(x)
        pointers = [interface.cast(f"{real.name} *", a.ctypes.data) for a in (x, y)]
        getattr(made, f"all_{name}_{real.suffix}")(len(x), *pointers)
        return y

    return call


def worst(found, wanted):
    """The largest error in ULP, where the result is finite."""
    nearest = wanted.astype(found.dtype)
    inside = np.isfinite(nearest)
    assert (found[~inside] == nearest[~inside]).all()
    error = np.abs(found[inside].astype(np.longdouble) - wanted[inside])
    return float((error / np.spacing(np.abs(nearest[inside])).astype(np.longdouble)).max())


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 60, reason="long doubles are too short")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_exp_and_log1p_are_accurate(library, dtype):
    rng = np.random.default_rng(0)
    low, high = (-104, 89) if dtype is np.float32 else (-746, 710)
    for a, b in ((low, high), (-1, 1), (low, low * 0.8), (high - 1, high)):
        x = rng.uniform(a, b, 200_000).astype(dtype)
        assert worst(library("exp", x), np.exp(x.astype(np.longdouble))) < LIMIT["exp"]
    for a, b in ((-40, 0), (0, 38), (-1, 1)):
        x = (10.0 ** rng.uniform(a, b, 200_000)).astype(dtype)
        assert worst(library("log1p", x), np.log1p(x.astype(np.longdouble))) < LIMIT["log1p"]
    x = rng.uniform(-1, 1, 200_000).astype(dtype)
    assert worst(library("log1p", x), np.log1p(x.astype(np.longdouble))) < LIMIT["log1p"]


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 60, reason="long doubles are too short")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_logarithm_above_1_is_accurate_up_to_2(library, dtype):
    for x in (np.linspace(0, 1, 200_001), 10.0 ** np.random.default_rng(0).uniform(-40, 0, 200_000)):
        x = x.astype(dtype)
        assert worst(library("log1p_share", x), np.log1p(x.astype(np.longdouble))) < LIMIT["log1p"]
    x = np.array([0, np.finfo(dtype).smallest_subnormal, np.nan], dtype)
    np.testing.assert_array_equal(library("log1p_share", x), x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_power_that_follows_from_another_is_the_power(library, dtype):
    tiny, huge = np.finfo(dtype).tiny, np.finfo(dtype).max
    for x in (0.0, tiny / 8, 1e-3, 0.7, 1.0, 3.0, huge, np.inf, -2.0, np.nan):
        for y in (-2.5, -1.0, 0.0, 0.5, 1.0, 2.0, 40.0):
            with np.errstate(all="ignore"):
                x_, wanted = dtype(x), np.power(dtype(x), dtype(y))
                for name, near in (("raised", y - 1), ("lowered", y + 1)):
                    found = library(name, np.array([x_, np.power(x_, dtype(near)), y], dtype))
                    np.testing.assert_allclose(found, wanted, rtol=4 * np.finfo(dtype).eps, err_msg=f"{name} {x} {y}")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_ends(library, dtype):
    x = np.array([np.inf, -np.inf, np.nan, 0, -1e30, 1e30, -1e4, 1e4], dtype)
    np.testing.assert_array_equal(library("exp", x), np.array([np.inf, 0, np.nan, 1, 0, np.inf, 0, np.inf], dtype))
    y = library("log1p", np.array([np.inf, np.nan, 0, -1, -2], dtype))
    np.testing.assert_array_equal(y, np.array([np.inf, np.nan, 0, -np.inf, np.nan], dtype))
    tiny = np.array([np.finfo(dtype).smallest_subnormal], dtype)
    assert library("log1p", tiny) == tiny
    smallest = np.array([-103.0 if dtype is np.float32 else -745.0], dtype)
    assert library("exp", smallest) == np.finfo(dtype).smallest_subnormal


def test_the_shift_leaves_ordinary_numbers_alone(library):
    for dtype, bound in ((np.float32, 66.72), (np.float64, 687.78)):
        x = np.array([0, 3, bound, bound + 1.5, bound + 9.5, -0.4, -0.6, -3.2, -bound - 9, 1e30, -1e30, -np.inf], dtype)
        expected = np.array([0, 0, 0, 1, 9, 0, -1, -6, -2 * bound - 9, 1e30, -1e30, np.finfo(dtype).min], dtype)
        np.testing.assert_array_equal(library("shift", x), np.trunc(expected))
        assert dtype(bound + 0.004) > np.log(np.finfo(dtype).max) - 22 > dtype(bound - 0.004)
    np.testing.assert_array_equal(library("sign", np.array([-2.0, 0.0, 3.0])), [-1, 0, 1])
