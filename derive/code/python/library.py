"""How an array library spells what an array program needs: as NumPy does, where a library has no method of its own for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.code.python.arguments import NUMPY
from derive.terms.elementary import BY_OP

ATOM, SIGN = 9, 2
CALLS = {"max": "maximum", "min": "minimum", "square": "square"}
SHIFT = """What is subtracted from exponents up to m: as little as keeps their sum finite, and whole, so as not to round."""
LOG_DET = '''def log_det(x: {array}) -> {array}:
    """The logarithm of the determinant; NaN where that is negative."""
    sign, size = {short}.linalg.slogdet(x)
    return {short}.where(sign >= 0, size, {short}.nan)
'''
SOLVED = '''def solved(a: {array}, b: {array}) -> {array}:
    """x with a x = b for each row of b; a is factorised once."""
    return {short}.linalg.solve(a, b.reshape(-1, b.shape[-1]).T).T.reshape(b.shape)
'''


class Library:
    """The spellings of NumPy; an array that a method is called on has to bind as tightly as `binds`: like a name.

    `column` is its column in the table of elementary functions; `helpers` are functions of a module's own, by name, some
    of which need a module of `needs`; `takes` is the text of the decorator of all others.
    """

    name = "NumPy"
    column = "numpy"
    short = "np"
    array = "Array"
    indices = "Indices"
    binds = 0
    axis = "axis"
    maximum = "max"
    takes = NUMPY
    needs: Mapping[str, str] = {"erf": "math"}
    helpers = {
        "shift": f'''def shift(m: Array) -> Array:
    """{SHIFT}"""
    highest = np.log(np.finfo(m.dtype).max)
    bound = np.maximum(highest - 22, highest / 2)
    return np.trunc(np.maximum(m, np.finfo(m.dtype).min) - np.minimum(np.abs(m), bound))
''',
        "erf": '''def erf(x: Array) -> Array:
    """The error function of each entry, which NumPy does not have."""
    return np.vectorize(math.erf, otypes=[x.dtype])(x)
''',
        "log_det": LOG_DET.format(array="Array", short="np"),
        "solved": SOLVED.format(array="Array", short="np"),
        "is_moderate": '''def is_moderate(z: Array) -> bool:
    """Whether no exponential of z, nor a quotient of sums of up to a million of them, comes near overflow or underflow."""
    bound = np.finfo(z.dtype).maxexp / 3 - 7
    flat = z.ravel(order="K")
    return flat.size > 0 and bool(flat[flat.argmin()] >= -bound and flat[flat.argmax()] <= bound)
''',
        "row_sum": '''def row_sum(x: Array) -> Array:
    """The sums over the last axis; blocks of 256 are summed apart: faster than x.sum(axis=-1), and rounded as little."""
    n = x.shape[-1]
    if n <= 256:
        return np.einsum("...i->...", x)
    whole = n - n % 256
    blocks = x[..., :whole].reshape(*x.shape[:-1], -1, 256)
    return row_sum(np.einsum("...i->...", blocks)) + row_sum(x[..., whole:])
''',
    }

    def call(self, function: str, *arguments: str) -> str:
        """A function of the library."""
        return f"{self.short}.{function}({', '.join(arguments)})"

    def applied(self, op: str, given: Sequence[str]) -> str | None:
        """The operation `op` of arrays; None where the library has no function for it."""
        row = BY_OP.get(op)
        if row is None:
            return self.call(CALLS[op], *given) if op in CALLS else None
        function = row.called(self.column)
        if "{" not in function:
            return self.call(function, *given)
        argument = given[0] if given[0].isidentifier() else f"({given[0]})"
        return function.format(x=argument, library=self.short)

    def bounded(self, op: str, text: str, number: str) -> str:
        """The larger (`op` is ``max``) or the smaller of each entry and a number."""
        return self.call(CALLS[op], text, number)

    def finite(self, name: str) -> str:
        """x, or the lowest number where it is below that, by the name of x."""
        return self.bounded("max", name, f"{self.short}.finfo({name}.dtype).min")

    def step(self, name: str) -> str:
        """1 where x is above 0, else 0, by the name of x."""
        return self.call("heaviside", name, "0")

    def bounded_by_zero(self, op: str, name: str) -> str:
        """max(x, 0) or min(x, 0), by the name of x."""
        return self.bounded(op, name, "0")

    def opposite_size(self, name: str) -> str:
        """-|x|, by the name of x.

        Where a library differentiates what is written, this and the bounds at 0 have the derivatives from below at x = 0: a
        smooth function that is put together from them then has the derivatives of what it is for x < 0, which are its own.
        """
        return f"-{self.call('abs', name)}"

    def linear(self, function: str, *arguments: str) -> str:
        """A function of linear algebra."""
        return self.call(f"linalg.{function}", *arguments)

    def vecdot(self, first: str, second: str) -> str:
        """The sums over the last axis of products."""
        return self.call("vecdot", first, second)

    def einsum(self, axes: str, arrays: Sequence[str]) -> str:
        """A sum of products; of three factors or more, two at a time, in an order that is found at run time."""
        return self.call("einsum", f'"{axes}"', *arrays, *(["optimize=True"] if len(arrays) > 2 else []))

    def number(self, text: str, like: str) -> str:
        """A number as an array without axes, of the type of the array `like` where there is one."""
        return self.call("asarray", f"{text}{self.typed(like)}")

    def eye(self, length: str, like: str) -> str:
        """The identity matrix."""
        return self.call("eye", f"{length}{self.typed(like)}")

    def places(self, length: str, like: str) -> str:
        """0, 1, …, `length` - 1."""
        return self.call("arange", length)

    def full(self, shape: Sequence[str], value: str, like: str) -> str:
        """The number `value` everywhere."""
        return self.call("full", f"({', '.join(shape)},)", f"{value}{self.typed(like)}")

    def full_like(self, array: str, value: str) -> str:
        """The number `value` everywhere, in the shape of `array`."""
        return self.call("zeros_like", array) if value == "0" else self.call("full_like", array, value)

    def repeated(self, text: str, shape: Sequence[str]) -> str:
        """An array repeated to have a shape."""
        return self.call("broadcast_to", text, f"({', '.join(shape)},)")

    def repeated_as(self, text: str, array: str) -> str:
        """An array repeated to have the shape of another."""
        return self.call("broadcast_to", text, f"{array}.shape")

    def permuted(self, text: str, order: Sequence[int]) -> str:
        """The axes in another order."""
        return f"{text}.transpose({', '.join(map(str, order))})"

    def taken(self, text: str, index: str) -> str:
        """The entry of the last axis at `index`, which has all other axes."""
        return self.taken_along(text, f"{index}[..., None]")

    def taken_along(self, text: str, index: str) -> str:
        """The entries of the last axis at an `index` that is repeated along the axes where its length is 1."""
        return f"{self.call('take_along_axis', text, index, 'axis=-1')}[..., 0]"

    def replaced(self, text: str, index: str, value: str) -> str:
        """With `value` in the place of the entry of the last axis at `index`, which has length 1 there."""
        return self.call("put_along_axis", text, index, value, "axis=-1", "inplace=False")

    def typed(self, like: str) -> str:
        """The argument that gives a new array the type of `like`."""
        return f", dtype={like}.dtype" if like else ""
