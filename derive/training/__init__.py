"""Training with code that was generated from proved documents, compared with the symbolic forms while it runs."""
