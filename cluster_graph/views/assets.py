"""The parts of a page that come from files: templates, styles, scripts, pyvis' vis-network."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from cluster_graph.text.cells import plain

if TYPE_CHECKING:
    from jinja2 import Environment

_VIS: Final = "lib/vis-9.1.2/vis-network.min"
_ESCAPES: Final = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


@cache
def asset(name: str) -> str:
    """
    A text file of the folder `templates`.

    Parameters
    ----------
    name
        Its file name.

    Returns
    -------
    text
        Its content, its line ends those of the web whatever the system.
    """
    place = files("cluster_graph.views") / "templates" / name
    return place.read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def vis_network() -> tuple[str, str]:
    """
    The script and the style of vis-network, from the installed pyvis, licence included.

    Returns
    -------
    script, style
        Content of the two files, ready to stand inside a page.
    """
    folder = files("pyvis")
    script = (folder / f"{_VIS}.js").read_text(encoding="utf-8").replace("\r\n", "\n")
    style = (folder / "lib/vis-9.1.2/vis-network.css").read_text(encoding="utf-8")
    # the map of the sources is not in the page: nobody must go and look for it
    script = script.replace("//# sourceMappingURL=vis-network.min.js.map", "")
    return script.replace("</script", "<\\/script"), style.replace("</style", "<\\/style")


def environment() -> Environment:
    """
    The templates, every value escaped, an unknown name a mistake.

    Returns
    -------
    environment
        Jinja2's, with the folder `templates` behind it.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 (heavy)

    return Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def inert_json(value: object) -> str:
    """
    JSON that may stand inside a page: no sign in it can end the element it stands in.

    Parameters
    ----------
    value
        Anything JSON can hold.

    Returns
    -------
    text
        The same data, `<`, `>`, `&` and the two odd line ends written as escapes.
    """
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text.encode("utf-8", "replace").decode("utf-8")


def script_hash(script: str) -> str:
    """
    What a Content-Security-Policy calls a script by.

    Parameters
    ----------
    script
        Exactly what stands between the tags.

    Returns
    -------
    source
        `'sha256-...'`, quotes included.
    """
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
