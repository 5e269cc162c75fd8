from sympy import Lambda, MatrixExpr

class ElementwiseApplyFunction(MatrixExpr):
    @property
    def function(self) -> Lambda: ...
    @property
    def expr(self) -> MatrixExpr: ...
