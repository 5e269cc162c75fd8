"""What a document tells, in its order: what it defines, what it assumes, and what it claims where."""
