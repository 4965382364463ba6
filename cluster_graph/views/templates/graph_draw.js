const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const FONT = '"Noto Sans SC","Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif';
/* light and dark: line and fill of each state and place; the dashes are the same in both */
const THEMES = {
  light: {
    ink: "#1d2329", paper: "#ffffff", quiet: "#4a5560", bands: ["#f8f6f1", "#f3f5f8"],
    met: "#17694d", leaves: "#0b62a8", edge: "#55606b", by_product: "#7a4a1e", inferred: "#7d8792",
    strong: ["#17694d", "#e3f3ec"], weak: ["#9a5b00", "#fdf0d9"], broken: ["#a61c1c", "#fde6e4"],
    missing: ["#59636e", "#f4f5f6"], planned: ["#5a3a9c", "#efe9fb"],
    outer: ["#6b6b6b", "#ffffff"], off_map: ["#8a8f94", "#ffffff"],
    local: ["#0b4f86", "#e4f0fa"], outside: ["#6b6b6b", "#ffffff"], unknown: ["#8a8f94", "#ffffff"],
  },
  dark: {
    ink: "#f0f3f6", paper: "#14181d", quiet: "#b3bdc7", bands: ["#1c1f1d", "#1a2027"],
    met: "#5fc79b", leaves: "#6cb6f2", edge: "#9aa6b2", by_product: "#d19a66", inferred: "#8b96a1",
    strong: ["#5fc79b", "#16322a"], weak: ["#f0b45a", "#3a2c12"], broken: ["#ff8a80", "#421a1a"],
    missing: ["#aab4be", "#23282e"], planned: ["#b79cf2", "#2a2140"],
    outer: ["#a8a8a8", "#14181d"], off_map: ["#868d94", "#14181d"],
    local: ["#7cbcf0", "#14293b"], outside: ["#a8a8a8", "#14181d"], unknown: ["#868d94", "#14181d"],
  },
};
const DASH = { broken: [7, 4], missing: [4, 4], planned: [2, 3], off_map: [1, 4], unknown: [2, 4] };
let theme = THEMES.light;

function lookOf(kind, fallback) {
  const name = theme[kind] ? kind : fallback;
  return { line: theme[name][0], fill: theme[name][1], dash: DASH[name] || [] };
}

function nodeLook(view, node) {
  return view.name === "map" ? lookOf(node.state, "off_map")
    : view.name === "firms" ? lookOf(node.place, "unknown")
      : { line: theme.quiet, fill: theme.paper, dash: [] };
}

/* --- marks: a shape for each state, so that colour is never alone --- */
function drawMark(ctx, state, x, y, r) {
  const look = lookOf(state, "off_map");
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
  const look = lookOf(node.place, "unknown");
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
      if (space > count / 2) {
        count = space + 1;
      }
    }
    rows.push(rest.slice(0, count).join("").trim());
    rest = rest.slice(count);
  }
  fitted.set(key, rows);
  return rows;
}

/* The font in which a second line fits, as long as anybody can read it. */
function shrunk(ctx, text, wide) {
  ctx.font = "12px " + FONT;
  const size = (12 * wide) / Math.max(ctx.measureText(text).width, 1);
  return Math.max(8, Math.min(12, size)) + "px " + FONT;
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
  const WIDE = view.wide;
  const HIGH = view.high;
  return function ({ ctx, x, y, state }) {
    return {
      drawNode() {
        const look = nodeLook(view, node);
        const scale = view.scale || (view.network ? view.network.getScale() : 1);
        const left = x - WIDE / 2;
        const top = y - HIGH / 2;
        const faded = view.near && !view.near.has(node.id);
        const chosen = view.selected === node.id || compared.includes(node.id);
        ctx.save();
        ctx.globalAlpha = faded ? 0.18 : 1;
        if (scale < 0.2 && !chosen) {
          // Nobody could read it: the colour of the box is all that is left of it.
          ctx.fillStyle = look.line;
          ctx.fillRect(left + 20, top + 8, WIDE - 40, HIGH - 16);
          ctx.restore();
          return;
        }
        roundedBox(ctx, left, top, WIDE, HIGH, 6);
        const plan = node.built === false;
        ctx.fillStyle = plan ? theme.paper : look.fill;
        ctx.fill();
        ctx.setLineDash(chosen ? [] : plan ? [2, 3] : look.dash);
        ctx.lineWidth = chosen ? 4 : state.hover ? 3 : node.anchor ? 3 : 1.8;
        ctx.strokeStyle = chosen ? theme.ink : look.line;
        ctx.stroke();
        ctx.setLineDash([]);
        if (view.name === "sectors") {
          drawSector(ctx, node, left, top, view);
          ctx.restore();
          return;
        }
        if (view.name === "map") {
          drawMark(ctx, node.state, left + 14, y, 6.5);
          drawGap(ctx, node, left, top);
        } else {
          drawPlace(ctx, node, left + 14, y, 6);
        }
        ctx.fillStyle = theme.ink;
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
          const small = shrunk(ctx, node.mark, wide);
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
  const [WIDE, HIGH] = data.boxes.map;
  const look = lookOf(node.state, "off_map");
  if (node.met !== null && node.met !== undefined && node.met < 1) {
    ctx.fillStyle = theme.paper;
    ctx.fillRect(left + 6, top + HIGH - 5, WIDE - 12, 3.4);
    ctx.fillStyle = theme.met;
    ctx.fillRect(left + 6, top + HIGH - 5, (WIDE - 12) * Math.max(0, node.met), 3.4);
    ctx.lineWidth = 0.8;
    ctx.strokeStyle = look.line;
    ctx.strokeRect(left + 6, top + HIGH - 5, WIDE - 12, 3.4);
  }
  if (node.use === "short" || node.use === "partial") {
    const x = left + WIDE;
    ctx.fillStyle = theme.leaves;
    ctx.beginPath();
    ctx.moveTo(x - 3, top + HIGH / 2 - 8);
    ctx.lineTo(x + 9, top + HIGH / 2);
    ctx.lineTo(x - 3, top + HIGH / 2 + 8);
    ctx.closePath();
    ctx.fill();
  }
}

/* a sector: its name, how many products and gaps, and the products by state as one bar */
function shares(node, wide) {
  const total = node.counts.reduce((sum, count) => sum + count, 0);
  let left = 0;
  return node.counts.map((count, i) => {
    const part = { state: data.orders.state[i], left, wide: (wide * count) / total };
    left += part.wide;
    return part;
  }).filter((part) => part.wide > 0);
}

function drawSector(ctx, node, left, top, view) {
  ctx.fillStyle = theme.ink;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const bold = "600 14px " + FONT;
  const rows = breakText(ctx, node.label, bold, view.wide - 16, 2);
  ctx.font = bold;
  rows.forEach((row, i) => ctx.fillText(row, left + 8, top + (rows.length > 1 ? 13 : 20) + i * 16));
  const small = shrunk(ctx, node.mark, view.wide - 16);
  const mark = breakText(ctx, node.mark, small, view.wide - 15.5, 1);
  ctx.font = small;
  ctx.fillStyle = theme.quiet;
  ctx.fillText(mark[0] || "", left + 8, top + 45);
  shares(node, view.wide - 16).forEach((part) => {
    ctx.fillStyle = lookOf(part.state, "off_map").line;
    ctx.fillRect(left + 8 + part.left, top + view.high - 9, Math.max(part.wide - 1, 1), 5);
  });
}
