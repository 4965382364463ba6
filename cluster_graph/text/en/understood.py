"""What was recognised on reading: tables, columns, rows passed over."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "as_named": "{file}: read as {tables}, headings in row {row}, all {count} columns by their names.",
    "left_hidden": "{file}: a hidden sheet, not read.",
    "left_unknown": "{file}: no table was recognised, not read. If it matters, change its headings or use --map.",
    "left_empty": "{file}: empty, not read.",
    "head": "{file}: read as {tables}, headings in row {row}{encoding}.",
    "encoding": ", encoding {encoding}",
    "heading": "Heading",
    "column": "Column",
    "how": "Recognised by",
    "unit": "Unit",
    "how_name": "its name",
    "how_alias": "an alias",
    "how_fuzzy": "likeness ({score})",
    "how_asked": "--map",
    "how_ignored": "not used, kept as it is",
    "skipped_title": "{count} rows above the headings",
    "skipped_unit": "{count} rows of units (rows {rows})",
    "skipped_total": "{count} rows of totals (rows {rows})",
    "skipped_remark": "{count} rows of remarks (rows {rows})",
    "skipped_heading": "{count} repeated headings (rows {rows})",
    "skipped": "Not data: {kinds}.",
}
