"""To be audited: what a certificate says. Nothing here knows of scripts nor of the normal form."""
