"""What is given to C and to what stands in for it: converted without a change of meaning, or refused; each with its twin."""

import numpy as np
import pytest

from derive.code.arrays.program import ShapeError
from derive.code.c.build import CompilerMissing, require
from derive.code.c.call import Compiled, _with_numpy
from derive.jobs.compile import compile as compile_document

X = np.array([[1.0, -2.0, 3.0], [0.0, 4.0, 1.0], [2.0, 2.0, -1.0], [1.0, 0.0, 0.0]])
Y = np.array([2, 1, 0, 1])


@pytest.fixture(scope="module")
def fused():
    return compile_document("softmax-cross-entropy", ["loss_and_gradient"])["loss_and_gradient"]


@pytest.fixture(scope="module", params=["c", "numpy"])
def function(fused, request):
    if request.param == "numpy":
        return lambda *arrays: _with_numpy(fused, arrays)
    try:
        require()
    except CompilerMissing:
        pytest.skip("no C compiler or no cffi")
    return Compiled(fused)


@pytest.mark.parametrize("dtype", ["i1", "i2", "i4", "i8", ">i4", "u1", "u8"])
def test_integers_are_converted(function, dtype):
    x = np.abs(X).astype(dtype)
    for found, expected in zip(function(x, Y), function(np.abs(X), Y), strict=True):
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("x", [X + 0j, X.astype(str), X.astype(object), X.astype("M8[s]")], ids=lambda x: str(x.dtype))
def test_what_is_no_real_number_is_refused(function, x):
    with pytest.raises(ValueError, match="z"):
        function(x, Y)


def test_half_precision_is_computed_in_single(function):
    loss, gradient = function(X.astype(np.float16), Y)
    expected = function(X.astype(np.float32), Y)
    assert loss.dtype == gradient.dtype == np.float16 and expected[0].dtype == np.float32
    np.testing.assert_array_equal(loss, expected[0].astype(np.float16))
    np.testing.assert_array_equal(gradient, expected[1].astype(np.float16))
    assert loss[0] != function(X, Y)[0][0]


@pytest.mark.parametrize("label", [-1, 3, -(2**63), 2**32, 2**63 - 1])
def test_labels_out_of_range_are_refused(function, label):
    with pytest.raises(IndexError):
        function(X, np.array([0, 1, 2, label]))
    with pytest.raises(IndexError):
        function(X, np.array([0, 1, 2, 2**64 - 1], np.uint64))
    function(X, np.array([0, 1, 2, 2], np.uint64))


@pytest.mark.parametrize("labels", [[0.0, 1.0, 2.0, 1.7], [True, False, True, True], ["0", "1", "2", "1"], [0j] * 4])
def test_labels_that_are_no_integers_are_refused(function, labels):
    for given in (labels, np.array(labels)):
        with pytest.raises(ValueError):
            function(X, given)


def test_labels_of_a_wrong_shape_are_refused(function):
    for labels in (Y[:3], Y[:, None], np.eye(4, dtype=int), np.array(1)):
        with pytest.raises(ShapeError):
            function(X, labels)
    with pytest.raises(ShapeError):
        function(X)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_an_empty_batch_gives_empty_results(function, dtype):
    for labels in (np.zeros(0, int), []):
        loss, gradient = function(np.zeros((0, 3), dtype), labels)
        assert loss.shape == (0,) and gradient.shape == (0, 3) and loss.dtype == dtype
    with pytest.raises(ValueError):
        function(np.zeros((0, 3), dtype), np.zeros(0))


def test_arrays_of_every_order_and_address(function):
    expected = function(X, Y)
    room = np.zeros(X.nbytes + 1, np.uint8)
    odd = room[1:].view(X.dtype).reshape(X.shape)
    odd[...] = X
    read_only = X.copy()
    read_only.flags.writeable = False
    wide, labels = np.repeat(X, 2, axis=1), np.repeat(Y, 3)
    for x, y in (
        (np.asfortranarray(X), Y),
        (wide[:, ::2], labels[::3]),
        (X[::-1][::-1], Y),
        (odd, Y),
        (read_only, Y),
        (X.astype(">f8"), Y.astype(">i8")),
        (X.tolist(), Y.tolist()),
    ):
        for found, wanted in zip(function(x, y), expected, strict=True):
            np.testing.assert_array_equal(found, wanted)
    assert (function(X[::-1], Y)[0] != expected[0]).any()


@pytest.mark.parametrize("x", [X.astype(np.float16), X.astype(np.int32), np.asfortranarray(X)], ids=["half", "whole", "order"])
def test_what_was_prepared_sees_the_arrays_as_they_are(fused, function, x):
    if not isinstance(function, Compiled):
        pytest.skip("nothing is prepared for NumPy")
    x = x.copy(order="K")
    run, (loss, _) = function.prepare(x, Y)
    run()
    first = loss.copy()
    np.testing.assert_array_equal(first, function(x, Y)[0])
    x[0, 0] = 50
    run()
    assert loss[0] > first[0] and (loss[1:] == first[1:]).all()
