"""What the parts of a normal form may ask of the whole: the laws for sums, exponentials and derivatives need normal forms of
what stands inside, and normal forms need these laws."""

from __future__ import annotations

from typing import Any, Protocol

from sympy import Expr

from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import Poly, Polynomials
from derive.certify.script.forms.signs import Signs
from derive.certify.statement.facts import Conditions
from derive.certify.statement.syntax import IfEqual, Slope, Term


class NormalForms(Protocol):
    """Normal forms with given definitions; `ring` calculates with them, `signs` knows their signs."""

    ring: Polynomials
    signs: Signs
    scale: int
    definitions: dict[str, Any]
    conditions: Conditions

    def key(self, node: Any) -> str: ...

    def of(self, node: Any, facts: Facts) -> Poly: ...

    def together(self, node: Any, facts: Facts) -> Term: ...

    def count(self, expr: Expr, facts: Facts) -> Poly: ...

    def chosen(self, node: IfEqual, facts: Facts) -> Term: ...

    def slope(self, node: Slope, facts: Facts) -> Term: ...

    def flat(self, node: Slope, facts: Facts) -> Slope: ...
