"""The engine that proves: the normal form of terms, derivatives, signs. It never meets the engine that refutes."""
