/* --- the address holds the state: a link can be sent, and Back goes back --- */
const FILTERS = ["chain", "sector", "use", "evidence", "value", "status", "where"];
let recalling = false;
let working = false;

/* Whatever is done inside is one step for Back. */
function oneStep(work) {
  const outer = working;
  working = true;
  work();
  working = outer;
  remember(true);
}

function stateText() {
  const state = new URLSearchParams();
  const off = Array.from(document.querySelectorAll("input[data-group]"))
    .filter((box) => box.checked !== box.defaultChecked).map((box) => box.value);
  const parts = {
    view: current === views[ENTRY] ? "" : current.name,
    lang: lang === data.lang ? "" : lang,
    of: productOf,
    node: current.selected || "",
    reach: byId("reach").value === "both-1" ? "" : byId("reach").value,
    ...Object.fromEntries(FILTERS.map((name) => [name, byId(name).value])),
    turned: off.join("."),
    table: byId("table").hidden ? "" : "1",
    dark: theme === THEMES.dark ? "1" : "",
  };
  Object.entries(parts).forEach(([name, value]) => { if (value) { state.set(name, value); } });
  compared.forEach((id) => state.append("with", id));
  return "#" + state.toString();
}

/* A choice is a step that Back undoes; a filter only changes the step. */
function remember(step) {
  const text = stateText();
  if (recalling || working || text === (location.hash || "#")) {
    return;
  }
  if (step) {
    recalling = true;
    location.hash = text;
    // The event comes after this turn, and tells what is known already.
    setTimeout(() => { recalling = false; }, 0);
  } else {
    history.replaceState(null, "", text);
  }
}

function recall() {
  if (recalling) {
    return;
  }
  recalling = true;
  const state = new URLSearchParams(location.hash.slice(1));
  const turned = new Set((state.get("turned") || "").split("."));
  document.querySelectorAll("input[data-group]").forEach((box) => {
    box.checked = turned.has(box.value) ? !box.defaultChecked : box.defaultChecked;
  });
  [...FILTERS.map((name) => [name, ""]), ["reach", "both-1"]].forEach(([name, usual]) => {
    byId(name).value = state.get(name) || usual;
    if (byId(name).selectedIndex < 0) {
      byId(name).value = usual;
    }
  });
  byId("table").hidden = state.get("table") !== "1";
  byId("as-table").setAttribute("aria-pressed", String(!byId("table").hidden));
  if (state.has("dark")) {
    setTheme(true);
  }
  setLang(LANGS.includes(state.get("lang")) ? state.get("lang") : data.lang);
  compared.splice(0, compared.length, ...state.getAll("with").filter(isKnown));
  productOf = products.has(state.get("of")) ? state.get("of") : "";
  show(state.get("view") in views ? state.get("view") : ENTRY);
  refilter();
  const node = state.get("node");
  if (node && isKnown(node) && viewFor(node) === current) {
    choose(node);
  } else {
    clear();
    refill(current);
  }
  if (compared.length > 1) {
    openCompare(compared[0]);
  }
  recalling = false;
}

/* --- the other language: every text that Python wrote has a number --- */
function setLang(next) {
  if (next === lang) {
    return;
  }
  lang = next;
  const put = (name, into) => document.querySelectorAll("[data-" + name + "]").forEach((element) =>
    into(element, data.text[lang][Number(element.dataset[name])]));
  put("t", (element, text) => { element.textContent = text; });
  put("label", (element, text) => element.setAttribute("aria-label", text));
  put("hint", (element, text) => element.setAttribute("placeholder", text));
  document.documentElement.lang = ui("tag");
  document.title = ui("graph_title");
  relabel();
  Object.values(views).filter((view) => view.nodes).forEach((view) => {
    view.source.nodes.forEach((node) => {
      const named = view === views.firms
        ? { label: firmName(node.number), mark: firmMark(node.number) }
        : products.get(node.id) || sectors.get(node.id);
      node.label = named.label;
      node.mark = named.mark;
    });
    view.nodes.update(view.source.nodes.map((node) => (
      { id: node.id, label: node.label, mark: node.mark, title: tipOf(node) })));
    view.network.redraw();
  });
  byId("empty").textContent = current.total ? "" : ui(current.empty);
  if (!byId("panel").hidden && compared.length > 1) {
    openCompare(compared[0]);
  } else if (current.selected) {
    openPanel(current.selected);
  }
  count();
  drawTable();
  drawCrumbs();
}

/* --- light and dark --- */
function setTheme(dark) {
  theme = dark ? THEMES.dark : THEMES.light;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("dark").setAttribute("aria-pressed", String(dark));
  drawLegend();
  Object.values(views).forEach((view) => {
    if (view.network) {
      paint(view);
    }
  });
}

/* --- what is shown, as a table --- */
function shownNodes() {
  return current.nodes ? current.nodes.get({ filter: (node) => !node.hidden }) : [];
}

function tableRows() {
  const state = { sectors: () => "", map: (node) => wordOf("state", node.state),
    firms: (node) => wordOf("place", node.place) }[current.name];
  const chains = (node) => (node.chains || [node.chain]).map((chain) => wordOf("chain", chain));
  const rows = shownNodes().map((node) => [
    node.id.slice(2), node.label, chains(node).filter(Boolean).join(ui("join")), state(node), node.mark,
  ]);
  return [ui("table_headings").split("|"), ...rows];
}

function drawTable() {
  const table = byId("rows");
  table.replaceChildren();
  if (byId("table").hidden) {
    return;
  }
  tableRows().forEach((row, place) => {
    const line = add(table, "tr");
    row.forEach((cell, column) => {
      if (place && column === 1) {
        const button = add(add(line, "td"), "button", cell.slice(0, 200));
        button.type = "button";
        button.dir = "auto";
        const id = { sectors: "s:", map: "p:", firms: "c:" }[current.name] + row[0];
        button.addEventListener("click", () => choose(id));
      } else {
        const box = add(line, place ? "td" : "th", cell.slice(0, 200));
        box.dir = "auto";
        if (!place) {
          box.scope = "col";
        }
      }
    });
  });
}

/* A cell that a spreadsheet would take for a formula gets an apostrophe. */
function tableText(sign) {
  return tableRows().map((row) => row.map((cell) => {
    const safe = /^[=+\-@\t\r]/.test(cell) ? "'" + cell : cell;
    return /["\n,\t]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }).join(sign)).join("\r\n") + "\r\n";
}

function copyTable() {
  const area = add(document.body, "textarea", tableText(","));
  area.select();
  document.execCommand("copy");
  area.remove();
  byId("copy").focus();
  byId("count").textContent = ui("copied");
}

/* --- the drawing as a picture: all that is shown, not only what is on the screen --- */
function save(blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = ui("file_name") + "_" + current.name + "." + ending;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function shownEdges() {
  const seen = new Map(shownNodes().map((node) => [node.id, node]));
  return current.edges.get({ filter: (edge) => !edge.hidden && seen.has(edge.from) && seen.has(edge.to) })
    .map((edge) => ({ edge, from: seen.get(edge.from), to: seen.get(edge.to) }));
}

/* Where a line from one box to the next leaves the first and meets the second. */
function ends(view, from, to) {
  const side = (a, b) => {
    const x = b.x - a.x;
    const y = b.y - a.y;
    const part = Math.min(view.wide / 2 / Math.max(Math.abs(x), 1e-6),
      view.high / 2 / Math.max(Math.abs(y), 1e-6), 0.5);
    return [a.x + x * part, a.y + y * part];
  };
  return [side(from, to), side(to, from)];
}

function savePng() {
  const view = current;
  const box = extent(view);
  if (box[0] > box[2]) {
    return;
  }
  const wide = box[2] - box[0] + 60;
  const high = box[3] - box[1] + 90;
  const scale = Math.min(2, 12000 / wide, 12000 / high, Math.sqrt(8e7 / (wide * high)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(wide * scale);
  canvas.height = Math.round(high * scale);
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.scale(scale, scale);
  ctx.translate(30 - box[0], 60 - box[1]);
  drawBands(view, ctx);
  shownEdges().forEach(({ edge, from, to }) => {
    const [start, end] = ends(view, from, to);
    ctx.save();
    ctx.globalAlpha = edge.color.opacity;
    ctx.strokeStyle = ctx.fillStyle = edge.color.color;
    ctx.setLineDash(edge.dashes ? [5, 4] : []);
    ctx.beginPath();
    ctx.moveTo(start[0], start[1]);
    ctx.lineTo(end[0], end[1]);
    ctx.stroke();
    ctx.translate(end[0], end[1]);
    ctx.rotate(Math.atan2(end[1] - start[1], end[0] - start[0]));
    ctx.beginPath();
    ctx.moveTo(0, 0);
    ctx.lineTo(-9, -4);
    ctx.lineTo(-9, 4);
    ctx.fill();
    ctx.restore();
  });
  view.scale = 1;
  shownNodes().forEach((node) => {
    renderer(view, node)({ ctx, x: node.x, y: node.y, state: {} }).drawNode();
  });
  view.scale = null;
  canvas.toBlob((blob) => save(blob, "png"), "image/png");
}

function saveSvg() {
  const view = current;
  const box = extent(view);
  if (box[0] > box[2]) {
    return;
  }
  const space = "http://www.w3.org/2000/svg";
  const made = (parent, tag, parts, text) => {
    const element = document.createElementNS(space, tag);
    Object.entries(parts).forEach(([name, value]) => element.setAttribute(name, value));
    if (text !== undefined) {
      // XML has no control characters, not even escaped ones.
      element.textContent = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
    }
    return parent.appendChild(element);
  };
  const root = document.createElementNS(space, "svg");
  const size = [box[0] - 30, box[1] - 60, box[2] - box[0] + 60, box[3] - box[1] + 90];
  root.setAttribute("viewBox", size.map((part) => part.toFixed(1)).join(" "));
  root.setAttribute("font-family", FONT.replace(/"/g, "'"));
  made(root, "rect", { x: size[0], y: size[1], width: size[2], height: size[3], fill: theme.paper });
  bandsOf(view).forEach((band, i) => {
    made(root, "rect", { x: band[1], y: band[2], width: band[3] - band[1], height: band[4] - band[2],
      fill: theme.bands[i % 2] });
    made(root, "text", { x: band[1] + 10, y: band[2] + 24, "font-size": 22, "font-weight": 700,
      fill: theme.quiet }, wordOf("chain", band[0]).slice(0, 60));
  });
  shownEdges().forEach(({ edge, from, to }) => {
    const [start, end] = ends(view, from, to);
    const turn = Math.atan2(end[1] - start[1], end[0] - start[0]);
    const corner = (along, aside) => (end[0] - along * Math.cos(turn) - aside * Math.sin(turn)).toFixed(1)
      + " " + (end[1] - along * Math.sin(turn) + aside * Math.cos(turn)).toFixed(1);
    const group = made(root, "g", { opacity: edge.color.opacity });
    const line = { d: "M" + start.map((part) => part.toFixed(1)).join(" ") + "L" + corner(0, 0),
      stroke: edge.color.color, fill: "none" };
    made(group, "path", edge.dashes ? Object.assign(line, { "stroke-dasharray": "5 4" }) : line);
    made(group, "path", { d: "M" + corner(0, 0) + "L" + corner(9, 4) + "L" + corner(9, -4) + "Z",
      fill: edge.color.color });
  });
  const ctx = document.createElement("canvas").getContext("2d");
  shownNodes().forEach((node) => {
    const look = nodeLook(view, node);
    const left = node.x - view.wide / 2;
    const group = made(root, "g", {});
    made(group, "title", {}, node.label.slice(0, 300) + "\n" + node.mark);
    made(group, "rect", { x: left, y: node.y - view.high / 2, width: view.wide, height: view.high,
      rx: 6, fill: look.fill, stroke: look.line, "stroke-width": 1.8,
      "stroke-dasharray": look.dash.join(" ") || "none" });
    const name = breakText(ctx, node.label, "600 13.5px " + FONT, view.wide - 16, 1);
    made(group, "text", { x: left + 8, y: node.y - 4, "font-size": 13.5, "font-weight": 600,
      fill: theme.ink }, name[0] || "");
    const mark = breakText(ctx, node.mark, "12px " + FONT, view.wide - 16, 1);
    made(group, "text", { x: left + 8, y: node.y + 14, "font-size": 12, fill: look.line },
      mark[0] || "");
    if (node.counts) {
      shares(node, view.wide - 16).forEach((part) => made(group, "rect", { x: left + 8 + part.left,
        y: node.y + view.high / 2 - 9, width: Math.max(part.wide - 1, 1), height: 5,
        fill: lookOf(part.state, "off_map").line }));
    }
  });
  save(new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" }), "svg");
}

function fullScreen() {
  if (document.fullscreenElement) {
    document.exitFullscreen();
  } else {
    document.documentElement.requestFullscreen();
  }
}
