/* --- the two views --- */
const views = {
  map: { name: "map", wide: data.box[0], high: data.box[1], box: byId("map"), source: data.map, empty: data.ui.map_empty },
  firms: { name: "firms", wide: data.company_box[0], high: data.company_box[1], box: byId("firms"), source: data.firms, empty: data.ui.companies_empty },
};
let current = views.map;

function build(view) {
  if (view.network || !view.source.nodes.length) {
    byId("empty").textContent = view.source.nodes.length ? "" : view.empty;
    return;
  }
  view.near = null;
  view.selected = null;
  const nodes = view.source.nodes.map((node) => {
    const tip = document.createElement("div");
    tip.textContent = node.label.slice(0, 300) + "\n" + node.mark;
    return Object.assign({}, node, { ctxRenderer: renderer(view, node), title: tip });
  });
  const edges = view.source.edges.map((edge, i) =>
    Object.assign({ id: "e" + i, color: edgeColor(edge, "plain") }, edge));
  view.plain = new Map(view.source.nodes.map((node) => [node.id, node]));
  view.nodes = new vis.DataSet(nodes);
  view.edges = new vis.DataSet(edges);
  view.lines = edges;
  applyFilter(view);
  view.network = new vis.Network(
    view.box, { nodes: view.nodes, edges: view.edges }, data.options);
  view.network.on("beforeDrawing", (ctx) => drawBands(view, ctx));
  view.network.on("click", (event) => {
    if (event.nodes.length) {
      choose(event.nodes[0]);
    } else {
      clear();
    }
  });
  view.network.on("zoom", () => keepZoom(view));
  view.network.on("hoverNode", (event) => {
    if (!view.selected) {
      view.near = around(view, event.node, "both", 1);
      view.network.redraw();
    }
  });
  view.network.on("blurNode", () => {
    if (!view.selected && view.near) {
      view.near = null;
      view.network.redraw();
    }
  });
  fit(view);
}

function edgeColor(edge, how) {
  const base = edge.kind === "by_product" ? theme.by_product
    : edge.reported === false ? theme.inferred : theme.edge;
  const strong = edge.reported === undefined ? 0.28 : 0.75;
  return { color: base, hover: base, highlight: base, inherit: false,
    opacity: how === "near" ? 0.95 : how === "far" ? 0.05 : strong };
}

function drawBands(view, ctx) {
  if (view.name !== "map") {
    return;
  }
  ctx.save();
  (view.everything ? view.source.bands_all : view.source.bands).forEach((band, i) => {
    ctx.fillStyle = theme.bands[i % 2];
    ctx.fillRect(band[1], band[2], band[3] - band[1], band[4] - band[2]);
    ctx.fillStyle = theme.quiet;
    ctx.font = "700 22px " + FONT;
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.fillText(band[0].slice(0, 60), band[1] + 10, band[2] + 3);
  });
  ctx.restore();
}

function extent(view) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const WIDE = view.wide;
  const HIGH = view.high;
  view.nodes.forEach((node) => {
    if (!node.hidden) {
      box[0] = Math.min(box[0], node.x - WIDE / 2);
      box[1] = Math.min(box[1], node.y - HIGH / 2);
      box[2] = Math.max(box[2], node.x + WIDE / 2);
      box[3] = Math.max(box[3], node.y + HIGH / 2);
    }
  });
  return box;
}

function fit(view) {
  const box = extent(view);
  if (!view.network || box[0] > box[2]) {
    return;
  }
  const wide = view.box.clientWidth;
  const high = view.box.clientHeight;
  const scale = Math.min(1.25, wide / (box[2] - box[0] + 50), high / (box[3] - box[1] + 80));
  view.network.moveTo({
    position: { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 - 12 },
    scale: Math.max(0.05, scale), animation: false });
}

function keepZoom(view) {
  const scale = view.network.getScale();
  const kept = Math.min(3, Math.max(0.05, scale));
  if (kept !== scale) {
    view.network.moveTo({ scale: kept, animation: false });
  }
}

function zoom(factor) {
  if (current.network) {
    const scale = Math.min(3, Math.max(0.05, current.network.getScale() * factor));
    current.network.moveTo({ scale, animation: false });
  }
}

function show(name) {
  current = views[name];
  Object.values(views).forEach((view) => {
    view.box.hidden = view !== current;
    byId("legend-" + view.name).hidden = view !== current;
    byId("tab-" + view.name).setAttribute("aria-pressed", String(view === current));
  });
  document.querySelectorAll("label[data-view]").forEach((label) => {
    label.hidden = label.dataset.view !== name;
  });
  drawTable();
  byId("empty").textContent = "";
  if (current.network) {
    current.network.redraw();
  } else {
    build(current);
  }
  count();
}

/* --- who is how many steps up or down the links; inputs are up, users are down --- */
function around(view, id, way, steps) {
  if (!view.links) {
    view.links = { up: new Map(), down: new Map() };
    view.lines.forEach((edge) => {
      [["down", edge.from, edge.to], ["up", edge.to, edge.from]].forEach(([name, from, to]) => {
        const links = view.links[name];
        links.set(from, (links.get(from) || []).concat(to));
      });
    });
  }
  const found = new Set([id]);
  (way === "both" ? ["up", "down"] : [way]).forEach((name) => {
    let edge = [id];
    const seen = new Set(edge);
    for (let step = 0; step < steps && edge.length; step += 1) {
      edge = edge.flatMap((node) => view.links[name].get(node) || [])
        .filter((node) => !seen.has(node) && seen.add(node));
      edge.forEach((node) => found.add(node));
    }
  });
  return found;
}

/* --- filters --- */
function checked(group) {
  return new Set(Array.from(document.querySelectorAll("input[data-group=" + group + "]"))
    .filter((box) => box.checked).map((box) => box.value));
}

function applyFilter(view) {
  const chain = byId("chain").value;
  const use = byId("use").value;
  const states = checked("state");
  const places = checked("place");
  const evidence = checked("evidence");
  const everything = states.has("off_map");
  const moved = view.name === "map" && Boolean(view.everything) !== everything;
  view.everything = everything;
  const changed = [];
  view.source.nodes.forEach((node) => {
    let hidden = Boolean(chain) && node.chain !== chain;
    if (view.name === "map") {
      const asked = document.querySelector('input[data-group="state"][value="' + node.state + '"]');
      hidden = hidden || (asked ? !states.has(node.state) : node.state === "off_map")
        || (Boolean(use) && node.use !== use)
        || (Boolean(byId("evidence").value) && node.evidence !== byId("evidence").value)
        || (Boolean(byId("value").value) && !(node.worth >= Number(byId("value").value)));
    } else {
      hidden = hidden || !places.has(node.place)
        || (Boolean(byId("status").value) && node.status !== byId("status").value)
        || (Boolean(byId("where").value) && node.where !== byId("where").value);
    }
    const change = { id: node.id, hidden };
    if (moved) {
      change.x = everything ? node.all[0] : node.x;
      change.y = everything ? node.all[1] : node.y;
    }
    changed.push(change);
  });
  view.nodes.update(changed);
  if (view.name === "firms") {
    view.edges.update(view.lines.map((edge) => ({
      id: edge.id, hidden: !evidence.has(edge.reported ? "reported" : "inferred") })));
  }
  if (moved && view.network) {
    fit(view);
  }
}

function count() {
  let shown = 0;
  if (current.nodes) {
    current.nodes.forEach((node) => { shown += node.hidden ? 0 : 1; });
  }
  byId("count").textContent = data.ui.shown.replace("{count}", String(shown))
    .replace("{total}", String(current.source.nodes.length));
}

function refilter() {
  remember(false);
  Object.values(views).forEach((view) => { if (view.nodes) { applyFilter(view); } });
  if (current.network && current.selected) {
    const node = current.nodes.get(current.selected);
    if (node && node.hidden) {
      clear();
    }
  }
  count();
  drawTable();
}
