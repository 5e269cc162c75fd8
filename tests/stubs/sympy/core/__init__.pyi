from sympy.core import function as function
from sympy.core import numbers as numbers
from sympy.core import relational as relational
from sympy.core import symbol as symbol
from sympy.core import sympify as sympify
