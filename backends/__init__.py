"""The hardware: targets, devices, noise, cost, what may run where."""
