"""How PyTorch writes what an array program needs; what other array libraries write otherwise is a method of its own.

No array is overwritten, so that the library can differentiate through what is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.code.numpy_body import ATOM

CALLS = {"log": "log", "exp": "exp", "log1p": "log1p", "abs": "abs", "max": "maximum", "min": "minimum", "sqrt": "sqrt",
         "square": "square", "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh",
         "arcsin": "arcsin", "arccos": "arccos", "arctan": "arctan", "sign": "sign"}
UNSHIFTED = "The shift for exponents up to m: none while exponentials are far from overflow (it would round), else m itself."


class Torch:
    """The spellings of PyTorch; an array that a method is called on has to bind as tightly as `binds`: like a name."""

    name = "PyTorch"
    short = "torch"
    array = "Tensor"
    reserved: frozenset[str] = frozenset({"torch", "Tensor", "BackwardCFunction", "FunctionCtx", "once_differentiable", "len",
                                          "tuple", "unshifted"})
    binds = ATOM
    axis = "dim"
    maximum = "amax"
    helpers = {"unshifted": f'''def unshifted(m: Tensor) -> Tensor:
    """{UNSHIFTED}"""
    bound = m.new_tensor(torch.finfo(m.dtype).max).log() / 2
    return torch.where((m >= 0) & (m <= bound), 0, m)
'''}

    def call(self, function: str, *arguments: str) -> str:
        """A function of the library."""
        return f"{self.short}.{function}({', '.join(arguments)})"

    def bounded(self, op: str, text: str, number: str) -> str:
        """The larger (`op` is ``max``) or the smaller of each entry and a number."""
        return f"torch.clamp({text}, {'min' if op == 'max' else 'max'}={number})"

    def vecdot(self, first: str, second: str) -> str:
        """The sums over the last axis of products."""
        return f"torch.linalg.vecdot({first}, {second})"

    def number(self, text: str, like: str) -> str:
        """A number as an array without axes, of the type of the array `like` where there is one."""
        return f"{like}.new_tensor({text})" if like else f"torch.tensor(float({text}))"

    def eye(self, length: str, like: str) -> str:
        """The identity matrix."""
        return f"torch.eye({length}{self._typed(like)})"

    def places(self, length: str, like: str) -> str:
        """0, 1, …, `length` - 1."""
        return f"torch.arange({length}, device={like}.device)"

    def full(self, shape: Sequence[str], value: str, like: str) -> str:
        """The number `value` everywhere."""
        return f"torch.full(({', '.join(shape)},), {value}{self._typed(like)})"

    def full_like(self, array: str, value: str) -> str:
        """The number `value` everywhere, in the shape of `array`."""
        return f"torch.zeros_like({array})" if value == "0" else f"torch.full_like({array}, {value})"

    def repeated(self, text: str, shape: Sequence[str]) -> str:
        """An array repeated to have a shape."""
        return f"{text}.expand({', '.join(shape)})"

    def repeated_as(self, text: str, array: str) -> str:
        """An array repeated to have the shape of another."""
        return f"{text}.expand_as({array})"

    def permuted(self, text: str, order: Sequence[int]) -> str:
        """The axes in another order."""
        return f"{text}.permute({', '.join(map(str, order))})"

    def taken(self, text: str, index: str) -> str:
        """The entry of the last axis at `index`, which has all other axes."""
        return f"{text}.gather(-1, {index}[..., None])[..., 0]"

    def taken_along(self, text: str, index: str) -> str:
        """The entries of the last axis at an `index` that is repeated along the axes where its length is 1."""
        return f"torch.take_along_dim({text}, {index}, dim=-1)[..., 0]"

    def replaced(self, text: str, index: str, value: str) -> str:
        """With `value` in the place of the entry of the last axis at `index`, which has length 1 there."""
        return f"{text}.scatter(-1, {index}, {value})"

    def _typed(self, like: str) -> str:
        return f", dtype={like}.dtype, device={like}.device" if like else ""
