/* --- choosing a node, its neighbours and the panel --- */
function paint(view) {
  view.edges.update(view.lines.map((edge) => {
    const near = view.selected && view.near.has(edge.from) && view.near.has(edge.to)
      && (byId("reach").value !== "both-1" || edge.from === view.selected
        || edge.to === view.selected);
    const how = view.selected ? (near ? "near" : "far") : "plain";
    return { id: edge.id, color: edgeColor(edge, how), width: near ? 2.2 : 1 };
  }));
}

function choose(id) {
  const name = id.startsWith("c:") ? "firms" : "map";
  if (views[name] !== current) {
    show(name);
  }
  const view = current;
  const node = view.nodes && view.nodes.get(id);
  if (!node) {
    return;
  }
  if (node.hidden) {
    reveal(view, view.plain.get(id));
  }
  view.selected = id;
  reach(view);
  bringIn(view, view.nodes.get(id));
  openPanel(id);
  remember(true);
}

function reach(view) {
  const [way, steps] = byId("reach").value.split("-");
  view.near = around(view, view.selected, way, Number(steps));
  paint(view);
}

function reveal(view, node) {
  FILTERS.forEach((name) => { byId(name).value = ""; });
  document.querySelectorAll("input[data-group=state],input[data-group=place]").forEach((box) => {
    if (box.value === (view.name === "map" ? node.state : node.place)) {
      box.checked = true;
    }
  });
  refilter();
}

function bringIn(view, node) {
  const scale = view.network.getScale();
  const wide = view.box.clientWidth;
  const high = view.box.clientHeight;
  const place = view.network.canvasToDOM({ x: node.x, y: node.y });
  const room = wide - Math.min(380, wide * 0.4);
  const inside = place.x > 90 && place.x < room - 90 && place.y > 40 && place.y < high - 40;
  if (!inside || scale < 0.45) {
    const to = Math.max(scale, 0.75);
    view.network.moveTo({
      position: { x: node.x + (wide - room) / 2 / to, y: node.y }, scale: to, animation: false });
  }
}

function clear() {
  if (current.network) {
    current.selected = null;
    current.near = null;
    paint(current);
  }
  byId("panel").hidden = true;
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

function openPanel(id) {
  const detail = data.details[id];
  const body = byId("panel-body");
  body.replaceChildren();
  if (!detail) {
    return;
  }
  const title = add(body, "h2", detail.title);
  title.dir = "auto";
  add(body, "p", detail.under, "under");
  const chips = add(body, "p", undefined, "chips");
  detail.chips.forEach((chip) => {
    const mark = add(chips, "span", chip[2], "chip");
    mark.dataset.kind = chip[0] + "-" + chip[1];
  });
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

/* --- search --- */
function search() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const list = byId("found");
  list.replaceChildren();
  if (!words.length) {
    list.hidden = true;
    return;
  }
  const order = current === views.map ? [views.map, views.firms] : [views.firms, views.map];
  const hits = [];
  order.forEach((view) => view.source.nodes.forEach((node) => {
    if (words.every((part) => node.find.includes(part))) {
      hits.push(node);
    }
  }));
  const first = (node) => {
    const at = node.label.toLowerCase().indexOf(words[0]);
    return (at < 0 ? 1000 : at * 10) + Math.min(node.label.length, 99) / 10;
  };
  hits.sort((a, b) => first(a) - first(b));
  hits.slice(0, 12).forEach((node) => {
    const line = add(list, "li");
    const button = add(line, "button", node.label.slice(0, 80));
    button.type = "button";
    button.dir = "auto";
    add(button, "small", node.mark);
    button.addEventListener("click", () => { list.hidden = true; choose(node.id); });
  });
  add(list, "li", hits.length ? data.ui.matches.replace("{count}", String(hits.length))
    : data.ui.no_match, "note");
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
