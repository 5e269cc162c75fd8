"""The C target computes what the program says: for every function of the library, at every layout, and at hard numbers."""

import platform
import re
from dataclasses import replace
from fractions import Fraction

import cffi
import mpmath
import numpy as np
import pytest

from derive import cli
from derive.code.arrays.peaks import with_one_sum, without_places
from derive.code.arrays.program import BATCH, Axis, Elementwise, Output, Reduce, Ref, ShapeError, operands_of
from derive.code.c import build as c_build
from derive.code.c.build import CompilationFailed, CompilerMissing
from derive.code.c.call import Compiled, compiled
from derive.code.c.loops.along_classes import CHUNK
from derive.code.c.loops.lanes import LANES, fits
from derive.code.c.target import safe, sizes_of, write
from derive.code.c.values.plan import plan
from derive.code.functions.interpret import evaluate
from derive.jobs.compile import NothingToCompile
from derive.jobs.compile import compile as compile_document
from tests.code.library import made
from tests.tools.compilers import needs_compiler

DOCUMENTS = ["softmax-cross-entropy", "linear-layer", "weight-update", "sigmoid-cross-entropy"]
LAYOUTS = [
    {"n": 3, "d": 4, BATCH: 5},
    {"n": 10, "d": 33, BATCH: 37},
    {"n": 2 * CHUNK + 77, "d": 2, BATCH: 2},
    {"n": 1, "d": 1, BATCH: 1},
]
ULP = 8


pytestmark = needs_compiler


@pytest.fixture(scope="module")
def fused():
    return next(f for f in made("softmax-cross-entropy").functions if f.name == "loss_and_gradient")


def arguments(function, layout, seed=0):
    rng, sizes, found = np.random.default_rng(seed), dict(layout), {}
    for node in function.arguments:
        shape = [int(a.size) if a.size.isdigit() else sizes.setdefault(a.size, 6) for a in node.axes]
        found[node.name] = rng.integers(0, sizes[node.below], shape) if node.kind == "index" else rng.uniform(0.05, 2, shape)
    return found


def results(function, arrays):
    found = Compiled(function)(*(arrays[node.name] for node in function.arguments))
    return dict(zip([o.name for o in function.program.outputs], found if isinstance(found, tuple) else (found,), strict=True))


def builds():
    """Every document at every layout; each is built, all but one in the long run."""
    slow = pytest.mark.slow
    cases = [(name, layout) for name in DOCUMENTS for layout in LAYOUTS]
    return [pytest.param(*case, id=f"{case[0]}-{case[1]}", marks=slow if place else ()) for place, case in enumerate(cases)]


@pytest.mark.parametrize(("name", "layout"), builds())
def test_it_computes_what_the_program_says(name, layout):
    for function in made(name).functions:
        arrays = arguments(function, layout)
        expected = evaluate(function.program, arrays)
        for output, value in results(function, arrays).items():
            assert value.dtype == np.float64
            np.testing.assert_allclose(value, expected[output], rtol=1e-11, atol=1e-12, err_msg=f"{function.name} {output}")
        short = {k: v.astype(np.float32) if v.dtype.kind == "f" else v for k, v in arrays.items()}
        for output, value in results(function, short).items():
            assert value.dtype == np.float32
            np.testing.assert_allclose(value, expected[output], rtol=3e-4, atol=3e-4, err_msg=f"{function.name} {output}")


@pytest.mark.parametrize(
    "layout", [LAYOUTS[0], *(pytest.param(each, marks=pytest.mark.slow) for each in LAYOUTS[1:3])], ids=str
)
def test_a_planted_sign_error_differs(fused, layout):
    arrays = arguments(fused, layout)
    expected = evaluate(fused.program, arrays)
    for place, node in enumerate(fused.program.nodes):
        # Any shift gives the same value, so the sign of a shift is no error.
        shifted = any(getattr(fused.program.nodes[ref.node], "op", "") == "shift" for ref in operands_of(node))
        if isinstance(node, Elementwise) and node.op in ("add", "sub") and not shifted:
            wrong = list(fused.program.nodes)
            wrong[place] = replace(node, op="sub" if node.op == "add" else "add")
            found = results(replace(fused, program=replace(fused.program, nodes=tuple(wrong))), arrays)
            assert any(not np.allclose(found[name], expected[name], rtol=1e-6) for name in found), place


def exact(x, t):
    """The loss and the gradient of one example, from 60 digits."""
    with mpmath.workdps(60):
        z = [mpmath.mpf(Fraction(float(v)).numerator) / Fraction(float(v)).denominator for v in x]
        top = z.index(max(z))
        e = [mpmath.exp(v - z[top]) for v in z]
        total = mpmath.fsum(e)
        loss = z[top] - z[t] + mpmath.log1p(mpmath.fsum(v for k, v in enumerate(e) if k != top))
        others = mpmath.fsum(v for k, v in enumerate(e) if k != t)
        return loss, [-others / total if k == t else v / total for k, v in enumerate(e)]


def ulps(found, wanted):
    nearest = found.dtype.type(float(wanted))
    spacing = max(float(np.spacing(abs(nearest))), float(np.finfo(found.dtype).smallest_subnormal))
    return float(abs(mpmath.mpf(float(found)) - wanted) / spacing)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [2, 10, 100, 3000])
@pytest.mark.parametrize("lead", [0, 5, 20, 36])
def test_the_loss_and_the_gradient_are_accurate(fused, dtype, classes, lead):
    rng = np.random.default_rng(classes + lead)
    x = (rng.standard_normal((4, classes)) * 3).astype(dtype)
    y = rng.integers(0, classes, 4)
    x[np.arange(4), y] += dtype(lead)
    loss, gradient = Compiled(fused)(x, y)
    for row in range(4):
        wanted, slopes = exact(x[row], int(y[row]))
        assert ulps(loss[row], wanted) <= ULP
        assert ulps(gradient[row, y[row]], slopes[y[row]]) <= ULP
        assert max(ulps(gradient[row, k], slopes[k]) for k in range(0, classes, 1 + classes // 50)) <= ULP


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [3, 40, 3000])
def test_no_number_is_lost_at_the_ends_of_the_range(fused, dtype, classes):
    rows = [
        [1e4, -1e4, 0],
        [-1e4, -1e4, -1e4],
        [1e4, 1e4, 1e4],
        [100, 0, -3],
        [0, -np.inf, 1],
        [88, -100, 44.2],
        [np.finfo(dtype).smallest_subnormal, 0, -0.0],
        [np.finfo(dtype).max, 0, -np.finfo(dtype).max / 4],
    ]
    x = np.full((len(rows), classes), -np.inf, dtype)
    x[:, :3] = rows
    y = np.array([0, 1, 2, 0, 0, 2, 1, 0])
    loss, gradient = Compiled(fused)(x, y)
    assert np.isfinite(gradient).all() and np.isfinite(loss).all()
    assert loss[0] == 0 and loss[7] == 0
    assert loss[3] == pytest.approx(float(np.exp(np.longdouble(-100)) + np.exp(np.longdouble(-103))), rel=2e-2, abs=0)
    assert gradient[3, 0] == -loss[3]
    spoiled = x.copy()
    spoiled[0, 1] = np.nan
    loss, gradient = Compiled(fused)(spoiled, y)
    assert np.isnan(loss[0]) and np.isnan(gradient[0]).any() and np.isfinite(loss[1:]).all()


def test_denormal_numbers_are_kept_in_the_process(fused):
    Compiled(fused)(np.zeros((2, 3)), np.array([0, 1]))
    assert np.float64(5e-324) * 1 != 0 and np.finfo(np.float32).smallest_subnormal * np.float32(1) != 0


def test_labels_that_are_no_places_are_refused(fused):
    for label in (-1, 3, 2**40):
        with pytest.raises(IndexError):
            Compiled(fused)(np.zeros((2, 3)), np.array([0, label]))


def test_shapes_that_do_not_fit_are_refused(fused):
    for x, y in ((np.zeros(3), np.array([0])), (np.zeros((2, 3)), np.array([0])), (np.zeros((2, 0)), np.array([0, 0]))):
        with pytest.raises(ShapeError):
            Compiled(fused)(x, y)
    with pytest.raises(ShapeError):
        Compiled(fused)(np.zeros((2, 3)))


def test_what_was_prepared_is_computed_again_from_the_same_arrays(fused):
    x, y = np.zeros((2, 3)), np.array([0, 1])
    run, (loss, _) = Compiled(fused).prepare(x, y)
    run()
    first = loss.copy()
    x[0, 0] = 5
    run()
    assert loss[0] < first[0] and loss[1] == first[1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("classes", [1, 2, 5, 8, 10, 16, 17, 24, 25, 40])
def test_blocks_that_are_not_full(fused, classes, dtype):
    compiled_function = Compiled(fused)
    for batch in (0, 1, 7, 8, 9, 15, 16, 17, 19, 33):
        rng = np.random.default_rng(batch)
        x, y = rng.standard_normal((batch, classes)).astype(dtype), rng.integers(0, classes, batch)
        loss, gradient = compiled_function(x, y)
        expected = evaluate(fused.program, {"z": x.astype(np.float64), "labels": y})
        np.testing.assert_allclose(loss, expected["loss"], rtol=1e-13 if dtype is np.float64 else 2e-6)
        np.testing.assert_allclose(gradient, expected["gradient"], rtol=1e-12 if dtype is np.float64 else 2e-6, atol=1e-30)
    assert max(LANES.values()) == 16


@pytest.mark.slow
@pytest.mark.parametrize("flags", [("-mno-avx512f",), ("-mno-avx512f", "-mno-avx")], ids=["32 bytes", "16 bytes"])
@pytest.mark.parametrize("classes", [10, 100])
def test_narrower_vectors_give_the_same_numbers(fused, classes, flags):
    if platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip("these are flags of one kind of processor")
    rng = np.random.default_rng(classes)
    x, y = rng.standard_normal((37, classes)), rng.integers(0, classes, 37)
    source = write([fused], "T", "s", {"n": classes})
    interface = cffi.FFI()
    interface.cdef("int loss_and_gradient_f64(int64_t, void *, void *, void *, void *);")
    library = interface.dlopen(str(c_build.build(source, (*c_build.FLAGS, *flags))))
    loss, gradient = np.empty(37), np.empty_like(x)
    assert library.loss_and_gradient_f64(37, *(interface.from_buffer("char[]", a) for a in (x, y, loss, gradient))) == 0
    expected = evaluate(fused.program, {"z": x, "labels": y})
    np.testing.assert_allclose(loss, expected["loss"], rtol=1e-13)
    np.testing.assert_allclose(gradient, expected["gradient"], rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("batch", [16, 17, 31, 48])
@pytest.mark.parametrize("classes", [1, 3, 10, 100])
def test_nothing_is_read_or_written_beyond_the_arrays(fused, classes, batch):
    rng = np.random.default_rng(classes)
    room = 64
    x, y = rng.standard_normal((batch, classes)), rng.integers(0, classes, batch)
    kept_x = np.full(batch * classes + room, np.nan)
    kept_x[: batch * classes] = x.ravel()
    loss, kept = np.full(batch + room, 7.0), np.full(batch * classes + room, 7.0)
    interface, library = c_build.load(
        write([fused], "T", "s", {"n": classes}), ["int loss_and_gradient_f64(int64_t, void *, void *, void *, void *);"]
    )
    assert library.loss_and_gradient_f64(batch, *(interface.from_buffer("char[]", a) for a in (kept_x, y, loss, kept))) == 0
    assert (loss[batch:] == 7).all() and (kept[batch * classes :] == 7).all()
    expected = evaluate(fused.program, {"z": x, "labels": y})
    np.testing.assert_allclose(kept[: batch * classes].reshape(batch, classes), expected["gradient"], rtol=1e-12, atol=1e-300)


def test_a_file_for_few_classes_is_refused_for_many(fused):
    source = write([fused], "T", "s", {"n": 10})
    assert c_build.build(source, (*c_build.FLAGS, "-DSIZE_n=24")).exists()
    with pytest.raises(CompilationFailed, match="laid out for SIZE_n up to 24"):
        c_build.build(source, (*c_build.FLAGS, "-DSIZE_n=25"))


def test_the_largest_is_left_out_once_where_there_are_several(fused):
    for classes in (4, 40, 3000):
        x = np.zeros((3, classes))
        x[1, :3] = 5
        loss, gradient = Compiled(fused)(x, np.array([0, 1, classes - 1]))
        expected = evaluate(fused.program, {"z": x, "labels": np.array([0, 1, classes - 1])})
        np.testing.assert_allclose(loss, expected["loss"], rtol=1e-14)
        np.testing.assert_allclose(gradient, expected["gradient"], rtol=1e-14)


def test_the_place_of_a_maximum_is_not_looked_for_where_its_value_will_do(fused):
    found = without_places(fused.program)
    assert any(getattr(node, "op", "") == "argmax" for node in fused.program.nodes)
    assert not any(getattr(node, "op", "") == "argmax" for node in found.nodes)
    assert [getattr(node, "op", "") for node in found.nodes].count("others") == 1


def test_a_place_stays_where_what_is_read_there_does_not_rise_with_the_maximum(fused):
    falling = tuple(
        replace(node, op="neg", operands=node.operands[:1]) if getattr(node, "op", "") == "exp" else node
        for node in fused.program.nodes
    )
    program = replace(fused.program, nodes=falling)
    assert without_places(program) is program
    returned = Output(
        "place",
        Ref(next(p for p, n in enumerate(fused.program.nodes) if getattr(n, "op", "") == "argmax"), (BATCH,)),
        (Axis(BATCH, BATCH),),
    )
    program = replace(fused.program, outputs=(*fused.program.outputs, returned))
    assert without_places(program) is program


def test_one_sum_serves_for_all_that_leave_out_one_place(fused):
    found = with_one_sum(fused.program)
    sums = [node for node in found.nodes if isinstance(node, Reduce) and node.op == "sum"]
    assert len(sums) == 1 and len([n for n in fused.program.nodes if isinstance(n, Reduce) and n.op == "sum"]) == 2
    rng = np.random.default_rng(0)
    arrays = {"z": rng.standard_normal((20, 6)) * 20, "labels": rng.integers(0, 6, 20)}
    expected = evaluate(fused.program, arrays)
    for name, value in evaluate(found, arrays).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-14, atol=0)


def test_sums_of_what_may_be_negative_stay(fused):
    squares = tuple(replace(node, op="sin") if getattr(node, "op", "") == "exp" else node for node in fused.program.nodes)
    program = replace(fused.program, nodes=squares)
    assert with_one_sum(program) is program and without_places(program) is program


def test_a_sum_behind_the_largest_along_one_of_several_axes_is_written():
    generated = compile_document(r"$$a_i = \ln \sum_{k=1}^{n} e^{s_{ik}}, \quad b_i = 2 v_i$$", target="c")
    assert "int b_f32(" in generated.source and "int a_f32(" in generated.source and not generated.notes


@pytest.mark.slow
def test_lengths_are_written_into_the_file(fused):
    generated = compile_document("softmax-cross-entropy", ["loss_and_gradient"], target="c", sizes={"": 7})
    assert "#define SIZE_n 7\n" in generated.source
    with pytest.raises(NothingToCompile, match="m: no length has this name; there are n"):
        compile_document("softmax-cross-entropy", ["loss_and_gradient"], target="c", sizes={"m": 7})
    with pytest.raises(NothingToCompile, match="for the target c only, found numpy"):
        compile_document("softmax-cross-entropy", ["loss_and_gradient"], sizes={"n": 7})


def test_arguments_of_every_layout_are_taken(fused):
    function, rng = Compiled(fused), np.random.default_rng(0)
    x, y = rng.standard_normal((5, 4)), rng.integers(0, 4, 5)
    loss, gradient = function(x, y)
    for other, labels in ((x.T.copy().T, y), (x[:, :], y.astype(np.int32)), (x.tolist(), y.tolist()), (x.astype(">f8"), y)):
        found = function(other, labels)
        np.testing.assert_array_equal(found[0], loss)
        np.testing.assert_array_equal(found[1], gradient)
    assert found[0] is not loss and function(x[:2], y[:2])[0].shape == (2,)


def test_few_classes_go_into_lanes_and_many_do_not(fused):
    assert fits(plan(fused.program), {"n": 10}) and not fits(plan(fused.program), {"n": 1000})
    assert "columns_f32(" in write([fused], "T", "s", {"n": 10})
    assert "columns_f32(" not in write([fused], "T", "s", {"n": 1000})


def test_the_file_says_what_licenses_it(fused):
    text = write([fused], "A title */ int x; /*", "a.md", {"n": 7})
    assert "#define SIZE_n 7" in text and sizes_of(fused) == ("n",)
    assert all(f"$${licence.latex}$$" in text for licence in fused.licences if licence.law != "cases")
    assert fused.signature.results[0].formula in text
    assert "A title * / int x; / *" in text
    assert "fast" not in re.sub(r"never with -ffast-math", "", text)


def test_a_comment_cannot_be_left():
    assert "*/" not in safe("*/ **/ */*/") and "\n" not in safe("a\nb") and "??/" not in safe("??/")


def test_without_a_compiler_numpy_computes(fused, monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.warns(RuntimeWarning, match="no C compiler: expected no-such-compiler on the path; NumPy is used instead"):
        function = compiled(fused)
    loss, _ = function(np.zeros((2, 3)), np.array([0, 1]))
    np.testing.assert_allclose(loss, np.log(3))
    with pytest.raises(CompilerMissing):
        c_build.build("int x;")


def test_with_a_compiler_c_computes(fused):
    assert isinstance(compiled(fused), Compiled)


@pytest.mark.slow
def test_lengths_on_the_command_line(tmp_path, capsys):
    path = tmp_path / "f.c"
    assert cli.run(["code", "softmax-cross-entropy", "L", "--target", "c", "--size", "n=1000", "-o", str(path)]) == 0
    assert "#define SIZE_n 1000\n" in path.read_text(encoding="utf-8")
    assert cli.run(["code", "softmax-cross-entropy", "L", "--target", "c", "--size", "12"]) == 0
    assert "#define SIZE_n 12\n" in capsys.readouterr().out
    for wrong, message in (
        ("0", "--size 0: expected a length such as 10 or n=10"),
        ("n=many", "--size n=many: expected a length"),
        ("m=3", "m: no length has this name; there are n"),
    ):
        assert cli.run(["code", "softmax-cross-entropy", "L", "--target", "c", "--size", wrong]) == 2
        assert message in capsys.readouterr().err
