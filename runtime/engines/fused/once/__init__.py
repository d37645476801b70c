"""Fast fidelity in one product: all passes, parts and slices of an output at once, then one draw."""
