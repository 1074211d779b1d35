// What the person does, by mouse and by keys. Joined to gallery.js when it is read.

const tileOf = (g, element) => g.tiles.get(element.closest(".tile")?.dataset.id);

function clicked(g, event) {
  const tile = tileOf(g, event.target);
  const part = event.target.closest(".open, .select, .star");
  if (!tile || !part) return;
  const { id } = tile.data;
  enter(g, id); // not every browser gives the keyboard to what is clicked
  if (part === tile.star) star(g, [id]);
  else if (g.python.curating && event.shiftKey) extend(g, id);
  else if (part === tile.select || (g.python.curating && (event.ctrlKey || event.metaKey))) toggle(g, id);
  else if (event.detail < 2) act(g, "open", [id]); // a double click opens once
}

function entered(g, event) {
  const tile = tileOf(g, event.target);
  if (tile) enter(g, tile.data.id);
}

function enter(g, id) {
  if (id === g.current) return;
  g.current = id;
  mark(g);
}

function left(g, event) {
  if (g.root.contains(event.relatedTarget)) return;
  hurry(g.outbox);
  g.tiles.get(g.current)?.open.setAttribute("aria-describedby", "hint");
}

// --- Keys --------------------------------------------------------------------------------------------------------

const MOVES = {
  ArrowLeft: (g) => beside(g, -1),
  ArrowRight: (g) => beside(g, 1),
  ArrowUp: (g) => below(g, -1),
  ArrowDown: (g) => below(g, 1),
  PageUp: (g) => below(g, -rowsOnScreen(g)),
  PageDown: (g) => below(g, rowsOnScreen(g)),
  Home: () => 0,
  End: (g) => g.order.length - 1,
};

const KEYS = {
  o: (g) => act(g, "open", [g.current]),
};

const CURATING_KEYS = {
  ...KEYS,
  " ": (g) => toggle(g, g.current),
  s: (g) => star(g, meant(g)),
  Escape: (g) => (g.selected.size ? chooseOnly(g, []) : false),
};
for (let rating = 0; rating <= 5; rating++) CURATING_KEYS[rating] = (g) => rate(g, meant(g), rating);

function typed(g, event) {
  if (!tileOf(g, event.target) || event.isComposing || event.keyCode === 229 || event.altKey) return;
  const isOwn = event.key === " " || event.key === "Enter";
  if (isOwn && !event.target.closest(".open")) return;
  if (pressed(g, event) === false) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Some browsers press a button when the space bar comes up. */
function released(g, event) {
  if (event.key === " " && g.python.curating && event.target.closest(".open")) event.preventDefault();
}

/** False when the key is not ours. */
function pressed(g, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const keys = g.python.curating ? CURATING_KEYS : KEYS;
  if (event.ctrlKey || event.metaKey) return key === "a" && g.python.curating ? chooseOnly(g, g.order) : false;
  if (Object.hasOwn(MOVES, key)) return move(g, MOVES[key](g), event.shiftKey && g.python.curating);
  if (key === "Enter") return event.repeat; // the button's own click opens; a held key opens no more
  if (!Object.hasOwn(keys, key)) return false;
  return event.repeat || keys[key](g);
}

function move(g, at, isExtending) {
  const id = g.order[at];
  if (isExtending && !g.before) g.anchor = g.current;
  g.tiles.get(id).open.focus();
  if (isExtending) extend(g, id);
  else [g.anchor, g.before] = [id, null];
}

const clamp = (at, last) => Math.min(Math.max(at, 0), last);
const beside = (g, by) => clamp(place(g) + by, g.order.length - 1);

/** The same column, rows further; where the last row is shorter, its end. */
function below(g, by) {
  const columns = columnsOnScreen(g);
  const row = Math.floor(place(g) / columns);
  const next = clamp(row + by, Math.ceil(g.order.length / columns) - 1);
  return Math.min(next * columns + (place(g) % columns), g.order.length - 1);
}

function columnsOnScreen(g) {
  const items = [...g.list.children];
  const next = items.findIndex((item) => item.offsetTop !== items[0].offsetTop);
  return next < 0 ? items.length : next;
}

function rowsOnScreen(g) {
  const { height } = g.list.firstElementChild.getBoundingClientRect();
  return Math.max(1, Math.floor(innerHeight / height) - 1);
}

// --- Selecting, starring, rating ---------------------------------------------------------------------------------

/** All that are selected when the keyboard is on one of them, else the one it is on. */
const meant = (g) => (g.selected.has(g.current) ? g.order.filter((id) => g.selected.has(id)) : [g.current]);

function choose(g, wanted) {
  const added = g.order.filter((id) => wanted.has(id) && !g.selected.has(id));
  const removed = g.order.filter((id) => !wanted.has(id) && g.selected.has(id));
  act(g, "select", added, 1);
  act(g, "select", removed, 0);
}

function chooseOnly(g, ids) {
  g.before = null;
  choose(g, new Set(ids));
}

function toggle(g, id) {
  [g.anchor, g.before] = [id, null];
  act(g, "select", [id], g.selected.has(id) ? 0 : 1);
}

/** From where the person began to here, beside what was selected before. */
function extend(g, id) {
  g.before ??= new Set(g.selected);
  const [from, to] = [g.order.indexOf(g.anchor), g.order.indexOf(id)].sort((a, b) => a - b);
  choose(g, new Set([...g.before, ...g.order.slice(from, to + 1)]));
  g.tiles.get(id).select.checked = true; // its own click may have taken the tick away
}

function star(g, ids) {
  const value = ids.every((id) => g.tiles.get(id).starred) ? 0 : 1;
  act(g, "star", ids, value);
  say(g, phraseOf(value ? g.python.fixed.starred : g.python.fixed.unstarred, ids.length));
}

function rate(g, ids, rating) {
  act(g, "rate", ids, rating);
  say(g, phraseOf(rating ? g.python.fixed.rate : g.python.fixed.unrated, ids.length, { rating }));
}
