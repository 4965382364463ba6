"use strict";
/* The page's own script. All data comes from the JSON element and is shown as text only. */
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const FONT = '"Noto Sans SC","Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif';
  const STATE = {
    strong: { line: "#17694d", fill: "#e3f3ec", dash: [] },
    weak: { line: "#9a5b00", fill: "#fdf0d9", dash: [] },
    broken: { line: "#a61c1c", fill: "#fde6e4", dash: [7, 4] },
    missing: { line: "#59636e", fill: "#f4f5f6", dash: [4, 4] },
    planned: { line: "#5a3a9c", fill: "#efe9fb", dash: [2, 3] },
    outer: { line: "#6b6b6b", fill: "#ffffff", dash: [] },
    off_map: { line: "#8a8f94", fill: "#ffffff", dash: [1, 4] },
  };
  const PLACE = {
    local: { line: "#0b4f86", fill: "#e4f0fa", dash: [] },
    outside: { line: "#6b6b6b", fill: "#ffffff", dash: [] },
    unknown: { line: "#8a8f94", fill: "#ffffff", dash: [2, 4] },
  };
  const INK = "#1d2329";

  /* --- marks: a shape for each state, so that colour is never alone --- */
  function drawMark(ctx, state, x, y, r) {
    const look = STATE[state] || STATE.off_map;
    ctx.save();
    ctx.lineWidth = Math.max(1.6, r / 4);
    ctx.strokeStyle = look.line;
    ctx.fillStyle = look.line;
    ctx.setLineDash([]);
    ctx.beginPath();
    if (state === "strong") {
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      ctx.fill();
    } else if (state === "weak") {
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x, y, r, Math.PI / 2, (3 * Math.PI) / 2);
      ctx.fill();
    } else if (state === "broken") {
      ctx.moveTo(x - r, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r);
      ctx.lineTo(x - r, y + r);
      ctx.stroke();
    } else if (state === "missing") {
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      ctx.stroke();
    } else if (state === "planned") {
      ctx.moveTo(x, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.lineTo(x - r, y + r);
      ctx.closePath();
      ctx.stroke();
    } else if (state === "outer") {
      ctx.rect(x - r, y - r, 2 * r, 2 * r);
      ctx.stroke();
    } else {
      ctx.arc(x, y, r / 2, 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.restore();
  }

  function drawPlace(ctx, node, x, y, r) {
    const look = PLACE[node.place] || PLACE.unknown;
    ctx.save();
    ctx.lineWidth = 1.8;
    ctx.strokeStyle = look.line;
    ctx.fillStyle = look.line;
    ctx.beginPath();
    if (node.anchor) {
      for (let i = 0; i < 10; i += 1) {
        const turn = (i * Math.PI) / 5 - Math.PI / 2;
        const far = i % 2 ? r * 0.5 : r * 1.25;
        ctx.lineTo(x + far * Math.cos(turn), y + far * Math.sin(turn));
      }
      ctx.closePath();
      ctx.fill();
    } else {
      ctx.rect(x - r, y - r, 2 * r, 2 * r);
      if (node.place === "local") {
        ctx.fill();
      } else {
        ctx.stroke();
      }
    }
    ctx.restore();
  }

  /* --- fitting text into a box; remembered, because measuring is slow --- */
  const fitted = new Map();
  function breakText(ctx, text, font, width, lines) {
    const key = font + "|" + width + "|" + lines + "|" + text;
    if (fitted.has(key)) {
      return fitted.get(key);
    }
    ctx.font = font;
    const rows = [];
    let rest = Array.from(text.slice(0, 200).replace(/\s+/g, " "));
    while (rest.length && rows.length < lines) {
      let count = rest.length;
      const last = rows.length === lines - 1;
      while (count > 1 && ctx.measureText(rest.slice(0, count).join("")).width > width) {
        count -= 1;
      }
      if (count < rest.length && last) {
        while (count > 1 && ctx.measureText(rest.slice(0, count).join("") + "…").width > width) {
          count -= 1;
        }
        rows.push(rest.slice(0, count).join("") + "…");
        rest = [];
        break;
      }
      if (count < rest.length) {
        const space = rest.slice(0, count + 1).lastIndexOf(" ");
        if (space > 0) {
          count = space + 1;
        }
      }
      rows.push(rest.slice(0, count).join("").trim());
      rest = rest.slice(count);
    }
    fitted.set(key, rows);
    return rows;
  }

  function roundedBox(ctx, x, y, wide, high, r) {
    ctx.beginPath();
    ctx.moveTo(x + r, y);
    ctx.arcTo(x + wide, y, x + wide, y + high, r);
    ctx.arcTo(x + wide, y + high, x, y + high, r);
    ctx.arcTo(x, y + high, x, y, r);
    ctx.arcTo(x, y, x + wide, y, r);
    ctx.closePath();
  }

  function renderer(view, node) {
    const look = view.name === "map" ? STATE[node.state] || STATE.off_map
      : PLACE[node.place] || PLACE.unknown;
    const WIDE = view.wide;
    const HIGH = view.high;
    return function ({ ctx, x, y, state }) {
      return {
        drawNode() {
          const scale = view.network ? view.network.getScale() : 1;
          const left = x - WIDE / 2;
          const top = y - HIGH / 2;
          const faded = view.near && !view.near.has(node.id);
          const chosen = view.selected === node.id;
          ctx.save();
          ctx.globalAlpha = faded ? 0.18 : 1;
          roundedBox(ctx, left, top, WIDE, HIGH, 6);
          const plan = node.built === false;
          ctx.fillStyle = plan ? "#ffffff" : look.fill;
          ctx.fill();
          ctx.setLineDash(chosen ? [] : plan ? [2, 3] : look.dash);
          ctx.lineWidth = chosen ? 4 : state.hover ? 3 : node.anchor ? 3 : 1.8;
          ctx.strokeStyle = chosen ? INK : look.line;
          ctx.stroke();
          ctx.setLineDash([]);
          if (view.name === "map") {
            drawMark(ctx, node.state, left + 14, y, 6.5);
            drawGap(ctx, node, left, top);
          } else {
            drawPlace(ctx, node, left + 14, y, 6);
          }
          ctx.fillStyle = INK;
          ctx.textAlign = "left";
          ctx.textBaseline = "middle";
          const wide = WIDE - 31;
          const raised = node.met !== null && node.met !== undefined && node.met < 1 ? 3 : 0;
          if (scale < 0.66) {
            const size = /[\u2e80-\u9fff]/.test(node.label) ? 18 : 16;
            const font = "600 " + size + "px " + FONT;
            const rows = breakText(ctx, node.label, font, wide, 2);
            ctx.font = font;
            rows.forEach((row, i) =>
              ctx.fillText(row, left + 27, y - raised + (i - (rows.length - 1) / 2) * (size + 1)));
          } else {
            const bold = "600 13.5px " + FONT;
            const name = breakText(ctx, node.label, bold, wide, 1);
            ctx.font = bold;
            ctx.fillText(name[0] || "", left + 27, y - 9);
            ctx.font = "12px " + FONT;
            const long = ctx.measureText(node.mark).width;
            const size = Math.max(8, Math.min(12, (12 * wide) / Math.max(long, 1)));
            const small = size + "px " + FONT;
            const mark = breakText(ctx, node.mark, small, wide + 0.5, 1);
            ctx.font = small;
            ctx.fillStyle = look.line;
            ctx.fillText(mark[0] || "", left + 27, y + 10);
          }
          ctx.restore();
        },
        nodeDimensions: { width: WIDE, height: HIGH },
      };
    };
  }

  /* bar at the foot: how much of local need is met; arrow at the right: leaves unprocessed */
  function drawGap(ctx, node, left, top) {
    const [WIDE, HIGH] = data.box;
    const look = STATE[node.state] || STATE.off_map;
    if (node.met !== null && node.met !== undefined && node.met < 1) {
      ctx.fillStyle = "#ffffff";
      ctx.fillRect(left + 6, top + HIGH - 5, WIDE - 12, 3.4);
      ctx.fillStyle = "#17694d";
      ctx.fillRect(left + 6, top + HIGH - 5, (WIDE - 12) * Math.max(0, node.met), 3.4);
      ctx.lineWidth = 0.8;
      ctx.strokeStyle = look.line;
      ctx.strokeRect(left + 6, top + HIGH - 5, WIDE - 12, 3.4);
    }
    if (node.use === "short" || node.use === "partial") {
      const x = left + WIDE;
      ctx.fillStyle = "#0b62a8";
      ctx.beginPath();
      ctx.moveTo(x - 3, top + HIGH / 2 - 8);
      ctx.lineTo(x + 9, top + HIGH / 2);
      ctx.lineTo(x - 3, top + HIGH / 2 + 8);
      ctx.closePath();
      ctx.fill();
    }
  }

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
    fit(view);
  }

  function edgeColor(edge, how) {
    const base = edge.kind === "by_product" ? "#7a4a1e"
      : edge.reported === false ? "#7d8792" : "#55606b";
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
      ctx.fillStyle = i % 2 ? "#f3f5f8" : "#f8f6f1";
      ctx.fillRect(band[1], band[2], band[3] - band[1], band[4] - band[2]);
      ctx.fillStyle = "#4a5560";
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
    byId("use-label").hidden = name !== "map";
    byId("empty").textContent = "";
    if (current.network) {
      current.network.redraw();
    } else {
      build(current);
    }
    count();
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
          || (Boolean(use) && node.use !== use);
      } else {
        hidden = hidden || !places.has(node.place);
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
    Object.values(views).forEach((view) => { if (view.nodes) { applyFilter(view); } });
    if (current.network && current.selected) {
      const node = current.nodes.get(current.selected);
      if (node && node.hidden) {
        clear();
      }
    }
    count();
  }

  /* --- choosing a node, its neighbours and the panel --- */
  function paint(view) {
    view.edges.update(view.lines.map((edge) => {
      const near = view.selected
        && (edge.from === view.selected || edge.to === view.selected);
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
    view.near = new Set([id]);
    view.lines.forEach((edge) => {
      if (edge.from === id || edge.to === id) {
        view.near.add(edge.from);
        view.near.add(edge.to);
      }
    });
    paint(view);
    bringIn(view, view.nodes.get(id));
    openPanel(id);
  }

  function reveal(view, node) {
    byId("chain").value = "";
    byId("use").value = "";
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

  /* --- the legend's little drawings --- */
  function drawLegend() {
    document.querySelectorAll("canvas[data-mark]").forEach((canvas) => {
      const ctx = canvas.getContext("2d");
      ctx.scale(2, 2);
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
  byId("tab-map").addEventListener("click", () => { clear(); show("map"); });
  byId("tab-firms").addEventListener("click", () => { clear(); show("firms"); });
  byId("fit").addEventListener("click", () => fit(current));
  byId("zoom-in").addEventListener("click", () => zoom(1.25));
  byId("zoom-out").addEventListener("click", () => zoom(0.8));
  byId("close").addEventListener("click", clear);
  byId("chain").addEventListener("change", () => { refilter(); fit(current); });
  byId("use").addEventListener("change", refilter);
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
  [views.map.box, views.firms.box].forEach((box) => box.addEventListener("keydown", onKey));
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
  show("map");
  document.documentElement.dataset.ready = "yes";
})();
