"""The words for reasons: a table for each language, and how a row is filled in. Nothing that decides reads them."""
