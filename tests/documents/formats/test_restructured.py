"""reStructuredText: roles and directives are formulas, code and comments are none."""

from derive.documents import read

TEXT = r"""
Title
=====

Let :math:`a = b`. Then

.. math::
   :label: one

   c = d

   e = f

.. math:: g = h

.. note:: See :math:`i = j`.

.. code-block:: python

   x = r":math:`k = l`"

As in::

   :math:`m = n`

.. a comment :math:`o = p`

- first :math:`q = r`
"""


def test_formulas_and_their_places():
    document = read("a.rst", TEXT)
    assert [(f.latex, f.kind, f.line) for f in document.formulas] == [
        ("a = b", "inline", 5),
        ("c = d", "display", 10),
        ("e = f", "display", 12),
        ("g = h", "display", 14),
        ("q = r", "inline", 28),
    ]


def test_the_title_is_a_heading():
    assert [block.text for block in read("a.rst", TEXT).blocks if hasattr(block, "level")] == ["Title"]
