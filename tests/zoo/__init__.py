"""Small models of every family, built node by node as exporters write them. Sizes are parameters, weights random."""
