"""Certificates: files with which an independent proof checker, Coq, confirms what the judge proved.

A certificate has three parts. ``Spec.v`` says what is claimed; it is written by :mod:`derive.certify.reading`,
:mod:`derive.certify.statement` and :mod:`derive.certify.writer`, which are to be read. ``Cert.v`` holds the proofs and
may contain anything. ``Check.v`` asks Coq whether the one proves the other, and on which axioms it rests.
"""
