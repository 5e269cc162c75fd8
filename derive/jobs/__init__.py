"""The jobs from end to end: documents in; verdicts, proofs or code out."""
