"""What is wrong, what was expected, what to do: errors and rejected rows."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "error": "Error: {text}",
    "weights_missing": "no weights are called '{value}': neither a preset ({presets}) nor a file.",
    "weights_unreadable": "{file}: no readable TOML file of weights ({error}). Write it like fill_chain.toml.",
    "weights_unknown": "{file}: '{value}' is not known (expected {expected}).",
    "weights_negative": "{file}: {name} = {value} is not 0 or a positive number. Give a number of 0 or more.",
    "weights_above_one": "{file}: {value} is above 1 (expected 0 to 1).",
    "weights_all_zero": "{file}: all weights of [{table}] are 0, so nothing can be ranked. Give at least one a positive number.",
    "bad_limit": "{option}: '{value}' is no number of 0 or more (expected {unit} or a unit that converts to it; a number of projects is whole).",
    "plan_not_open": "{value} cannot be required: no local project under way with a capacity.",
    "plan_blind": "what the required project {value} takes is unknown ({resources}), so the limit cannot be checked. Fill it in in the projects table, or leave the limit out.",
    "plan_infeasible": "the required projects exceed a limit: {limits}. Raise the limit or require fewer.",
    "plan_unsolved": "the solver found no set: {reason}.",
    "no_follow_up_sheet": "{path}: no follow-up sheet that can be read. Use recruiting.xlsx as report writes it; leave the name of the sheet (对接台账 / Follow-up) and its headings as they are.",
    "follow_up_twice": "{file}: rows {first} and {row} are one project ({value}). Keep one row for a project.",
    "bad_today": "--today: '{value}' is no day (expected one such as 2024-06-30).",
    "at_row": "row {row}",
    "line_row": "{where}: {reason} The row was set aside. {fix}",
    "line_cell": "{where}: {reason} The row counts without this cell. {fix}",
    "line_table": "{where}: {reason} {fix}",
    # rows and cells
    "blank_required": "the cell is blank, but a value is needed.",
    "blank_required_fix": "Fill it in.",
    "not_a_number": "'{value}' is not a number (expected digits, such as 1200 or 0.35).",
    "not_a_number_fix": "Write the number alone; the unit goes into the column unit.",
    "negative": "'{value}' is negative (expected 0 or more).",
    "negative_fix": "Correct the sign, or leave the cell blank if the figure is unknown.",
    "above_one": "'{value}' is above 1 (expected a share of 0 to 1, such as 0.85 or 85%).",
    "above_one_fix": "Write it as a decimal, or with a per cent sign.",
    "not_degrees": "'{value}' is no coordinate (expected -90 to 90 for a latitude, -180 to 180 for a longitude).",
    "not_degrees_fix": "Check it, and write decimal degrees, such as 41.24.",
    "parent_cycle": "'{value}' and this company are each other's parents.",
    "parent_cycle_fix": "Correct parent_id.",
    "empty_chain": "{path}: there is not one product. Fill in products.csv.",
    "not_a_flag": "'{value}' is neither yes nor no (expected true, false or blank).",
    "not_a_flag_fix": "Write true or false.",
    "not_a_choice": "'{value}' is not one of the words allowed (expected {choices}).",
    "not_a_choice_fix": "Choose one of them, or leave the cell blank.",
    "unknown_region": "'{value}' is no region code of GB/T 2260 (expected 2, 4 or 6 digits, "
    "such as 211382).",
    "unknown_region_fix": "Correct the code; until then the location counts as unknown.",
    "unknown_unit": "the unit '{value}' is not known (expected t, kt, 万吨, m3, kWh, vehicle, "
    "set, piece, m2 ...).",
    "unknown_unit_fix": "Use one of these, or convert the quantity and leave the unit blank.",
    "wrong_unit": "the unit '{value}' does not measure this product.",
    "wrong_unit_fix": "Use the product's own unit (products.csv, column unit), or leave it blank.",
    "too_many_cells": "the row has {found} cells (expected {expected}).",
    "too_many_cells_fix": "A cell that holds a comma needs quotation marks around it.",
    "duplicate": "'{id}' stands in row {first} already, with other values.",
    "duplicate_fix": "Keep one of the two rows; if they are two things, give this one an id or a year of its own.",
    "empty_table": "the table has a heading but no row.",
    "empty_table_fix": "Fill it in, or remove the file.",
    "output_order": "the range does not hold the output {value} (low {low}, high {high}).",
    "output_order_fix": "Check the three; the range is not used this time.",
    "unknown_company": "company '{value}' is not in the companies table.",
    "unknown_company_fix": "Add the company, or correct the id.",
    "unknown_product": "product '{value}' is not in the loaded chains.",
    "unknown_product_fix": "Correct the id, or load the chain that has it (--chain).",
    "unknown_product_like": "product '{value}' is not in the loaded chains (close to it: {names}).",
    "unknown_product_like_fix": "Write the product's id; if it is another product, load the chain that has it (--chain).",
    "no_product": "the prospect has no product.",
    "no_product_fix": "Fill in product_id, so that it can be matched to a target.",
    "self_link": "company '{value}' is supplier and customer of the same link.",
    "self_link_fix": "Correct one of the two ends.",
    "link_to_nobody": "company '{value}' is not in the companies table and the row gives no name "
    "(expected a value in {name_column}).",
    "link_to_nobody_fix": "Add the company, or fill in {name_column}.",
    # unified social credit codes
    "uscc_rounded": "'{value}' was taken for a number and lost digits (expected 18 characters of "
    "text).",
    "uscc_rounded_fix": "Set the column to text and enter the code again.",
    "uscc_old": "'{value}' has {length} characters, like a number used until 2015 (expected 18).",
    "uscc_old_fix": "Enter the unified social credit code.",
    "uscc_length": "'{value}' has {length} characters (expected 18).",
    "uscc_length_fix": "Compare and correct it.",
    "uscc_signs": "'{value}' holds characters that GB 32100 does not use: {signs}.",
    "uscc_signs_fix": "Compare and correct it; codes have no I, O, S, V or Z.",
    "uscc_check_digit": "'{value}' fails the GB 32100 check digit (expected '{expected}').",
    "uscc_check_digit_fix": "Compare and correct it.",
    # chains
    "duplicate_input": "the input {input_id} of {output_id} ({kind}) stands twice.",
    "duplicate_input_fix": "Keep one of the two rows.",
    "bad_order": "low {low}, typical {typical} and high {high} are out of order "
    "(expected low <= typical <= high).",
    "bad_order_fix": "Correct the three numbers.",
    "input_unit": "the unit '{value}' does not fit (expected {expected}).",
    "input_unit_fix": "Give units of the input per unit of the output.",
    "price_order": "price_low {low}, price {typical} and price_high {high} are out of order.",
    "price_order_fix": "Correct the three numbers.",
    "same_ends": "the input and the output are the same product with a coefficient of {value} "
    "(expected less than 1).",
    "same_ends_fix": "Correct the coefficient or remove the row.",
    # errors
    "missing_folder": "{path}: there is no such folder. Check the path, or leave it out to use "
    "the shipped Lingyuan data.",
    "not_a_folder": "{path}: this is not a folder (expected a folder of CSV files: companies.csv, "
    "outputs.csv ...). Put the tables into a folder and name that.",
    "missing_table": "{path}: {table} is missing (expected companies, and outputs or links). "
    "Add the table; data/README.md shows the columns.",
    "unknown_table": "{table}: no table of that name is known (expected {known}). Rename it.",
    "missing_column": "{path} › row 1: the column {column} is missing (found: {found}). "
    "Add or rename the column.",
    "column_twice": "{path} › row 1: the column {column} stands more than once. Rename one.",
    "no_heading": "{path}: the file is empty (expected column names in row 1). Fill it in.",
    "wrong_encoding": "{path}: byte {byte} is not UTF-8; the file may have been saved as "
    "GBK/GB18030. In Excel choose 'CSV UTF-8 (comma delimited)' and save it again.",
    "bad_map": "--map: '{value}' cannot be read (expected heading=column, or a .toml file).",
    "unknown_column": "--map: '{value}' for '{heading}' is no column (expected {known}).",
    "empty_folder": "{path}: the folder holds no table (expected .csv, .xlsx, .xls, .ods, .parquet, .jsonl or a database file). Put the data into it.",
    "unknown_suffix": "{path}: this kind of file is not known (expected {known}). Save it as one of these.",
    "mixed_encoding": "{path}: byte {byte} is not {encoding}; the file may mix encodings. In Excel choose 'CSV UTF-8 (comma delimited)' and save it again.",
    "too_wide": "{path} › row {row}: it has {columns} columns (expected at most {most}). Check the delimiter, or remove columns.",
    "encrypted": "{path}: the workbook has a password. Save it again without one.",
    "broken_book": "{path}: the workbook cannot be read ({reason}); it may be cut short. Open it in Excel and save it again.",
    "zip_bomb": "{path}: the workbook unpacks to {size}, which is not normal, and was not opened. Save it as CSV.",
    "broken_json": "{path} › line {line}: this is no JSON object ({reason}). Correct it.",
    "duplicate_elsewhere": "'{id}' stands in {other}, row {first}, already, with other values.",
    "duplicate_elsewhere_fix": "Keep one of the two rows.",
    "unknown_url": "{url}: this kind of database address is not known (expected {known}). Export other databases to files first.",
    "needs_extra": '{url}: reading PostgreSQL needs an extra. Install it: pip install "cluster-graph[{extra}]"',
    "no_server": "{url}: the database cannot be reached ({reason}). Check address, user, password and database name, and that the server runs.",
    "empty_server": "{url}: no table can be seen. Check the name of the database and your rights; where the tables are in another schema, add ?options=-csearch_path%3DNAME to the address.",
    "cannot_read": "{path}: the file cannot be read ({reason}). Check that it is a CSV file and "
    "that no other program holds it.",
    "broken_quotes": "{path} › line {line}: a quotation mark is not closed or not doubled. Close it, or "
    "remove it (inside a cell it is written twice).",
    "cannot_write": "{path}: the file cannot be written ({reason}). Close it in other programs, "
    "or choose another place with -o. Nothing was changed.",
    "no_companies": "{path}: not one company row can be used.\n{text}",
    "io_no_matrix": "{path}: no square matrix of an input-output table is found (expected a row of sector names, and the same names in the first or second column). Check that the names agree.",
    "io_not_square": "the input-output table is not square: column '{sectors}' has no row. Add the row, or move the column behind the totals.",
    "io_twice": "{path}: sector '{sector}' stands twice. Merge the two, or rename one.",
    "io_not_a_number": "{path} › row {row} › {column}: '{value}' is no number. Correct it; leave blank what is nothing.",
    "io_negative": "{path} › row {row} › {column}: '{value}' cannot be used (a flow between sectors is 0 or more). Check it.",
    "io_no_output": "{path}: sector '{sector}' buys inputs and has no total output. Fill in its output, or remove the sector.",
    "io_no_output_row": "{path}: there is no row or column of total output, and the columns do not add up to less than 1, so that the entries are no coefficients. Add the total output.",
    "unknown_chain": "chain '{value}' is not known (expected {known}, or a folder with "
    "products.csv and inputs.csv).",
    "broken_chain": "The chain cannot be used:\n{text}",
    "missing_chain_file": "{path}: the file is missing (expected products.csv and inputs.csv in a "
    "chain's folder). Add it.",
    "not_settled": "The chain did not settle in {rounds} rounds. Look for cycles with coefficients "
    "close to 1 in inputs.csv.",
    "unproductive": "The chain uses up more than it makes (spectral radius {radius}, expected "
    "below 1). The cycle {cycle} is to blame: its coefficients {coefficients} multiply to "
    "{product}. Correct them in inputs.csv.",
    "unknown_region_option": "region '{value}' is no code of GB/T 2260 (expected 2, 4 or 6 "
    "digits, such as 211382). Correct --region.",
    "empty_region": "no company lies in region {value} (the data have {known}). Choose another "
    "--region, or fill in region_code.",
    "unlinked_company": "'{value}' is neither here nor linked to anyone here: its stop changes nothing. Name another company.",
    "bad_day": "--as-of: '{value}' is no date (expected 2024, 2024-06 or 2024-06-30).",
    "unknown_anchor": "no company is called '{value}'. Write its id, name or alias as in "
    "companies.csv.",
    "anchor_twice": "'{value}' fits more than one company: {found}. Write the id.",
    "anchor_outside": "'{value}' does not lie in region {region}. Choose another --region.",
    "unknown_product_name": "no product is called '{value}'. Write its id or name as in "
    "products.csv.",
    "unknown_product_near": "no product is called '{value}'. Did you mean {names}? Write its id or "
    "name as in products.csv.",
    "product_twice": "'{value}' fits more than one product: {found}. Write the id.",
    "xlsx_needs_file": "A workbook cannot be printed on the screen. Name a file with -o NAME.xlsx.",
    "index_differs": "The two series are not indexed by the same products.",
    "bad_choice": "{option}: '{value}' cannot be used (expected {expected}).",
    "usage_NoSuchOption": "There is no option {name}.",
    "usage_MissingParameter": "{name} is missing.",
    "usage_BadParameter": "The value of {name} cannot be used ({message}).",
    "usage_BadOptionUsage": "The option {name} needs a value.",
    "usage_other": "The command line is wrong ({message}).",
    "usage": "{text} Run {command} --help to see what is possible.",
    "shipped_data_missing": "The shipped data are missing from this installation. Install "
    "cluster-graph again.",
    # merging companies
    "nobody_to_merge": "no company is called '{value}' (--same, --keep-apart). Write its id, name "
    "or alias as in companies.csv.",
    "several_to_merge": "'{value}' fits more than one company: {found} (--same). Write the id.",
    "same_and_apart": "'{first}' and '{second}' are asked to be one company (--same) and to be two "
    "(--keep-apart). Remove one of the two.",
    # scenarios and comparisons
    "not_comparable": "The two are built on different chains or regions and cannot be compared. Use the same --chain and --region.",
    "empty_scenario": "Nothing is assumed (expected --add, --remove, --project or --stage). Give at least one.",
    "nobody_left": "No local company would be left. Remove fewer, or put makers in their place with --add.",
    "remove_outside": "'{value}' does not lie in region {region}; without it nothing changes here. Name a local company (--remove), or choose another --region.",
    "unknown_project": "no project is called '{value}' (expected {known}). Write its id or name as in projects.csv (--project).",
    "project_twice": "'{value}' fits more than one project: {found}. Write the id (--project).",
    "project_outside": "project '{value}' does not lie in region {region}. Name a local one (--project), or choose another --region.",
    "project_no_product": "project '{value}' makes no product of these chains, so nothing would change. Fill in its product_id in projects.csv, or load the chain that has it (--chain).",
    "project_runs": "project '{value}' operates already and is in the figures as they are. Name one that does not (--project).",
    "no_project_at_stage": "no local project stands at the stage '{value}' (--stage). Choose another stage, or fill in the column stage of projects.csv.",
    "bad_quantity": "the quantity '{value}' of {product} cannot be used (expected one number above 0, with a unit if you like, such as 60000 or 60kt; the product is counted in {unit}). Correct --add.",
    "quantity_unit": "the unit in '{value}' does not measure {product} (expected {unit}). Correct --add.",
    "bad_probability": "the probability '{value}' of {stage} cannot be used (expected 0 to 1, such as 0.6 or 60%). Correct --probability.",
}
