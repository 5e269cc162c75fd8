"""The names of the laws that a derivation's steps use, in English and Chinese, with each law as a formula."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A named law; `law` states it in LaTeX where a formula says it."""

    name: str
    chinese: str
    law: str = ""

    def called(self, lang: str) -> str:
        """The name in the language, ``en`` or ``zh``."""
        return self.chinese if lang == "zh" else self.name


DEFINITION = Rule("definition", "定义")
CHAIN_RULE = Rule(
    "chain rule",
    "链式法则",
    r"\frac{\partial L}{\partial z_i} = \sum_j \frac{\partial L}{\partial a_j} "
    r"\frac{\partial a_j}{\partial z_i}",
)
QUOTIENT_RULE = Rule("quotient rule", "商的求导法则", r"\left(\frac{u}{v}\right)' = \frac{u' v - u v'}{v^2}")
RECIPROCAL_RULE = Rule("reciprocal rule", "倒数的求导法则", r"\left(\frac{1}{v}\right)' = -\frac{v'}{v^2}")
PRODUCT_RULE = Rule("product rule", "乘积的求导法则", r"(u v)' = u' v + u v'")
SUM_RULE = Rule("sum rule", "和的求导法则", r"(u + v)' = u' + v'")
UNDER_SUM = Rule("derivative of a sum", "逐项求导", r"\left(\sum_k u_k\right)' = \sum_k u_k'")
POWER_RULE = Rule("power rule", "幂的求导法则", r"(u^c)' = c u^{c-1} u'")
GENERAL_POWER = Rule("derivative of a power", "幂指函数求导", r"(u^v)' = u^v \left(v' \ln u + \frac{v u'}{u}\right)")
EXPONENTIAL = Rule("derivative of the exponential", "指数函数求导", r"(e^u)' = e^u u'")
LOGARITHM = Rule("derivative of the logarithm", "对数函数求导", r"(\ln u)' = \frac{u'}{u}")
FUNCTION = Rule("chain rule for a function", "复合函数求导", r"f(u)' = f'(u) u'")
INVERSE = Rule("derivative of an inverse", "逆矩阵求导", r"(A^{-1})' = -A^{-1} A' A^{-1}")
DETERMINANT = Rule("Jacobi's formula", "雅可比公式", r"(\det A)' = \det A \operatorname{tr}(A^{-1} A')")
COORDINATES = Rule("derivative of a coordinate", "坐标的导数", r"\frac{\partial z_k}{\partial z_i} = \delta_{ki}")
BRANCHES = Rule("derivative case by case", "分段求导")
INNER = Rule("inner derivatives", "求出内层导数")
SIFTING = Rule("sifting of the Kronecker delta", "克罗内克 δ 的筛选性质", r"\sum_k \delta_{ki} f_k = f_i")
CASE = Rule("this case", "此情形")
CASES = Rule("both cases together", "合并两种情形", r"\delta_{ij} = 1 \text{ if } i = j, \text{ else } 0")
LEMMAS = Rule("lemmas inserted", "代入引理")
SPLIT = Rule("sum split at one index", "在该下标处拆分求和", r"\sum_j f_j = f_i + \sum_{j \ne i} f_j")
SIMPLIFIED = Rule("simplified", "化简")
COMBINED = Rule("terms collected", "合并同类项")
FACTORED = Rule("factored", "因式分解")
NAMED = Rule("written with the defined names", "用已定义的符号表示")
HYPOTHESIS = Rule("hypothesis", "由假设")
