"""What a run is told, and the errors that end one."""
