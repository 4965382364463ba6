"""The declared columns of a reference chain."""

from typing import Final

PRODUCT_TEXTS: Final = (
    "product_id",
    "name_zh",
    "name_en",
    "chain",
    "stage",
    "sector_code",
    "sector_name_zh",
    "sector_name_en",
    "hs_chapter",
    "unit",
    "recruit_gate",
    "source",
    "evidence",
    "note",
    "price_source",
    "scale_source",
)
PRODUCT_NUMBERS: Final = ("price", "price_low", "price_high", "min_efficient_scale")
PRODUCT_FLAGS: Final = ("standard_plant_fit", "outer_boundary")
PRODUCT_REQUIRED: Final = ("product_id", "name_zh", "chain", "stage", "unit")

INPUT_TEXTS: Final = ("input_id", "output_id", "kind", "unit", "source", "evidence", "note")
INPUT_NUMBERS: Final = ("low", "typical", "high", "value_share")
INPUT_FLAGS: Final = ("essential",)
INPUT_REQUIRED: Final = ("input_id", "output_id", "kind", "typical")

BY_PRODUCT: Final = "by_product"
CAPITAL: Final = "capital_or_indirect"
KINDS: Final = ("material", "component", "energy", "service", BY_PRODUCT, CAPITAL)
FINAL_STAGE: Final = "final"

OPEN_GATE: Final = "open"
# Nature, the grid or another product decides about these; no recruiter can.
NATURE_GATES: Final = ("resource_bound", "public_utility", "by_product")
