"""What a plant takes for each unit it makes, as projects of the same product say."""

import pandas as pd


def per_unit(projects: pd.DataFrame, column: str) -> dict[str, float]:
    """
    How much of a resource one unit of yearly capacity takes.

    Parameters
    ----------
    projects
        The projects table.
    column
        land_m2, workshop_m2, energy or investment.

    Returns
    -------
    per_unit
        Product -> the median over its projects that know both; in the column's unit for each
        unit/year. Products without such a project are absent.
    """
    rows = projects[(projects["capacity"] > 0) & (projects[column] > 0)]
    rows = rows[rows["product_id"] != ""]
    each = (rows[column] / rows["capacity"]).groupby(rows["product_id"]).median()
    return {str(product): float(value) for product, value in each.items()}
