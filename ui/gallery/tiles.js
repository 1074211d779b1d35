// Drawing the tiles. Joined to gallery.js when it is read.

const LONGEST_NAME = 200;

const brief = (words) => (words.length > LONGEST_NAME ? `${words.slice(0, LONGEST_NAME)}…` : words);
const place = (g) => g.order.indexOf(g.current);
const ratingWords = (g, rating) => (rating ? phrase(g.python.fixed.rated, { rating }) : "");

/** Keeps the tiles that stay, with their loaded images and the keyboard's place. */
function lay(g, tiles) {
  const held = partInFocus(g);
  const before = place(g);
  const stays = tiles.some((data) => g.tiles.has(data.id));
  const ids = new Set(tiles.map((data) => data.id));
  for (const [id, tile] of g.tiles) if (!ids.has(id)) forget(g, id, tile);
  tiles.forEach((data, at) => {
    const tile = g.tiles.get(data.id) ?? newTile(g, data.id);
    if (g.list.children[at] !== tile.item) g.list.insertBefore(tile.item, g.list.children[at] ?? null);
    fill(g, tile, data);
  });
  g.order = [...ids];
  if (!ids.has(g.current)) g.current = g.order[stays ? Math.min(before, g.order.length - 1) : 0] ?? "";
  if (!ids.has(g.anchor)) [g.anchor, g.before] = [g.current, null];
  mark(g);
  if (held && !partInFocus(g)) g.tiles.get(g.current)?.[held].focus({ preventScroll: true });
}

/** The part of the current tile that has the keyboard: "open", "select", "star" or none. */
function partInFocus(g) {
  const active = g.root.getRootNode().activeElement;
  return active?.closest(".tile") ? active.className : "";
}

function newTile(g, id) {
  const item = g.template.cloneNode(true);
  const tile = { item, data: {}, starred: false, rating: 0 };
  const parts = ["open", "select", "star", "box", "sheet", "state", "badge", "words", "caption", "rating"];
  for (const part of parts) tile[part === "rating" ? "stars" : part] = item.querySelector(`.${part}`);
  tile.image = item.querySelector("img");
  tile.image.onload = () => (tile.box.dataset.image = "shown");
  tile.image.onerror = () => lose(g, tile);
  item.dataset.id = id;
  g.tiles.set(id, tile);
  return tile;
}

function forget(g, id, tile) {
  g.observer.unobserve(tile.box);
  tile.item.remove();
  g.tiles.delete(id);
}

function fill(g, tile, data) {
  const isOther = data.url !== tile.data.url;
  tile.data = data;
  tile.image.alt = data.alt;
  tile.words.textContent = data.alt;
  tile.caption.textContent = data.caption;
  tile.badge.textContent = data.url ? data.note : "";
  const shape = data.width > 0 && data.height > 0 ? data.width / data.height : 1;
  tile.sheet.style.aspectRatio = shape;
  tile.sheet.dataset.wide = shape >= 1;
  if (!data.url) tile.state.textContent = data.note || g.python.fixed.none;
  if (isOther) wait(g, tile);
}

/** An image is asked for when its tile is on screen, and not before. */
function wait(g, tile) {
  tile.image.hidden = true;
  tile.image.removeAttribute("src");
  tile.box.dataset.image = tile.data.url ? "waiting" : "none";
  if (tile.data.url) tile.state.textContent = "";
  g.observer.unobserve(tile.box);
  if (tile.data.url) g.observer.observe(tile.box);
}

function load(g, box) {
  const tile = g.tiles.get(box.closest(".tile").dataset.id);
  g.observer.unobserve(box);
  if (!tile) return;
  tile.image.hidden = false;
  tile.image.src = tile.data.url;
}

function lose(g, tile) {
  tile.image.hidden = true;
  tile.box.dataset.image = "lost";
  tile.state.textContent = g.python.fixed.lost;
  renderTile(g, tile);
}

/** Makes every tile say what the state says. */
function render(g) {
  for (const tile of g.tiles.values()) renderTile(g, tile);
  const count = g.selected.size + g.python.elsewhere;
  g.root.dataset.selecting = g.selected.size > 0;
  if (g.spoken !== null && count !== g.spoken) say(g, count ? phrase(g.python.fixed.selected, { count }) : g.python.fixed.nothing);
  g.spoken = count;
}

function renderTile(g, tile) {
  const { data, starred, rating } = tile;
  const isSelected = g.selected.has(data.id);
  const { fixed } = g.python;
  const words = brief(data.alt) || fixed.noPrompt;
  const facts = [words, data.caption, tile.badge.textContent, tile.state.textContent, ratingWords(g, rating)];
  tile.item.dataset.selected = isSelected;
  tile.open.setAttribute("aria-label", facts.filter(Boolean).join(phrase(fixed.next, { word: "", next: "" })));
  tile.select.setAttribute("aria-label", phrase(fixed.select, { words }));
  tile.select.checked = isSelected;
  tile.star.title = phrase(fixed.byKey, { what: fixed.star, key: "S" });
  tile.star.setAttribute("aria-label", phrase(fixed.starOf, { words }));
  tile.star.setAttribute("aria-pressed", starred);
  tile.stars.textContent = "★".repeat(rating);
  tile.stars.setAttribute("aria-label", ratingWords(g, rating));
  for (const part of [tile.select, tile.star]) part.hidden = !g.python.curating;
  tile.stars.hidden = !g.python.curating || !rating;
}

/** One tile is a stop of the Tab key; inside it are its checkbox and its star. */
function mark(g) {
  for (const [id, tile] of g.tiles) {
    for (const part of [tile.open, tile.select, tile.star]) part.tabIndex = id === g.current ? 0 : -1;
    // The hint is for who comes in, not for every step inside.
    if (id === g.current && !partInFocus(g)) tile.open.setAttribute("aria-describedby", "hint");
    else if (id !== g.current) tile.open.removeAttribute("aria-describedby");
  }
}

function say(g, words) {
  g.find(".live").textContent = words;
}
