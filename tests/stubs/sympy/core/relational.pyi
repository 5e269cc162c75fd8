import sympy

Equality = sympy.Equality
GreaterThan = sympy.GreaterThan
LessThan = sympy.LessThan
Relational = sympy.Relational
StrictGreaterThan = sympy.StrictGreaterThan
StrictLessThan = sympy.StrictLessThan
Unequality = sympy.Unequality
