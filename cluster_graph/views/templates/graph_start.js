/* --- the legend's little drawings --- */
function drawLegend() {
  document.querySelectorAll("canvas[data-mark]").forEach((canvas) => {
    const ctx = canvas.getContext("2d");
    ctx.setTransform(2, 0, 0, 2, 0, 0);
    ctx.clearRect(0, 0, 18, 18);
    if (canvas.dataset.mark.startsWith("place-")) {
      const place = canvas.dataset.mark.slice(6);
      drawPlace(ctx, { place: place === "anchor" ? "local" : place, anchor: place === "anchor" },
        9, 9, 5);
    } else {
      drawMark(ctx, canvas.dataset.mark, 9, 9, 6);
    }
  });
}

drawLegend();
Object.keys(views).forEach((name) =>
  byId("tab-" + name).addEventListener("click", () => openView(name)));
byId("reach").addEventListener("change", () => {
  if (current.network && current.selected) {
    refill(current);
    reach(current);
  }
  remember(false);
});
byId("as-table").addEventListener("click", () => {
  byId("table").hidden = !byId("table").hidden;
  byId("as-table").setAttribute("aria-pressed", String(!byId("table").hidden));
  drawTable();
  remember(false);
});
byId("copy").addEventListener("click", copyTable);
byId("csv").addEventListener("click", () => save(new Blob(["\ufeff" + tableText(",")], { type: "text/csv" }), "csv"));
byId("png").addEventListener("click", savePng);
byId("svg").addEventListener("click", saveSvg);
byId("print").addEventListener("click", () => window.print());
byId("full").addEventListener("click", fullScreen);
byId("dark").addEventListener("click", () => {
  setTheme(theme === THEMES.light);
  remember(false);
});
byId("lang").addEventListener("click", () => {
  setLang(LANGS.find((other) => other !== lang));
  remember(false);
});
window.addEventListener("hashchange", recall);
byId("fit").addEventListener("click", () => fit(current));
byId("zoom-in").addEventListener("click", () => zoom(1.25));
byId("zoom-out").addEventListener("click", () => zoom(0.8));
byId("close").addEventListener("click", clear);
FILTERS.forEach((name) => byId(name).addEventListener("change", () => {
  refilter();
  if (["chain", "sector", "where"].includes(name)) {
    fit(current);
  }
}));
document.querySelectorAll("input[data-group]").forEach((box) =>
  box.addEventListener("change", refilter));
byId("search").addEventListener("input", search);
byId("search").addEventListener("keydown", (event) => {
  const first = byId("found").querySelector("button");
  if (event.key === "Enter" && first) {
    first.click();
  } else if (event.key === "ArrowDown" && first) {
    first.focus();
    event.preventDefault();
  }
});
byId("found").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const buttons = Array.from(byId("found").querySelectorAll("button"));
    const at = buttons.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (buttons[at] || byId("search")).focus();
    event.preventDefault();
  }
});
Object.values(views).forEach(({ box }) => box.addEventListener("keydown", onKey));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    byId("found").hidden = true;
    clear();
  }
});
document.addEventListener("click", (event) => {
  if (!byId("finder").contains(event.target)) {
    byId("found").hidden = true;
  }
});
setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches);
show(ENTRY);
recall();
document.documentElement.dataset.ready = "yes";
