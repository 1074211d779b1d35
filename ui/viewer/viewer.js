// Six ways to compare the images of one draw, under one zoom and one pan.
//
// Python says what is compared and where to look; the person's choices are drawn at once and told to Python after.
// Pan is kept as the point of the image in the middle of its box (0 to 1) and zoom as a factor of the whole image in
// its box, so that both mean the same in every mode. Lengths are CSS pixels unless a name says device.

const MODES = ["side", "wipe", "onion", "difference", "blink", "single"];
const GAINS = [1, 4, 16];
const BLINK_MS = 600;
const REPORT_MS = 150; // a held arrow key passes many draws, and each report is a rerun
const ZOOM_STEP = 1.25;
const DEEPEST_ZOOM = 8; // of real pixels, or of the whole image when that is more

const viewers = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".viewer");
  let viewer = viewers.get(parentElement);
  if (viewer?.root !== root) {
    if (viewer) close(viewer);
    viewer = open(root);
    viewers.set(parentElement, viewer);
  }
  viewer.tell = (seen) => setStateValue("seen", seen);
  receive(viewer, JSON.parse(data.comparison));
  return () => {
    close(viewer);
    viewers.delete(parentElement);
  };
}

// --- Life --------------------------------------------------------------------------------------------------------

function open(root) {
  const find = (selector) => root.querySelector(selector);
  const v = {
    root, find, frames: [], images: new Map(), pointers: new Map(),
    fixed: {}, labels: [], draws: [], shown: null, ticket: 0, turn: 0, tell: null, timer: 0, blinking: 0,
    mode: "side", spoken: "", number: 0, pair: [0, 1], single: 0, turned: false, divider: 50, opacity: 50, gain: 1, front: 0,
    zoom: 1, actual: false, centre: [0.5, 0.5], box: [1, 1], sheet: [1, 1],
    stage: find(".stage"), layers: find(".layers"),
  };
  root.onclick = (event) => press(v, event.target.closest("button"));
  root.oninput = (event) => slide(v, event.target);
  root.onchange = (event) => choose(v, event.target);
  root.querySelectorAll("[role=toolbar]").forEach(oneTabStop);
  v.stage.onkeydown = (event) => typed(v, event);
  v.stage.ondblclick = (event) => event.target.closest("button") || toggleActual(v, event);
  v.stage.addEventListener("wheel", (event) => wheel(v, event), { passive: false });
  pointing(v);
  v.observer = new ResizeObserver(() => layout(v));
  v.observer.observe(v.stage);
  return v;
}

function close(v) {
  v.observer.disconnect();
  clearTimeout(v.timer);
  clearInterval(v.blinking);
  v.ticket = -1;
  v.images.clear();
}

function receive(v, { labels, draws, view, heard, fixed }) {
  v.fixed = fixed;
  spell(v.root, fixed);
  v.draws = draws.length ? draws : [{ number: view.draw, images: labels.map(() => fixed.none) }];
  relabel(v, labels);
  // An older ask must not undo a choice that Python has not answered yet.
  if (heard >= v.turn) follow(v, view);
  if (!v.draws.some((draw) => draw.number === v.number)) v.number = v.draws[0].number;
  render(v);
  present(v);
}

function follow(v, view) {
  v.number = view.draw;
  if (view.mode !== v.mode) enter(v, view.mode);
}

function report(v) {
  v.turn = Math.max(v.turn + 1, Date.now());
  clearTimeout(v.timer);
  v.timer = setTimeout(() => v.tell({ mode: v.mode, draw: v.number, turn: v.turn }), REPORT_MS);
}

/** Says each change once: what has not changed is not repeated. */
function announce(v, { mode, draw }) {
  const words = [mode && v.fixed[v.mode], draw && drawWords(v)].filter(Boolean).join(comma(v));
  if (words) v.find(".live").textContent = words;
  v.spoken = v.mode;
}

// --- Images ------------------------------------------------------------------------------------------------------

const current = (v) => v.draws.find((draw) => draw.number === v.number);
const place = (v) => v.draws.indexOf(current(v));

const imageName = (arm, url) => `${arm} ${url}`; // per arm, because an element can stand in one place only

/** Promises a decoded image element, or a sentence when there is none. */
function decoded(v, arm, url) {
  const name = imageName(arm, url);
  if (!v.images.has(name)) {
    const element = new Image();
    element.draggable = false;
    element.src = url;
    const lose = () => v.images.delete(name) && v.fixed.lost;
    v.images.set(name, element.decode().then(() => element, lose));
  }
  return v.images.get(name);
}

const previews = (v, draw) =>
  Promise.all(draw.images.map((image, arm) => (typeof image === "string" ? image : decoded(v, arm, image.url))));

/** Shows the current draw as soon as all of its images can be painted together. */
async function present(v) {
  const draw = current(v);
  const ticket = ++v.ticket;
  v.stage.setAttribute("aria-busy", "true");
  const ready = await previews(v, draw);
  if (ticket !== v.ticket) return;
  v.stage.setAttribute("aria-busy", "false");
  if (v.shown) announce(v, { mode: v.mode !== v.spoken, draw: v.shown.number !== draw.number });
  v.spoken = v.mode;
  v.shown = draw;
  v.frames.forEach((frame, arm) => fill(frame, draw.images[arm], ready[arm]));
  forget(v);
  render(v);
  neighbours(v).forEach((near) => previews(v, near));
}

function fill(frame, image, ready) {
  const missing = typeof ready === "string" ? ready : "";
  const stays = !missing && frame.image?.url === image.url;
  frame.image = missing ? null : image;
  frame.reason.textContent = missing;
  frame.reason.hidden = !missing;
  if (!stays) frame.isOriginal = false;
  if (!stays) frame.picture.replaceChildren(...(missing ? [] : [ready]));
  if (!missing) frame.picture.firstChild.alt = image.alt;
}

const neighbours = (v) => [v.draws[place(v) - 1], v.draws[place(v) + 1]].filter(Boolean);

/** Lets go of images that are more than one draw away. */
function forget(v) {
  const near = [v.shown, ...neighbours(v)];
  const urls = near.flatMap((draw) => draw.images.flatMap((image, arm) => [imageName(arm, image.url), imageName(arm, image.original)]));
  for (const name of v.images.keys()) if (!urls.includes(name)) v.images.delete(name);
}

/** Puts the original in place of its preview where the screen shows more than the preview has. */
async function sharpen(v, frame, arm) {
  const { image, picture } = frame;
  if (!image || frame.isOriginal || image.original === image.url) return;
  const deviceWidth = image.width * realScale(v, image);
  if (realScale(v, image) < 0.995 && deviceWidth <= picture.firstChild.naturalWidth * 1.01) return;
  const original = await decoded(v, arm, image.original);
  if (frame.image?.original !== image.original || frame.isOriginal || typeof original === "string") return;
  original.alt = frame.image.alt;
  picture.replaceChildren(original);
  frame.isOriginal = true;
  layout(v);
}

// --- What the person does ----------------------------------------------------------------------------------------

const ACTS = {
  previous: (v) => step(v, -1),
  next: (v) => step(v, 1),
  swap,
  turn: (v) => change(v, { turned: !v.turned }),
  in: (v) => zoomBy(v, ZOOM_STEP),
  out: (v) => zoomBy(v, 1 / ZOOM_STEP),
  fit: (v) => change(v, { zoom: 1, actual: false, centre: [0.5, 0.5] }),
  actual: (v) => change(v, { actual: true }),
  play: (v) => (v.blinking ? pause(v) : play(v)),
  flip: (v) => (pause(v), flip(v)),
};

const KEYS = {
  "+": ACTS.in, "=": ACTS.in, "-": ACTS.out, 0: ACTS.fit,
  "[": (v) => nudge(v, -1), "]": (v) => nudge(v, 1), x: swap,
  PageUp: ACTS.previous, PageDown: ACTS.next,
  ArrowLeft: (v) => (isMovable(v) ? pan(v, -1, 0) : step(v, -1)),
  ArrowRight: (v) => (isMovable(v) ? pan(v, 1, 0) : step(v, 1)),
  ArrowUp: (v) => isMovable(v) && pan(v, 0, -1),
  ArrowDown: (v) => isMovable(v) && pan(v, 0, 1),
  " ": (v) => v.mode === "blink" && ACTS.flip(v),
  "?": (v) => (v.find(".keys").open = !v.find(".keys").open),
  Escape: (v) => v.stage.blur(),
};
MODES.forEach((mode, index) => (KEYS[index + 1] = (v) => select(v, mode)));

function change(v, state) {
  Object.assign(v, state);
  render(v);
}

function press(v, button) {
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const { act, mode, gain, pan: way, arm } = button.dataset;
  if (act) ACTS[act](v);
  else if (mode) select(v, mode);
  else if (gain) change(v, { gain: Number(gain) });
  else if (way) pan(v, ...way.split(" ").map(Number));
  else if (arm) change(v, { single: Number(arm) });
}

function typed(v, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  const isOnButton = event.target !== v.stage && [" ", "Enter"].includes(event.key);
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (isOnButton || !Object.hasOwn(KEYS, key) || KEYS[key](v) === false) return;
  event.preventDefault();
  event.stopPropagation();
}

function slide(v, input) {
  if (input.classList.contains("divide")) change(v, { divider: Number(input.value) });
  if (input.classList.contains("opacity")) change(v, { opacity: Number(input.value) });
}

function choose(v, list) {
  const side = [".left", ".right"].findIndex((name) => list === v.find(name));
  if (side < 0) return;
  const arm = Number(list.value);
  const pair = [...v.pair];
  if (pair[1 - side] === arm) pair[1 - side] = pair[side];
  pair[side] = arm;
  change(v, { pair, front: 0 });
}

function select(v, mode) {
  if (mode === v.mode) return;
  enter(v, mode);
  announce(v, { mode: true });
  report(v);
  render(v);
}

function enter(v, mode) {
  pause(v);
  v.mode = mode;
  v.front = 0;
  if (mode === "blink" && !matchMedia("(prefers-reduced-motion: reduce)").matches) play(v);
}

function step(v, by) {
  const next = v.draws[place(v) + by];
  if (!next) return;
  v.number = next.number;
  report(v);
  render(v);
  present(v);
}

function swap(v) {
  change(v, { pair: [...v.pair].reverse() });
}

/** Five of a hundred for the divider and the opacity; one place for gain and single image. */
function nudge(v, by) {
  const among = (list, now) => list[Math.min(Math.max(list.indexOf(now) + by, 0), list.length - 1)];
  const percent = (now) => Math.min(Math.max(now + by * 5, 0), 100);
  if (v.mode === "wipe") change(v, { divider: percent(v.divider) });
  else if (v.mode === "onion") change(v, { opacity: percent(v.opacity) });
  else if (v.mode === "difference") change(v, { gain: among(GAINS, v.gain) });
  else if (v.mode === "single") change(v, { single: among([...v.labels.keys()], v.single) });
  else return false;
}

function play(v) {
  clearInterval(v.blinking);
  v.blinking = setInterval(() => flip(v), BLINK_MS);
  render(v);
}

function pause(v) {
  clearInterval(v.blinking);
  v.blinking = 0;
  render(v);
}

const flip = (v) => change(v, { front: 1 - v.front });
