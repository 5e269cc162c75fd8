"""What all formats share: text made harmless, lines with carets, remedies, fingerprints."""
