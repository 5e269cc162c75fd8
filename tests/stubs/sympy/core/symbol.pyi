from sympy import Str as Str
