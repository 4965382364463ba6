/* --- from the overview to a sector, its products, their companies --- */
function openSector(sector) {
  oneStep(() => {
    show("map");
    clear();
    productOf = "";
    byId("sector").value = sector;
    refilter();
    refill(current);
    fit(current);
  });
}

function openCompanies(product) {
  oneStep(() => {
    show("firms");
    clear();
    productOf = product;
    FILTERS.forEach((name) => { byId(name).value = ""; });
    refilter();
    refill(current);
    fit(current);
  });
}

function openView(name) {
  oneStep(() => {
    show(name);
    clear();
    productOf = "";
    if (name === "map") {
      byId("sector").value = "";
    }
    refilter();
    refill(current);
  });
}

function drawCrumbs() {
  const steps = [[ui("overview"), () => openView("sectors")]];
  const chosen = current.selected || "";
  const product = products.get(current === views.map ? chosen : productOf);
  const sector = current === views.sectors ? chosen.slice(2)
    : product ? product.sector : current === views.map ? byId("sector").value : "";
  if (sector && sectors.has("s:" + sector)) {
    steps.push([sectors.get("s:" + sector).label, () => openSector(sector)]);
  }
  if (product) {
    steps.push([product.label, () => choose(product.id)]);
  }
  if (current === views.firms) {
    if (productOf && product) {
      steps.push([ui("companies_of"), () => openCompanies(productOf)]);
    }
    if (chosen) {
      steps.push([firmName(firmNumber(chosen)), () => choose(chosen)]);
    }
  }
  const bar = byId("crumbs");
  bar.replaceChildren();
  bar.hidden = steps.length < 2 && ENTRY !== "sectors";
  steps.forEach(([text, go], i) => {
    if (i) {
      add(bar, "span", "›").setAttribute("aria-hidden", "true");
    }
    const crumb = add(bar, "button", text.slice(0, 60));
    crumb.type = "button";
    crumb.dir = "auto";
    crumb.addEventListener("click", go);
    if (i === steps.length - 1) {
      crumb.setAttribute("aria-current", "page");
    }
  });
}
