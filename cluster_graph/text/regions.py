"""Names of regions, where the catalogue has them, around a GB/T 2260 code."""

from cluster_graph.text import Lang, texts


def region_name(code: str, lang: Lang) -> str:
    """
    What people call a region.

    Parameters
    ----------
    code
        A GB/T 2260 code of two, four or six digits, or blank.
    lang
        `zh` or `en`.

    Returns
    -------
    name
        The name of the place; where only the province or prefecture is known by name, that
        name and the code; the code where nothing is known.
    """
    names = texts("region", lang)
    trimmed = code.removesuffix("00").removesuffix("00") if len(code) > len("00") else code
    if trimmed in names:
        return names[trimmed]
    for width in (4, 2):
        if trimmed[:width] in names:
            return f"{names[trimmed[:width]]} {code}"
    return code
