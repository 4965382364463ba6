"""The network of links: its size, components, degrees and hubs."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "whole": "all of it",
    "component": "connected component, number {item} by size",
    "components": "the other {item} components together",
    "customers": "firms by customers: {item}",
    "suppliers": "firms by suppliers: {item}",
    "hub": "trades with most: {item}",
    "within": "within so many links of a local company: {item}",
}
