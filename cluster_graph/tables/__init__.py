"""Reads, checks and hands on what people send: the company tables of a cluster."""
