"""Which rows became one company and why, and which want a look."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "merge_same_id_other_file": "Row {second_row} '{second_name}' went into row {first_row} "
    "'{first_name}': both have the company id {first}.",
    "merge_asked": "Row {second_row} '{second_name}' ({second}) went into row {first_row} "
    "'{first_name}' ({first}): you asked for it (--same).",
    "merge_uscc": "Row {second_row} '{second_name}' ({second}) went into row {first_row} "
    "'{first_name}' ({first}): they have the same unified social credit code.",
    "merge_name": "Row {second_row} '{second_name}' ({second}) went into row {first_row} "
    "'{first_name}' ({first}): the names differ only in spelling, legal form or place.",
    "merge_former_name": "Row {second_row} '{second_name}' ({second}) went into row {first_row} "
    "'{first_name}' ({first}): one is a former name of the other.",
    "merge_alias": "Row {second_row} '{second_name}' ({second}) went into row {first_row} "
    "'{first_name}' ({first}): one is an alias of the other.",
    "review_alike": "Row {first_row} '{first_name}' ({first}) and row {second_row} '{second_name}' "
    "({second}) have similar names (likeness {score}) and were not merged. If they are one company, "
    "use --same {first} {second}.",
    "review_form": "Row {first_row} '{first_name}' ({first}) and row {second_row} '{second_name}' "
    "({second}) have the same name but for 集团 (group) or 股份 (joint stock) and were not merged. "
    "If they are one company, use --same {first} {second}.",
    "review_region": "Row {first_row} '{first_name}' ({first}) and row {second_row} '{second_name}' "
    "({second}) have the same name in two regions and were not merged. If they are one company, "
    "use --same {first} {second}.",
    "review_several": "Row {first_row} '{first_name}' ({first}) and row {second_row} '{second_name}' "
    "({second}) may be one company, but the name fits others too, and they were not merged. "
    "If they are one company, use --same {first} {second}.",
    "review_short_name": "Row {first_row} '{first_name}' ({first}) and row {second_row} "
    "'{second_name}' ({second}) share only a short name and were not merged. If they are one "
    "company, use --same {first} {second}.",
    "review_common": "Row {first_row} '{first_name}' ({first}) and row {second_row} '{second_name}' "
    "({second}) have the same name, which any company could have, and were not merged. If they are "
    "one company, use --same {first} {second}.",
    # by which rule one of two figures was taken
    "rule_newest": "the newer one was taken",
    "rule_evidence": "the better supported one was taken",
    "rule_first": "the first one was taken",
    "rule_finer": "the more precise region was taken",
    "rule_valid_code": "the code with the right check digit was taken",
    "rule_stated": "the stated status was taken (blank means operating)",
}
