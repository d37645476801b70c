"""Facts about values and ops that passes ask for."""
