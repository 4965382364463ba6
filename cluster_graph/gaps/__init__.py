"""Demand, supply, balance and states of the products, and the gaps that follow from them."""
