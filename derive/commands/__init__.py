"""The commands of the command line, a file for each; what needs SymPy is imported where it is used."""
