/* --- the three views --- */
const viewOf = (name, source, total, empty) => ({ name, source, total, empty, box: byId(name),
  wide: data.boxes[name][0], high: data.boxes[name][1] });
const views = {
  sectors: viewOf("sectors", data.sectors, data.sectors.nodes.length, "map_empty"),
  map: viewOf("map", data.map, data.map.nodes.length, "map_empty"),
  firms: viewOf("firms", null, firms.id.length, "companies_empty"),
};
// Too many boxes are no picture: such a view draws what is asked for, and no more than this.
const DRAWN = 400;
const READABLE = 0.45; // the scale below which nobody reads a box
views.map.some = views.map.total > data.most.boxes;
views.firms.some = views.firms.total > data.most.boxes;
const ENTRY = views.map.total + views.firms.total > data.most.boxes ? "sectors" : "map";
let current = views[ENTRY];
let productOf = ""; // the product whose companies are shown, or none

const viewFor = (id) => views[{ c: "firms", p: "map", s: "sectors" }[id[0]]];

/* Boxes in columns from left to right: one group after the other, the window's shape. */
function columns(view, groups) {
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  const cell = [view.wide + 46, view.high + 14];
  const rows = Math.max(4, Math.ceil(Math.sqrt((total * cell[0]) / cell[1] / 2)));
  const places = new Map();
  let left = 0;
  groups.filter((group) => group.length).forEach((group) => {
    const wide = Math.ceil(group.length / rows);
    const tall = Math.ceil(group.length / wide);
    group.forEach((key, i) => places.set(key, [
      (left + Math.floor(i / tall)) * cell[0], ((i % tall) - (tall - 1) / 2) * cell[1]]));
    left += wide + 0.5;
  });
  return places;
}

/* A company or product with those up and down from it, by their distance. */
function layers(view, id) {
  const [way, steps] = byId("reach").value.split("-");
  const seen = new Set([id]);
  const sides = { up: [], down: [] };
  (way === "both" ? ["up", "down"] : [way]).forEach((name) => {
    let edge = [id];
    for (let step = 0; step < Number(steps) && edge.length && seen.size < DRAWN; step += 1) {
      edge = edge.flatMap((node) => neighbours(view, node, name)).filter((node) =>
        seen.size < DRAWN && !seen.has(node) && seen.add(node));
      sides[name].push(edge);
    }
  });
  return [...sides.up.reverse(), [id], ...sides.down];
}

function asked(view) {
  if (view === views.firms && productOf && products.has(productOf)) {
    const { makers, users } = products.get(productOf);
    const ids = (numbers) => numbers.slice(0, DRAWN / 2).map((number) => "c:" + firms.id[number]);
    const made = ids(makers);
    const groups = [made, ids(users).filter((id) => !made.includes(id))];
    if (!view.selected || groups.some((group) => group.includes(view.selected))) {
      return groups;
    }
  }
  if (view.selected) {
    return layers(view, view.selected);
  }
  if (view === views.map) {
    const sector = byId("sector").value;
    const inside = data.map.nodes.filter((node) => !sector || node.sector === sector);
    return [inside.sort((a, b) => b.worth - a.worth).slice(0, DRAWN).map((node) => node.id)];
  }
  let middle = firms.anchor.length ? firms.anchor[0] : 0;
  if (!firms.anchor.length) {
    const { up, down } = firmLinks();
    const most = (number) => up.count(number) + down.count(number);
    firms.id.forEach((_, number) => { middle = most(number) > most(middle) ? number : middle; });
  }
  return layers(view, "c:" + firms.id[middle]);
}

function sourceOf(view) {
  if (view.some) {
    const places = columns(view, asked(view));
    const nodes = Array.from(places, ([id, place]) => (view === views.firms
      ? firmNode(firmNumber(id), ...place)
      : Object.assign({}, products.get(id), { x: place[0], y: place[1], all: place })));
    const edges = view === views.firms ? firmEdges(nodes.map((node) => node.number))
      : data.map.edges.filter((edge) => places.has(edge.from) && places.has(edge.to));
    return { nodes, edges, bands: [], bands_all: [] };
  }
  if (view === views.firms) {
    const numbers = firms.id.map((_, number) => number);
    return { nodes: numbers.map((number) => firmNode(number, firms.x[number], firms.y[number])),
      edges: firmEdges(numbers) };
  }
  return view.source;
}

const tipOf = (node) => {
  const tip = document.createElement("div");
  tip.textContent = node.label.slice(0, 300) + "\n" + node.mark;
  return tip;
};

/* Read what the view shows into vis-network's tables. */
function fillView(view) {
  view.source = sourceOf(view);
  view.near = null;
  view.plain = new Map(view.source.nodes.map((node) => [node.id, node]));
  view.lines = view.source.edges.map((edge, i) => Object.assign(
    { id: "e" + i, color: edgeColor(edge, "plain"), width: thickness(edge) }, edge));
  const nodes = view.source.nodes.map((node) =>
    Object.assign({}, node, { ctxRenderer: renderer(view, node), title: tipOf(node) }));
  if (view.nodes) {
    view.edges.clear();
    view.nodes.clear();
    view.nodes.add(nodes);
    view.edges.add(view.lines);
  } else {
    view.nodes = new vis.DataSet(nodes);
    view.edges = new vis.DataSet(view.lines);
  }
  applyFilter(view);
}

function build(view) {
  if (view.network || !view.total) {
    byId("empty").textContent = view.total ? "" : ui(view.empty);
    return;
  }
  view.selected = null;
  fillView(view);
  const many = view.lines.length > 1500;
  view.network = new vis.Network(view.box, { nodes: view.nodes, edges: view.edges },
    Object.assign({}, data.options, { interaction: Object.assign(
      { hideEdgesOnDrag: many, hideEdgesOnZoom: many }, data.options.interaction) }));
  view.network.on("beforeDrawing", (ctx) => drawBands(view, ctx));
  view.network.on("click", (event) => {
    const keys = event.event.srcEvent || {};
    if (event.nodes.length && (keys.ctrlKey || keys.metaKey || keys.shiftKey)) {
      compareWith(event.nodes[0]);
    } else if (event.nodes.length) {
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

const thickness = (edge) => (edge.inputs ? 1 + Math.log2(edge.inputs) / 2 : 1);

function edgeColor(edge, how) {
  const base = edge.kind === "by_product" ? theme.by_product
    : edge.reported === false ? theme.inferred : theme.edge;
  const strong = edge.reported === undefined ? 0.28 : 0.75;
  return { color: base, hover: base, highlight: base, inherit: false,
    opacity: how === "near" ? 0.95 : how === "far" ? 0.05 : strong };
}

function bandsOf(view) {
  return view.name !== "map" ? [] : view.everything ? view.source.bands_all : view.source.bands;
}

function drawBands(view, ctx) {
  ctx.save();
  bandsOf(view).forEach((band, i) => {
    ctx.fillStyle = theme.bands[i % 2];
    ctx.fillRect(band[1], band[2], band[3] - band[1], band[4] - band[2]);
    ctx.fillStyle = theme.quiet;
    ctx.font = "700 22px " + FONT;
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.fillText(wordOf("chain", band[0]).slice(0, 60), band[1] + 10, band[2] + 3);
  });
  ctx.restore();
}

/* Left, top, right and bottom of some boxes. */
function bounds(view, nodes) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  nodes.forEach((node) => {
    box[0] = Math.min(box[0], node.x - view.wide / 2);
    box[1] = Math.min(box[1], node.y - view.high / 2);
    box[2] = Math.max(box[2], node.x + view.wide / 2);
    box[3] = Math.max(box[3], node.y + view.high / 2);
  });
  return box;
}

const extent = (view) => bounds(view, view.nodes.get({ filter: (node) => !node.hidden }));

function fit(view) {
  const box = view.nodes ? extent(view) : [0, 0, -1, -1];
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
    label.hidden = !label.dataset.view.split(" ").includes(name);
  });
  byId("empty").textContent = "";
  if (current.network) {
    current.network.redraw();
  } else {
    build(current);
  }
  drawTable();
  count();
  drawCrumbs();
}

/* Draw anew what a view that shows only some of its boxes is asked for. */
function refill(view) {
  if (view.some && view.network) {
    fillView(view);
    fit(view);
    drawTable();
    count();
  }
}

/* --- who is how many steps up or down the links; inputs are up, users are down --- */
function neighbours(view, id, way) {
  if (view === views.firms) {
    return partners(firmNumber(id), way).map((number) => "c:" + firms.id[number]);
  }
  if (!view.links) {
    view.links = { up: new Map(), down: new Map() };
    const join = (links, from, to) => {
      if (links.has(from)) {
        links.get(from).push(to);
      } else {
        links.set(from, [to]);
      }
    };
    (view === views.map ? data.map : data.sectors).edges.forEach((edge) => {
      join(view.links.down, edge.from, edge.to);
      join(view.links.up, edge.to, edge.from);
    });
  }
  return view.links[way].get(id) || [];
}

function around(view, id, way, steps) {
  const found = new Set([id]);
  (way === "both" ? ["up", "down"] : [way]).forEach((name) => {
    let edge = [id];
    const seen = new Set(edge);
    for (let step = 0; step < steps && edge.length; step += 1) {
      edge = edge.flatMap((node) => neighbours(view, node, name))
        .filter((node) => view.plain.has(node) && !seen.has(node) && seen.add(node));
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

function isHidden(view, node, on) {
  if (view === views.sectors) {
    return false;
  }
  if (on.chain && node.chain !== on.chain) {
    return true;
  }
  if (view === views.map) {
    return (on.asked.has(node.state) ? !on.states.has(node.state) : node.state === "off_map")
      || Boolean(on.use && node.use !== on.use)
      || Boolean(on.sector && node.sector !== on.sector)
      || Boolean(on.evidence && node.evidence !== on.evidence)
      || Boolean(on.value && !(node.worth >= Number(on.value)));
  }
  return !on.places.has(node.place) || Boolean(on.status && node.status !== on.status)
    || Boolean(on.where && node.where !== on.where)
    || Boolean(on.traders && !on.traders.has(node.number));
}

function applyFilter(view) {
  const trade = products.get(productOf);
  const on = {
    ...Object.fromEntries(FILTERS.map((name) => [name, byId(name).value])),
    states: checked("state"), places: checked("place"),
    asked: new Set(Array.from(document.querySelectorAll("input[data-group=state]"), (box) => box.value)),
    traders: trade && !view.some ? new Set([...trade.makers, ...trade.users]) : null,
  };
  const everything = on.states.has("off_map");
  const moved = view.name === "map" && Boolean(view.everything) !== everything;
  view.everything = everything;
  view.nodes.update(view.source.nodes.map((node) => {
    const change = { id: node.id, hidden: isHidden(view, node, on) };
    if (moved) {
      change.x = everything ? node.all[0] : node.x;
      change.y = everything ? node.all[1] : node.y;
    }
    return change;
  }));
  if (view === views.firms) {
    const evidence = checked("evidence");
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
  byId("count").textContent = fill(ui("shown"), { count: shown, total: current.total });
}

function refilter() {
  remember(false);
  Object.values(views).forEach((view) => {
    if (view.nodes) {
      if (view.some && view === views.map && !view.selected) {
        fillView(view);
      } else {
        applyFilter(view);
      }
    }
  });
  if (current.network && current.selected) {
    const node = current.nodes.get(current.selected);
    if (node && node.hidden) {
      clear();
    }
  }
  count();
  drawTable();
  drawCrumbs();
}
