"""The declared columns of every table: names, types, units and what a cell may hold."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    REGION = "region"
    USCC = "uscc"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True)
class Column:
    """
    One declared column.

    Parameters
    ----------
    name
        Its name in the contract.
    kind
        What its cells hold.
    required
        The table is unusable without this column.
    filled
        A row is set aside when this cell is blank.
    strict
        A row is set aside when this cell is wrong. In other columns only the cell is
        blanked, so that a company is not lost over its number of employees.
    choices
        The words allowed, for `Kind.CHOICE`.
    unit
        The unit of a number, where it is not in a column of its own.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    filled: bool = False
    strict: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class TableSchema:
    """
    One declared table.

    Parameters
    ----------
    name
        Its name in the contract; the CSV file is called after it.
    columns
        Its columns, in the order in which they are written.
    key
        The columns that name a row. Equal rows merge; rows that differ are duplicates.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]

    @property
    def is_about_products(self) -> bool:
        """Whether products name its rows, so that they are told apart only with a chain."""
        return "product_id" in self.key

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """Return the declared column of that name."""
        return self._by_name[name]


OPERATING: Final = "operating"
PLANNED_STATUSES: Final = ("trial", "construction", "signed", "negotiating")
STATUSES: Final = (OPERATING, *PLANNED_STATUSES, "idle", "closed")
STAGES: Final = (
    "contact",
    "negotiating",
    "signed",
    "landed",
    "construction",
    "trial",
    "operating",
)
EVIDENCES: Final = ("reported", "derived", "inferred", "expert", "planned")
SITE_KINDS: Final = ("land", "plant", "workshop", "mine")
WISH_KINDS: Final = (
    "buy",
    "sell",
    "site",
    "energy",
    "labour",
    "finance",
    "technology",
    "permit",
    "other",
)

WAN_YUAN: Final = "10,000 yuan"

_PROVENANCE: Final = (
    Column("source"),
    Column("evidence", Kind.CHOICE, choices=EVIDENCES),
    Column("as_of"),
    Column("note"),
)


def _id(name: str) -> Column:
    return Column(name, required=True, filled=True, strict=True)


def _number(name: str, unit: str = "", *, strict: bool = False) -> Column:
    return Column(name, Kind.NUMBER, unit=unit, strict=strict)


# WGS 84; the only figures that may be negative.
_PLACED: Final = (_number("latitude", "degrees_north"), _number("longitude", "degrees_east"))

COMPANIES: Final = TableSchema(
    "companies",
    (
        _id("company_id"),
        Column("name", required=True, filled=True, strict=True),
        Column("name_en"),
        Column("alias", Kind.LIST),
        Column("uscc", Kind.USCC),
        Column("region_code", Kind.REGION),
        Column("sector_code"),
        Column("chain"),
        # A wrong status is never read as blank: blank means operating, which makes supply.
        Column("status", Kind.CHOICE, choices=STATUSES, strict=True),
        Column("is_anchor", Kind.FLAG),
        Column("parent_id"),
        _number("employees", "persons"),
        _number("revenue", WAN_YUAN),
        _number("tax", WAN_YUAN),
        _number("energy", "tce"),
        _number("land_m2", "m2"),
        _number("workshop_m2", "m2"),
        *_PLACED,
        *_PROVENANCE,
    ),
    ("company_id",),
)
OUTPUTS: Final = TableSchema(
    "outputs",
    (
        _id("company_id"),
        _id("product_id"),
        _number("output", strict=True),
        _number("output_low", strict=True),
        _number("output_high", strict=True),
        _number("capacity", strict=True),
        _number("utilisation", "share", strict=True),
        Column("unit", strict=True),
        Column("year"),
        *_PROVENANCE,
    ),
    ("company_id", "product_id", "year"),
)
LINKS: Final = TableSchema(
    "links",
    (
        _id("supplier_id"),
        _id("customer_id"),
        Column("product_id"),
        _number("quantity", strict=True),
        Column("unit", strict=True),
        _number("value", WAN_YUAN, strict=True),
        Column("year"),
        Column("supplier_name"),
        Column("customer_name"),
        Column("supplier_region"),
        Column("customer_region"),
        *_PROVENANCE,
    ),
    (),
)
PROJECTS: Final = TableSchema(
    "projects",
    (
        _id("project_id"),
        Column("name", required=True, filled=True, strict=True),
        Column("name_en"),
        # The column must be there; a cell may be blank: a hotel is a project too, it
        # counts in the funnel and makes no product of the chain.
        Column("product_id", required=True),
        _number("capacity", strict=True),
        Column("unit", strict=True),
        _number("investment", WAN_YUAN),
        Column("stage", Kind.CHOICE, choices=STAGES, strict=True),
        Column("region_code", Kind.REGION),
        Column("township"),
        _number("land_m2", "m2"),
        _number("workshop_m2", "m2"),
        _number("energy", "tce"),
        Column("date"),
        Column("company_id"),
        Column("investor"),
        Column("enclave", Kind.FLAG),
        Column("responsible"),
        Column("contact_unit"),
        Column("form"),
        Column("result"),
        Column("next_step"),
        Column("deadline"),
        Column("difficulty"),
        *_PROVENANCE,
    ),
    ("project_id",),
)
PROSPECTS: Final = TableSchema(
    "prospects",
    (
        _id("prospect_id"),
        Column("name", required=True, filled=True, strict=True),
        Column("name_en"),
        Column("product_id", Kind.LIST, required=True),
        Column("region_code", Kind.REGION),
        _number("revenue", WAN_YUAN),
        _number("tax", WAN_YUAN),
        _number("employees", "persons"),
        _number("energy", "tce"),
        _number("land_m2", "m2"),
        _number("registered_capital", WAN_YUAN),
        _number("paid_in_capital", WAN_YUAN),
        Column("founded"),
        Column("high_tech", Kind.FLAG),
        Column("specialised_new", Kind.FLAG),
        Column("partners"),
        Column("listed_code"),
        Column("abnormal", Kind.FLAG),
        Column("enclave", Kind.FLAG),
        Column("red_flags"),
        Column("location"),
        *_PROVENANCE,
    ),
    ("prospect_id",),
)
SITES: Final = TableSchema(
    "sites",
    (
        _id("site_id"),
        Column("name", required=True, filled=True, strict=True),
        Column("name_en"),
        Column("kind", Kind.CHOICE, choices=SITE_KINDS),
        _number("area_m2", "m2"),
        _number("used_m2", "m2"),
        *_PLACED,
        Column("region_code", Kind.REGION),
        Column("owner_id"),
        *_PROVENANCE,
    ),
    ("site_id",),
)
ABSENCES: Final = TableSchema(
    "absences",
    (
        _id("product_id"),
        Column("region_code", Kind.REGION, required=True, filled=True, strict=True),
        *_PROVENANCE,
    ),
    ("product_id", "region_code"),
)
# Not in the contract: what companies ask for on the sheet of wishes of the template.
WISHES: Final = TableSchema(
    "wishes",
    (
        _id("company_id"),
        Column("kind", Kind.CHOICE, choices=WISH_KINDS, required=True, filled=True),
        Column("content"),
        Column("product_id"),
        _number("quantity", strict=True),
        Column("unit", strict=True),
        Column("date"),
        Column("contact"),
        *_PROVENANCE,
    ),
    ("company_id", "kind", "product_id", "content"),
)
FACTS: Final = TableSchema(
    "facts",
    (
        _id("fact_id"),
        Column("category"),
        Column("name", required=True, filled=True, strict=True),
        Column("name_en"),
        _number("value"),
        Column("unit"),
        Column("quote"),
        Column("use"),
        *_PROVENANCE,
    ),
    ("fact_id",),
)

SCHEMAS: Final = {
    schema.name: schema
    for schema in (COMPANIES, OUTPUTS, LINKS, PROJECTS, PROSPECTS, SITES, ABSENCES, WISHES, FACTS)
}
SMALL_TABLES: Final = tuple(name for name in SCHEMAS if name != LINKS.name)
