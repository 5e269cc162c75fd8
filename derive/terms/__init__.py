"""What both engines share: terms, contexts, the heads that terms are made of."""
