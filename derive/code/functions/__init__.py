"""Which functions a document calls for, and each from its signature to a program that is compared."""
