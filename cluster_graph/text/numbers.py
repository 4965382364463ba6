"""Figures as people write them, for every room that has to say one."""

from cluster_graph.views.numbers import digits, interval, money, percent, quantity

__all__ = ["digits", "interval", "money", "percent", "quantity"]
