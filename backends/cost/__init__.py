"""Cost: activity, price lists, bills, peak figures and the electronic baselines they are compared with."""
