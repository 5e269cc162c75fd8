"""What keeps a claim that fails from being refuted: names and choices that the document leaves open."""
