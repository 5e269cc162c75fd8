"""Certificates: files with which an independent proof checker, Coq, confirms what the judge proved.

A certificate has three parts. ``Spec.v`` says what is claimed; it is written by :mod:`derive.certify.statement`, whose files
are to be read (what is audited is that folder, the words of statements in ``coq/Vocabulary.v``, Coq's names in
:mod:`derive.terms.elementary` and :mod:`derive.terms.relations`, and what :mod:`derive.certify.certificate` writes around it).
``Cert.v`` holds the proofs and may contain anything. ``Check.v`` asks Coq whether the one proves the other, and on which
axioms it rests.

What writes the proofs comes in two layers. :mod:`derive.certify.script.forms.normal` finds normal forms, with the arithmetic
of ``polynomials``, the laws of ``elementary``, ``exponents``, ``summands``, ``determinants`` and ``slopes``, and the ``signs``
of the results. Sums over products of sums become ``flat``, premises on sums of products apply as ``contractions``, and
``fractions`` under sums are divided.
:mod:`derive.certify.script.scripts` collects the lines that lead Coq there: ``equations`` by congruence, each generator by its
own of the ``laws`` (``sums`` with their ``flattening`` and ``derivatives`` have theirs), ``relations`` by signs, and domain
facts by ``assurances``; what ``premises`` say of signs they say of ``factors`` too.
"""
