"""Before and after: how gaps change, the headings and words of the tables."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    # what happened to a product
    "sized_implied": "{product}: nobody recorded how much is made; {before} was implied by what local users need. It now counts at {after}.",
    "sized_less": "{product}: what fell is the implied figure, not actual output; if there is capacity beside this, add it to the outputs table.",
    "sized_unknown": "{product}: made here before, nobody knew how much. It now counts at {after}.",
    "sized_beside": "{product}: made too by {companies}, nobody knows how much; none of that is counted. Add it to the outputs table and look again.",
    "unsized": "{product}: counted at {before}, has no recorded output now; implied: {after}.",
    "closed": "{product}: the gap of {before} is closed.",
    "closed_demand": "{product}: the gap of {before} is gone, because nobody here needs it any more.",
    "closed_unsized": "{product} is no gap any more.",
    "opened": "{product} becomes a gap: local demand {demand}, supply {supply}, short by {shortage}.",
    "opened_unsized": "{product} becomes a gap; how much is short is unknown.",
    "narrowed": "{product}: the gap narrows from {before} to {after}; self-sufficiency {share}.",
    "narrowed_demand": "{product}: demand falls in step from {was} to {now}, and the gap narrows from {before} to {after}.",
    "widened": "{product}: the gap widens from {before} to {after}; self-sufficiency {share}.",
    "widened_demand": "{product}: demand rises in step from {was} to {now}, and the gap widens from {before} to {after}.",
    "surplus": "{product}: more than local users take, {after} left over.",
    "more": "{count} more products changed; see the table.",
    # kinds of change
    "kind_closed": "gap closed",
    "kind_opened": "gap opened",
    "kind_narrowed": "gap narrowed",
    "kind_widened": "gap widened",
    "kind_sized": "now sized",
    "kind_unsized": "no longer sized",
    "kind_surplus": "newly in surplus",
    "kind_other": "other figures",
    # the tables
    "table": "Changes: before → after",
    "col_change": "Change",
    "arrow": "{before} → {after}",
    "none": "No figure changed.",
}
