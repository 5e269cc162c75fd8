"""What the targets that are Python modules share."""
