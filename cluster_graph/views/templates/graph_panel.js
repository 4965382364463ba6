/* --- choosing a node, its neighbours and the panel --- */
function paint(view) {
  view.edges.update(view.lines.map((edge) => {
    const near = view.selected && view.near.has(edge.from) && view.near.has(edge.to)
      && (byId("reach").value !== "both-1" || edge.from === view.selected
        || edge.to === view.selected);
    const how = view.selected ? (near ? "near" : "far") : "plain";
    return { id: edge.id, color: edgeColor(edge, how), width: near ? Math.max(2.2, thickness(edge)) : thickness(edge) };
  }));
}

function choose(id) {
  if (!isKnown(id)) {
    return;
  }
  oneStep(() => {
    if (viewFor(id) !== current) {
      show(viewFor(id).name);
    }
    const view = current;
    view.selected = id;
    if (view.some && !(productOf && view.plain.has(id))) {
      fillView(view);
      fit(view);
      count();
      drawTable();
    }
    if (view.nodes.get(id).hidden) {
      reveal(view, view.plain.get(id));
    }
    reach(view);
    bringIn(view, view.nodes.get(id));
    openPanel(id);
    drawCrumbs();
  });
}

function reach(view) {
  const [way, steps] = byId("reach").value.split("-");
  view.near = around(view, view.selected, way, Number(steps));
  paint(view);
}

function reveal(view, node) {
  productOf = "";
  FILTERS.forEach((name) => { byId(name).value = ""; });
  document.querySelectorAll("input[data-group=state],input[data-group=place]").forEach((box) => {
    if (box.value === (view.name === "map" ? node.state : node.place)) {
      box.checked = true;
    }
  });
  refilter();
}

/* Bring a box and its neighbours beside the panel; the box alone where they lie too far apart. */
function bringIn(view, node) {
  const wide = view.box.clientWidth;
  const high = view.box.clientHeight;
  const room = wide - Math.min(380, wide * 0.4);
  const near = view.nodes.get(Array.from(view.near)).filter((other) => !other.hidden);
  const box = bounds(view, near.length ? near : [node]);
  const now = view.network.getScale();
  const corners = [view.network.canvasToDOM({ x: box[0], y: box[1] }),
    view.network.canvasToDOM({ x: box[2], y: box[3] })];
  if (now >= READABLE && corners[0].x > 0 && corners[0].y > 0 && corners[1].x < room
    && corners[1].y < high) {
    return;
  }
  const fits = Math.min(1, room / (box[2] - box[0] + 60), high / (box[3] - box[1] + 60));
  const whole = fits >= READABLE;
  const scale = whole ? fits : Math.max(now, 0.75);
  const middle = whole ? { x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 } : node;
  view.network.moveTo({
    position: { x: middle.x + (wide - room) / 2 / scale, y: middle.y }, scale, animation: false });
}

function clear() {
  if (current.network) {
    current.selected = null;
    current.near = null;
    paint(current);
  }
  byId("panel").hidden = true;
  drawCrumbs();
  remember(true);
}

function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) {
    element.textContent = text;
  }
  if (className) {
    element.className = className;
  }
  parent.appendChild(element);
  return element;
}

function button(parent, text, go) {
  const made = add(parent, "button", text);
  made.type = "button";
  made.addEventListener("click", go);
  return made;
}

function openPanel(id) {
  const detail = detailOf(id);
  const body = byId("panel-body");
  body.replaceChildren();
  const title = add(body, "h2", detail.title);
  title.dir = "auto";
  add(body, "p", detail.under, "under");
  const chips = add(body, "p", undefined, "chips");
  detail.chips.forEach((chip) => {
    const mark = add(chips, "span", chip[2], "chip");
    mark.dataset.kind = chip[0] + "-" + chip[1];
  });
  const actions = add(body, "p", undefined, "actions");
  if (sectors.has(id)) {
    button(actions, ui("to_sector"), () => openSector(id.slice(2)));
  }
  const product = products.get(id);
  if (product && product.makers.length + product.users.length) {
    button(actions, ui("to_companies"), () => openCompanies(id));
  }
  button(actions, ui(compared.includes(id) ? "compare_drop" : "compare_add"), () => compareWith(id));
  const table = add(body, "table");
  detail.rows.forEach((row) => {
    const line = add(table, "tr");
    add(line, "th", row[0]).scope = "row";
    add(line, "td", row[1]).dir = "auto";
  });
  detail.groups.forEach((group) => {
    add(body, "h3", group.heading);
    const list = add(body, "ul");
    group.items.forEach((item) => {
      const line = add(list, "li");
      const name = add(line, item.goto ? "button" : "span", item.text);
      name.dir = "auto";
      if (item.goto) {
        name.type = "button";
        name.addEventListener("click", () => choose(item.goto));
      }
      if (item.more) {
        add(line, "small", item.more).dir = "auto";
      }
    });
  });
  byId("panel").hidden = false;
  byId("panel").scrollTop = 0;
}

/* --- several side by side --- */
const compared = [];

function compareWith(id) {
  const at = compared.indexOf(id);
  if (at < 0) {
    compared.push(id);
  } else {
    compared.splice(at, 1);
  }
  openCompare(id);
  if (current.network) {
    current.network.redraw();
  }
  remember(true);
}

function openCompare(id) {
  if (compared.length < 2) {
    if (current.selected || compared.length) {
      openPanel(current.selected || compared[0]);
      if (compared.length) {
        add(byId("panel-body").querySelector(".actions"), "small", ui("compare_hint"));
      }
    } else {
      openPanel(id);
    }
    return;
  }
  const body = byId("panel-body");
  body.replaceChildren();
  add(body, "h2", ui("compare"));
  const table = add(add(body, "div", undefined, "beside"), "table");
  const details = compared.map(detailOf);
  const head = add(table, "tr");
  add(head, "td");
  details.forEach((detail, i) => {
    const cell = add(head, "th");
    cell.scope = "col";
    button(cell, detail.title.slice(0, 60), () => choose(compared[i])).dir = "auto";
    button(cell, ui("compare_drop"), () => compareWith(compared[i]));
  });
  const line = (heading, cells) => {
    const row = add(table, "tr");
    add(row, "th", heading).scope = "row";
    cells.forEach((cell) => { add(row, "td", cell).dir = "auto"; });
  };
  line(ui("table_headings").split("|")[3], details.map((detail) => detail.chips.map((chip) => chip[2]).join(ui("join"))));
  const headings = details.flatMap((detail) => detail.rows.map((row) => row[0]));
  new Set(headings).forEach((heading) => line(heading, details.map((detail) =>
    (detail.rows.find((row) => row[0] === heading) || ["", "—"])[1])));
  const groups = details.flatMap((detail) => detail.groups.map((group) => group.heading));
  new Set(groups).forEach((heading) => line(heading, details.map((detail) => {
    const found = detail.groups.find((group) => group.heading === heading);
    return found ? listing(found.items.map((item) => item.text), 6) : "—";
  })));
  byId("panel").hidden = false;
  byId("panel").scrollTop = 0;
}

/* --- search --- */
function search() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const list = byId("found");
  list.replaceChildren();
  if (!words.length) {
    list.hidden = true;
    return;
  }
  const hits = [];
  const look = (label, other, made) => {
    if (words.every((part) => label.includes(part) || other.includes(part))) {
      const at = label.indexOf(words[0]);
      hits.push([(at < 0 ? 1000 : at * 10) + Math.min(label.length, 99) / 10, made]);
    }
  };
  const inside = (nodes) => nodes.forEach((node) => look(node.label.toLowerCase(),
    node.names.join(" ").toLowerCase() + " " + node.find, () => node));
  const outside = () => firms.id.forEach((id, number) => look(firmName(number).toLowerCase(),
    id.toLowerCase() + " " + firms.names[LANGS[0]][number].toLowerCase() + " "
      + LANGS.slice(1).map((other) => firms.names[other][number] || "").join(" ").toLowerCase() + " "
      + firms.find[number], () => firmNode(number, 0, 0)));
  const parts = [() => inside(data.map.nodes), outside, () => inside(data.sectors.nodes)];
  (current === views.firms ? [parts[1], parts[0], parts[2]] : parts).forEach((part) => part());
  hits.sort((a, b) => a[0] - b[0]);
  hits.slice(0, 12).forEach(([, made]) => {
    const node = made();
    const line = add(list, "li");
    const button = add(line, "button", node.label.slice(0, 80));
    button.type = "button";
    button.dir = "auto";
    add(button, "small", node.mark);
    button.addEventListener("click", () => { list.hidden = true; choose(node.id); });
  });
  add(list, "li", hits.length ? fill(ui("matches"), { count: hits.length })
    : ui("no_match"), "note");
  list.hidden = false;
}

/* --- keyboard on the drawing: arrows walk to the next box, Enter opens, Esc closes --- */
function walk(key) {
  const view = current;
  if (!view.nodes) {
    return;
  }
  const seen = view.nodes.get({ filter: (node) => !node.hidden });
  if (!seen.length) {
    return;
  }
  const from = view.selected && view.nodes.get(view.selected);
  if (!from) {
    choose(seen.reduce((a, b) => (b.x + b.y * 3 < a.x + a.y * 3 ? b : a)).id);
    return;
  }
  const along = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  let best = null;
  let least = Infinity;
  seen.forEach((node) => {
    const x = (node.x - from.x) / view.wide;
    const y = (node.y - from.y) / view.high;
    const ahead = x * along[0] + y * along[1];
    const aside = Math.abs(x * along[1]) + Math.abs(y * along[0]);
    if (ahead > 0.1 && ahead + 2 * aside < least) {
      least = ahead + 2 * aside;
      best = node;
    }
  });
  if (best) {
    choose(best.id);
  }
}

function onKey(event) {
  if (event.key.startsWith("Arrow")) {
    walk(event.key);
  } else if (event.key === "+" || event.key === "=") {
    zoom(1.25);
  } else if (event.key === "-") {
    zoom(0.8);
  } else if (event.key === "0") {
    fit(current);
  } else if (event.key === "Enter" && current.selected) {
    byId("panel").focus();
  } else {
    return;
  }
  event.preventDefault();
}
