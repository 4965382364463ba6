"""How far around a place a gap carries a plant, worked out on paper."""

from pathlib import Path

import numpy as np
import pandas as pd
from conftest import company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph.gaps.reach import demand_by_radius, radii, reach, scale_radius


def test_radii_widen_from_the_county_to_the_country() -> None:
    """Lingyuan, Chaoyang, Liaoning, with Beijing-Tianjin-Hebei, China; Sichuan has no such ring."""
    assert list(radii(("211382",))) == ["211382", "2113", "21", "21,11,12,13", "CN"]
    assert list(radii(("510100",))) == ["510100", "51", "CN"]
    assert radii(("211382",))["21,11,12,13"] == ("21", "11", "12", "13")


def test_demand_grows_with_the_radius(tmp_path: Path) -> None:
    """
    Electrodes: 0.01 t a tonne of steel; a plant needs 5 t a year.

    Lingyuan makes 100 t of steel (1 t of electrodes), another county of Chaoyang 150 (2.5
    together), Tangshan 400 (6.5 with Hebei); somebody in Hebei makes 2 t of electrodes.
    """
    chain = write_folder(
        tmp_path / "chain",
        products=[product("ELECTRODE", min_efficient_scale=5), product("STEEL")],
        inputs=[needs("ELECTRODE", "STEEL", 0.01)],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[
            company("A"),
            company("B", region_code="211321"),
            company("C", region_code="130200"),
            company("D", region_code="130200"),
        ],
        outputs=[
            {"company_id": "A", "product_id": "STEEL", "output": 100},
            {"company_id": "B", "product_id": "STEEL", "output": 150},
            {"company_id": "C", "product_id": "STEEL", "output": 400},
            {"company_id": "D", "product_id": "ELECTRODE", "output": 2},
        ],
    )
    cluster = cg.build(cg.load(data), cg.chains(chain))
    found = reach(cluster, "ELECTRODE").set_index("radius")
    assert found["demand"].tolist() == [1.0, 2.5, 2.5, 6.5, 6.5]
    assert found["supply"].tolist() == [0.0, 0.0, 0.0, 2.0, 2.0]
    assert found["shortage"].tolist() == [1.0, 2.5, 2.5, 4.5, 4.5]
    assert found["plants"].tolist() == [0.2, 0.5, 0.5, 1.3, 1.3]
    assert found["companies"].tolist() == [1, 2, 2, 4, 4]
    wide = demand_by_radius(cluster)
    smallest = pd.Series({"ELECTRODE": 5.0, "STEEL": np.nan})
    assert scale_radius(wide, smallest).tolist() == ["21,11,12,13", None]
