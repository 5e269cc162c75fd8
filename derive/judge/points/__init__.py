"""Where a claim is tried: domains, generic points of the constraint set, and witnesses in print."""
