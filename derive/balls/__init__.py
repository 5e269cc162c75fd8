"""The engine that refutes: rigorous evaluation in ball arithmetic. It never meets the engine that proves."""
