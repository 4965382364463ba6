"""Critical companies: words of systemic risk and its cascade."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "note_within": "ESRI is off by at most {within} of the output, by rounding and by stopping early (not counting what the data are off by). Where that is much, losses go round among firms and hardly fade, or a little more would tip more firms over.",
    "note_index": "ESRI: share of the known output value of the whole network that is lost when the company stops, its own included. Essential inputs that stop are taken to be irreplaceable for the time being: the worst case.",
    "note_inferred": "No links are reported: every local maker of a product is taken to supply every local user of it, by size. That is inferred.",
    "note_unsized": "Some links have no volume; the median of the known ones stands in.",
    "cut": "yes",
    "basis_output": "output x reference price, less own use",
    "basis_part_of_output": "output of part of its products x reference price",
    "basis_revenue": "revenue",
    "basis_links": "sum of its links",
    "basis_unknown": "unknown",
    "exposed": "{product} {lost}",
    "step_stopped": "{company} stops.",
    "step_input": "{company} lacks {product} ({cause} does not deliver) and falls from {before} to {after}.",
    "step_input_unnamed": "{company} lacks deliveries of {cause} and falls from {before} to {after}.",
    "step_sales": "{company} cannot sell its {product} ({cause} takes less) and falls from {before} to {after}.",
    "step_sales_unnamed": "{company} sells less ({cause} takes less) and falls from {before} to {after}.",
}
