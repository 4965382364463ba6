/* --- words in the page's language --- */
const LANGS = Object.keys(data.text);
let lang = data.lang;
const ui = (key) => data.ui[lang][key];
const wordOf = (kind, value) => data.words[lang][kind][value] || value || "";
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) =>
  name in values ? String(values[name]) : gap);

function listing(names, most) {
  const line = names.slice(0, most).join(ui("join"));
  return names.length <= most ? line : fill(ui("more"), { names: line, count: names.length });
}

/* --- products and sectors: a node's label and mark are those of the language --- */
const products = new Map(data.map.nodes.map((node) => [node.id, node]));
const sectors = new Map(data.sectors.nodes.map((node) => [node.id, node]));

function relabel() {
  const place = LANGS.indexOf(lang);
  [data.map, data.sectors].forEach((source) => source.nodes.forEach((node) => {
    node.label = node.names[place];
    node.mark = node.marks[place];
  }));
}
relabel();

/* --- companies and links stay columns; what is asked for is read out of them --- */
const firms = data.firms;
let firmNumbers = null;
function firmNumber(id) {
  if (!firmNumbers) {
    firmNumbers = new Map(firms.id.map((name, number) => ["c:" + name, number]));
  }
  return firmNumbers.get(id);
}

const isKnown = (id) => products.has(id) || sectors.has(id) || firmNumber(id) !== undefined;

function firmName(number) {
  const name = firms.names[lang][number];
  return name === null ? firms.names[LANGS[0]][number] : name;
}

function goodName(good) {
  const node = products.get("p:" + firms.goods[good]);
  return node ? node.label : firms.goods[good];
}

function firmMark(number) {
  const makes = listing(firms.makes[number].map(goodName), 2)
    || wordOf("place", data.orders.place[firms.place[number]]);
  const status = data.orders.status[firms.status[number]] || "operating";
  return status === "operating" ? makes
    : fill(ui("firm_mark"), { status: wordOf("status", status), makes });
}

function firmNode(number, x, y) {
  const status = data.orders.status[firms.status[number]] || "operating";
  return {
    id: "c:" + firms.id[number], number, shape: "custom", x, y,
    label: firmName(number), mark: firmMark(number),
    place: data.orders.place[firms.place[number]] || "unknown",
    anchor: firms.anchor.includes(number),
    chain: firms.chains[firms.chain[number]] || "",
    built: status === "operating", status,
    where: firms.wheres[firms.where[number]] || "",
  };
}

/* The links of each company, as runs in one list: the way in, the way out. */
function runs(ends) {
  const start = new Int32Array(firms.id.length + 1);
  ends.forEach((end) => { start[end + 1] += 1; });
  for (let i = 0; i < firms.id.length; i += 1) {
    start[i + 1] += start[i];
  }
  const next = start.slice();
  const link = new Int32Array(ends.length);
  ends.forEach((end, i) => { link[next[end]] = i; next[end] += 1; });
  return { of: (number) => link.subarray(start[number], start[number + 1]),
    count: (number) => start[number + 1] - start[number] };
}
let firmRuns = null;
function firmLinks() {
  if (!firmRuns) {
    firmRuns = { down: runs(firms.from), up: runs(firms.to) };
  }
  return firmRuns;
}

function partners(number, way) {
  const far = way === "up" ? firms.from : firms.to;
  return Array.from(new Set(Array.from(firmLinks()[way].of(number), (link) => far[link])));
}

/* The links between some companies, one line for a pair. */
function firmEdges(numbers) {
  const inside = new Set(numbers);
  const found = new Map();
  numbers.forEach((number) => firmLinks().down.of(number).forEach((link) => {
    const to = firms.to[link];
    if (inside.has(to)) {
      found.set(number + " " + to, { from: "c:" + firms.id[number], to: "c:" + firms.id[to],
        reported: Boolean(firms.reported[link]), dashes: !firms.reported[link] });
    }
  }));
  return Array.from(found.values());
}

/* --- what the panel says of a company; of all else Python has said it --- */
function firmDetail(number) {
  const node = firmNode(number, 0, 0);
  const rows = [[ui("heading_status"), wordOf("status", node.status)]];
  if (node.where) {
    rows.push([ui("where"), wordOf("where", node.where)]);
  }
  if (node.chain) {
    rows.push([ui("heading_chain"), wordOf("chain", node.chain)]);
  }
  const trade = (way) => {
    const links = Array.from(firmLinks()[way].of(number));
    const far = way === "up" ? firms.from : firms.to;
    const items = links.slice(0, data.most.listed).map((link) => ({
      text: firmName(far[link]), goto: "c:" + firms.id[far[link]],
      more: [
        firms.good[link] < 0 ? "" : goodName(firms.good[link]),
        firms.amount[link] < 0 ? "" : firms.amounts[lang][firms.amount[link]],
        wordOf("evidence", data.orders.evidence[firms.evidence[link]]) || ui("unknown"),
      ].filter(Boolean).join(" · "),
    }));
    if (links.length > items.length) {
      items.push({ text: fill(ui("more_listed"), { count: links.length - items.length }), goto: "", more: "" });
    }
    return items;
  };
  const makes = firms.makes[number].map((good) => ({ text: goodName(good), more: "",
    goto: products.has("p:" + firms.goods[good]) ? "p:" + firms.goods[good] : "" }));
  return {
    title: node.label, under: firms.id[number],
    chips: [["place", node.place, wordOf("place", node.place)],
      ...(node.anchor ? [["anchor", "anchor", ui("anchor")]] : [])],
    rows,
    groups: [
      { heading: ui("heading_makes"), items: makes },
      { heading: ui("buys_from"), items: trade("up") },
      { heading: ui("sells_to"), items: trade("down") },
    ].filter((group) => group.items.length),
  };
}

function nameOf(id) {
  const number = firmNumber(id);
  return number === undefined ? products.get(id).label : firmName(number);
}

function detailOf(id) {
  const number = firmNumber(id);
  if (number !== undefined) {
    return firmDetail(number);
  }
  const detail = data.details[lang][id];
  return Object.assign({}, detail, { groups: detail.groups.map(([heading, lines]) => ({ heading,
    items: lines.map(([text, more, goto]) => ({ text: goto ? nameOf(goto) : text, more, goto })) })) });
}
