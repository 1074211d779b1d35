// One page of images to look through, pick from, star and rate.
//
// What the person does becomes an entry of the outbox. It is drawn at once, on top of what Python said last, and told
// until Python answers that it was heard; by then it is part of what Python says, so nothing flickers back.

const galleries = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".gallery");
  let gallery = galleries.get(parentElement);
  if (gallery?.root !== root) {
    if (gallery) close(gallery);
    gallery = open(root);
    galleries.set(parentElement, gallery);
  }
  gallery.outbox.tell = (said) => setStateValue("said", said);
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
    outbox: newOutbox(), python: null,
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
  shut(g.outbox);
}

function receive(g, page) {
  const isFirst = g.python === null;
  g.python = page;
  // Who never heard of the entries is told again; but nobody wants to be led to an image long after the click.
  listen(g.outbox, page, (entry) => entry.kind !== "open");
  Object.assign(g.root.dataset, { density: page.density, curating: page.curating });
  spell(g.root, page.fixed);
  g.find("#hint").textContent = page.curating ? page.fixed.hintCurating : page.fixed.hint;
  lay(g, page.tiles);
  replay(g);
  if (isFirst || page.arrival !== g.arrival) arrive(g, page.focus);
  g.arrival = page.arrival;
}

/** What is shown: what Python said last, and on top of it what Python has not answered yet. */
function replay(g) {
  const before = [...g.selected].sort().join();
  g.selected = new Set(g.python.selected);
  for (const tile of g.tiles.values()) Object.assign(tile, { starred: tile.data.starred, rating: tile.data.rating });
  g.outbox.entries.forEach((entry) => apply(g, entry));
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
  apply(g, enclose(g.outbox, { kind, ids, value }));
  render(g);
  post(g.outbox, kind === "open");
}
