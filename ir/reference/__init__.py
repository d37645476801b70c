"""The meaning of every op of ours, as slow and obvious numpy."""
