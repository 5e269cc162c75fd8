"""What training computed against the symbolic forms."""
