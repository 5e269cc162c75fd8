"""What a project says once for all its documents: settings in a file, and findings that are known already."""
