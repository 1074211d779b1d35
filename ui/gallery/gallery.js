// One page of images to look through, pick from, star and rate.
//
// What the person does becomes an entry of the outbox. It is drawn at once, on top of what Python said last, and told
// until Python answers that it was heard; by then it is part of what Python says, so nothing flickers back.

const SEND_MS = 120; // a held key makes many entries, and each report is a rerun
const ASK_AGAIN_MS = 3000; // and twice as long each further time
const MOST_REPEATS = 6;
const HINTS = {
  true: "Arrow keys move, Enter opens, Space selects, S stars, 1 to 5 rate.",
  false: "Arrow keys move, Enter opens.",
};

const galleries = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".gallery");
  let gallery = galleries.get(parentElement);
  if (gallery?.root !== root) {
    if (gallery) close(gallery);
    gallery = open(root);
    galleries.set(parentElement, gallery);
  }
  gallery.tell = (said) => setStateValue("said", said);
  receive(gallery, JSON.parse(data.gallery));
  return () => {
    close(gallery);
    galleries.delete(parentElement);
  };
}

// --- Life --------------------------------------------------------------------------------------------------------

function open(root) {
  const find = (selector) => root.querySelector(selector);
  const g = {
    root, find, list: find(".tiles"), template: find("template").content.firstElementChild,
    tiles: new Map(), order: [], selected: new Set(), elsewhere: 0, spoken: null,
    current: "", anchor: "", before: null,
    ear: "", outbox: [], turn: 0, told: 0, timer: 0, again: 0, tell: null, python: null,
  };
  g.observer = new IntersectionObserver((seen) => seen.forEach((one) => one.isIntersecting && load(g, one.target)));
  root.onclick = (event) => clicked(g, event);
  root.onkeydown = (event) => typed(g, event);
  root.onkeyup = (event) => released(g, event);
  root.addEventListener("focusin", (event) => entered(g, event));
  root.addEventListener("focusout", (event) => left(g, event));
  if (/Mac|iP/.test(navigator.platform)) find(".command").textContent = "⌘";
  return g;
}

function close(g) {
  g.observer.disconnect();
  if (g.timer) send(g);
  clearTimeout(g.again);
}

function receive(g, page) {
  const isFirst = g.python === null;
  const isForgotten = !isFirst && page.ear !== g.ear;
  g.ear = page.ear;
  g.python = page;
  g.turn = Math.max(g.turn, page.heard);
  // Who never heard of the entries is told again; but nobody wants to be led to an image long after the click.
  g.outbox = g.outbox.filter((entry) => entry.turn > page.heard && !(isForgotten && entry.kind === "open"));
  Object.assign(g.root.dataset, { density: page.density, curating: page.curating });
  g.find("#hint").textContent = HINTS[page.curating];
  lay(g, page.tiles);
  replay(g);
  if (isFirst || page.arrival !== g.arrival) arrive(g, page.focus);
  g.arrival = page.arrival;
  if (isForgotten && g.outbox.length) send(g);
}

/** What is shown: what Python said last, and on top of it what Python has not answered yet. */
function replay(g) {
  const before = [...g.selected].sort().join();
  g.selected = new Set(g.python.selected);
  for (const tile of g.tiles.values()) Object.assign(tile, { starred: tile.data.starred, rating: tile.data.rating });
  g.outbox.forEach((entry) => apply(g, entry));
  if (before !== [...g.selected].sort().join()) g.before = null; // Python chose: a range begins anew
  render(g);
}

function apply(g, { kind, ids, value }) {
  for (const tile of ids.map((id) => g.tiles.get(id)).filter(Boolean)) {
    if (kind === "select") g.selected[value ? "add" : "delete"](tile.data.id);
    if (kind === "star") tile.starred = value === 1;
    if (kind === "rate") tile.rating = value;
  }
}

/** Puts the keyboard where the person came from. */
function arrive(g, id) {
  if (!g.tiles.has(id)) return;
  g.current = id;
  mark(g);
  requestAnimationFrame(() => {
    const { open: button, item } = g.tiles.get(id) ?? {};
    button?.focus({ preventScroll: true });
    item?.scrollIntoView({ block: "center" });
  });
}

// --- Telling Python ----------------------------------------------------------------------------------------------

function act(g, kind, ids, value = 0) {
  if (!ids.length) return;
  g.turn = Math.max(g.turn + 1, Date.now()); // also above the numbers of a gallery that stood here before
  const entry = { turn: g.turn, kind, ids, value };
  g.outbox.push(entry);
  apply(g, entry);
  render(g);
  post(g, kind === "open");
}

/** The first entry goes at once; those that follow closely go together. */
function post(g, isUrgent) {
  const wait = g.told + SEND_MS - performance.now();
  if (isUrgent || (wait <= 0 && !g.timer)) send(g);
  else g.timer ||= setTimeout(() => send(g), wait);
}

/** Repeats what no answer came for: Streamlit lets a lost connection take a report with it. */
function send(g, repeats = 0) {
  clearTimeout(g.timer);
  clearTimeout(g.again);
  g.timer = 0;
  g.told = performance.now();
  g.tell({ ear: g.ear, entries: [...g.outbox] });
  const repeat = () => g.outbox.length && send(g, repeats + 1);
  if (repeats < MOST_REPEATS) g.again = setTimeout(repeat, ASK_AGAIN_MS * 2 ** repeats);
}
