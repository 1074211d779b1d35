// Six ways to compare the images of one draw, under one zoom and one pan.
//
// Python says what is compared and where to look; the person's choices are drawn at once and told to Python after.
// Pan is kept as the point of the image in the middle of its box (0 to 1) and zoom as a factor of the whole image in
// its box, so that both mean the same in every mode. Lengths are CSS pixels unless a name says device.

const MODES = ["side", "wipe", "onion", "difference", "blink", "single"];
const SPOKEN = { side: "Side by side", wipe: "Wipe", onion: "Onion skin", difference: "Difference", blink: "Blink", single: "Single image" };
const GAINS = [1, 4, 16];
const BLINK_MS = 600;
const REPORT_MS = 150; // a held arrow key passes many draws, and each report is a rerun
const ZOOM_STEP = 1.25;
const DEEPEST_ZOOM = 8; // of real pixels, or of the whole image when that is more
const LOST = "The image could not be loaded";

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
    labels: [], draws: [], shown: null, ticket: 0, turn: 0, tell: null, timer: 0, blinking: 0,
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

function receive(v, { labels, draws, view, heard }) {
  v.draws = draws.length ? draws : [{ number: view.draw, images: labels.map(() => "No images yet") }];
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
  const words = [mode && SPOKEN[v.mode], draw && drawWords(v)].filter(Boolean).join(", ");
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
    const lose = () => v.images.delete(name) && LOST;
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
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
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

// --- Zoom and pan ------------------------------------------------------------------------------------------------

/** The image whose pixels 1:1 speaks of. */
const measured = (v) => v.frames.find((frame) => frame.image && !frame.root.hidden)?.image;
/** Pixels of the screen per pixel of the image when it is whole. */
const fitted = (v, image) => Math.min(v.sheet[0] / image.width, v.sheet[1] / image.height) * devicePixelRatio;
const realScale = (v, image) => fitted(v, image) * v.zoom;
const deepest = (v) => DEEPEST_ZOOM * Math.max(1, measured(v) ? 1 / fitted(v, measured(v)) : 1);
const widest = (v) => Math.min(1, measured(v) ? 1 / fitted(v, measured(v)) : 1);
const isMovable = (v) => [0, 1].some((axis) => v.sheet[axis] * v.zoom > v.box[axis] + 1);

/** Zooms so that ``point``, in pixels from the middle of the box, keeps its place. */
function zoomBy(v, factor, point = [0, 0]) {
  const zoom = Math.min(Math.max(v.zoom * factor, widest(v)), deepest(v));
  const kept = visibleCentre(v);
  const centre = kept.map((at, axis) => at + (point[axis] / v.sheet[axis]) * (1 / v.zoom - 1 / zoom));
  change(v, { zoom, centre, actual: false });
}

/** Moves the view by a share of the box. */
const pan = (v, x, y) => panBy(v, -x * v.box[0] * 0.15, -y * v.box[1] * 0.15);

function panBy(v, x, y) {
  const kept = visibleCentre(v);
  v.centre = [x, y].map((by, axis) => kept[axis] - by / (v.sheet[axis] * v.zoom));
  v.centre = visibleCentre(v);
  layout(v);
}

/** The centre that leaves no empty strip beside an image that could fill it. */
function visibleCentre(v) {
  return v.centre.map((at, axis) => {
    const half = v.box[axis] / (2 * v.sheet[axis] * v.zoom);
    return half >= 0.5 ? 0.5 : Math.min(Math.max(at, half), 1 - half);
  });
}

function toggleActual(v, event) {
  const factor = measured(v) ? 1 / realScale(v, measured(v)) : 2;
  const isWhole = !v.actual && v.zoom === 1;
  if (!isWhole) return ACTS.fit(v);
  zoomBy(v, Math.abs(factor - 1) < 0.01 ? 2 : factor, fromMiddle(v, event));
  change(v, { actual: Math.abs(factor - 1) >= 0.01 });
}

function wheel(v, event) {
  const isMeant = event.ctrlKey || event.metaKey || v.root.getRootNode().activeElement === v.stage;
  const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018) * (event.ctrlKey && Math.abs(event.deltaY) < 40 ? 4 : 1));
  const isAtEnd = factor < 1 ? v.zoom <= widest(v) : v.zoom >= deepest(v);
  if (!isMeant || (isAtEnd && !event.ctrlKey && !event.metaKey)) return;
  event.preventDefault();
  zoomBy(v, factor, fromMiddle(v, event));
}

/** Pixels from the middle of the box under the pointer. */
function fromMiddle(v, { clientX, clientY }) {
  const panes = v.frames.filter((frame) => !frame.root.hidden).map((frame) => frame.pane.getBoundingClientRect());
  const under = panes.find((box) => clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom);
  const box = under ?? panes[0];
  return [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
}

function pointing(v) {
  v.stage.onpointerdown = (event) => {
    if (event.button || event.target.closest("button")) return;
    v.isDividing = event.target.closest(".divider") !== null;
    v.pointers.set(event.pointerId, [event.clientX, event.clientY]);
    v.stage.setPointerCapture(event.pointerId);
    v.stage.classList.toggle("moving", isMovable(v));
  };
  v.stage.onpointermove = (event) => v.pointers.has(event.pointerId) && drag(v, event);
  v.stage.onpointerup = v.stage.onpointercancel = (event) => {
    v.pointers.delete(event.pointerId);
    v.stage.classList.toggle("moving", v.pointers.size > 0 && isMovable(v));
  };
}

function drag(v, event) {
  const before = [...v.pointers.values()];
  const [x, y] = v.pointers.get(event.pointerId);
  v.pointers.set(event.pointerId, [event.clientX, event.clientY]);
  if (v.isDividing) divideAt(v, event);
  else if (before.length === 1) panBy(v, event.clientX - x, event.clientY - y);
  else pinch(v, before, [...v.pointers.values()]);
}

function pinch(v, before, after) {
  const apart = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
  const between = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [was, is] = [between(before), between(after)];
  panBy(v, is[0] - was[0], is[1] - was[1]);
  zoomBy(v, apart(after) / apart(before), fromMiddle(v, { clientX: is[0], clientY: is[1] }));
}

function divideAt(v, event) {
  const axis = v.turned ? 1 : 0;
  const [from, to] = extent(v, axis);
  const at = fromMiddle(v, event)[axis] + v.box[axis] / 2;
  change(v, { divider: Math.round(Math.min(Math.max((at - from) / (to - from), 0), 1) * 100) });
}

/** Where the visible part of the image begins and ends in its box. */
function extent(v, axis) {
  const length = v.sheet[axis] * v.zoom;
  const start = v.box[axis] / 2 - visibleCentre(v)[axis] * length;
  return [Math.max(0, start), Math.min(v.box[axis], start + length)];
}

// --- Drawing -----------------------------------------------------------------------------------------------------

const arms = (v) => (v.mode === "side" ? [...v.labels.keys()] : v.mode === "single" ? [v.single] : v.pair);
const isComplete = (v) => arms(v).every((arm) => v.frames[arm].image);
const drawWords = (v) => `Draw ${v.number} of ${Math.max(v.draws.length, ...v.draws.map((draw) => draw.number))}`;

function relabel(v, labels) {
  if (labels.length !== v.labels.length) rebuild(v, labels.length);
  v.labels = labels;
  const named = [...v.root.querySelectorAll(".arms span"), ...v.root.querySelectorAll("option")];
  named.forEach((element, index) => (element.textContent = labels[index % labels.length]));
  v.frames.forEach((frame, arm) => (frame.name.textContent = labels[arm]));
}

function rebuild(v, count) {
  const numbers = [...Array(count).keys()];
  v.frames = numbers.map(newFrame);
  v.layers.replaceChildren(...v.frames.map((frame) => frame.root));
  v.find(".left").replaceChildren(...numbers.map((arm) => new Option("", arm)));
  v.find(".right").replaceChildren(...numbers.map((arm) => new Option("", arm)));
  v.find(".arms").replaceChildren(...numbers.map(newArmButton));
  v.pair = [0, 1];
  v.single = 0;
}

function newFrame() {
  const [root, pane, picture, reason, name] = ["frame", "pane", "picture", "reason", "name"].map((part) => {
    const element = document.createElement(part === "name" ? "span" : "div");
    element.className = part;
    return element;
  });
  pane.append(picture, reason);
  root.append(pane, name);
  return { root, pane, picture, reason, name, image: null, isOriginal: false };
}

function newArmButton(arm) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.arm = arm;
  button.append(document.createElement("span"));
  return button;
}

/** Makes everything on screen say what the state says; cheap enough to call after any change. */
function render(v) {
  const shown = arms(v);
  const { root } = v;
  Object.assign(root.dataset, { mode: v.mode, arms: v.labels.length, turned: v.mode === "wipe" && v.turned });
  root.dataset.whole = isComplete(v);
  renderControls(v);
  renderFrames(v, shown);
  renderTags(v, shown);
  renderShapes(v, shown);
  layout(v);
}

function renderControls(v) {
  const isPair = !["side", "single"].includes(v.mode);
  const pressed = (selector, isOn) =>
    v.root.querySelectorAll(selector).forEach((button) => button.setAttribute("aria-pressed", isOn(button.dataset)));
  pressed("[data-mode]:is(button)", ({ mode }) => mode === v.mode);
  pressed("[data-gain]", ({ gain }) => Number(gain) === v.gain);
  pressed("[data-arm]", ({ arm }) => Number(arm) === v.single);
  pressed("[data-act=actual]", () => v.actual);
  pressed("[data-act=turn]", () => v.turned);
  v.root.querySelectorAll("[data-for]").forEach((part) => (part.hidden = part.dataset.for !== v.mode));
  v.root.querySelectorAll(".pick").forEach((part) => (part.hidden = !isPair || v.labels.length < 3));
  v.find(".swap").hidden = v.mode === "single";
  [v.find(".left").value, v.find(".right").value] = v.pair.map(String);
  renderSlider(v.find(".divide"), v.divider, `${v.divider} %`);
  renderSlider(v.find(".opacity"), v.opacity, `${v.opacity} %`);
  v.find(".over-name").textContent = `Opacity of ${v.labels[v.pair[1]]}`;
  v.find(".play").textContent = v.blinking ? "Pause" : "Play";
  v.find(".draw").textContent = drawWords(v);
  v.find("[data-act=previous]").setAttribute("aria-disabled", place(v) === 0);
  v.find("[data-act=next]").setAttribute("aria-disabled", place(v) === v.draws.length - 1);
}

function renderSlider(input, value, words) {
  input.value = value;
  input.style.setProperty("--at", `${value}%`);
  input.setAttribute("aria-valuetext", words);
  input.nextElementSibling.textContent = words;
}

function renderFrames(v, shown) {
  const order = [...v.frames.keys()];
  const isSwapped = v.pair[0] > v.pair[1];
  if (isSwapped) [order[v.pair[0]], order[v.pair[1]]] = [v.pair[1], v.pair[0]];
  const roots = order.map((arm) => v.frames[arm].root);
  if (roots.some((root, index) => v.layers.children[index] !== root)) v.layers.append(...roots);
  v.layers.style.setProperty("--columns", v.labels.length === 4 ? 2 : v.labels.length);
  v.layers.style.setProperty("--gain", v.gain);
  v.frames.forEach((frame, arm) => {
    const isOver = shown.length === 2 && arm === shown[1] && v.mode !== "side";
    frame.root.hidden = !shown.includes(arm);
    frame.root.dataset.layer = isOver ? "over" : "under";
    frame.root.style.opacity = v.mode === "onion" && isOver && isComplete(v) ? v.opacity / 100 : "";
    frame.root.style.visibility = v.mode === "blink" && arm !== v.pair[v.front] ? "hidden" : "";
  });
}

function renderTags(v, shown) {
  const [start, end] = [v.find(".tag.start"), v.find(".tag.end")];
  const words = (arm) => [v.labels[arm], v.frames[arm]?.reason.textContent].filter(Boolean).join(" · ");
  const [first, second] = v.mode === "blink" ? [v.pair[v.front]] : shown;
  start.hidden = v.mode === "side";
  end.hidden = v.mode === "side" || second === undefined;
  start.textContent = words(first);
  end.textContent = second === undefined ? "" : words(second);
}

function renderShapes(v, shown) {
  const known = shown.filter((arm) => v.frames[arm]?.image).map((arm) => [v.labels[arm], v.frames[arm].image]);
  const size = ([, image]) => `${image.width} × ${image.height}`;
  const isMixed = new Set(known.map(size)).size > 1;
  const each = known.map((one) => `${one[0]} is ${size(one)}`).join(", ");
  v.find(".shapes").hidden = !isMixed;
  v.find(".shapes").textContent = isMixed ? `${each}: shown fitted to the same frame.` : "";
}

/** Places every image; all boxes of a mode are alike, so one transform serves them all. */
function layout(v) {
  const pane = v.frames.find((frame) => !frame.root.hidden)?.pane;
  if (!pane) return;
  v.layers.style.setProperty("--shape", shape(v));
  v.box = [pane.clientWidth || 1, pane.clientHeight || 1];
  const width = Math.min(v.box[0], v.box[1] * shape(v));
  v.sheet = [width, width / shape(v)];
  if (v.actual && measured(v)) v.zoom = 1 / fitted(v, measured(v));
  const transform = transformOf(v);
  v.frames.forEach((frame) => placeFrame(v, frame, transform));
  placeTags(v);
  placeDivider(v);
  v.find(".pad").hidden = !isMovable(v);
  v.stage.dataset.movable = isMovable(v);
  v.find(".percent").textContent = percentWords(v);
  v.frames.forEach((frame, arm) => frame.root.hidden || sharpen(v, frame, arm));
}

/** Width by height of the smallest frame that holds every image of the draw. */
function shape(v) {
  const images = v.frames.map((frame) => frame.image).filter(Boolean);
  const most = (side) => Math.max(...images.map((image) => image[side]));
  return images.length ? most("width") / most("height") : 1;
}

function transformOf(v) {
  const snap = (length) => Math.round(length * devicePixelRatio) / devicePixelRatio;
  const [x, y] = visibleCentre(v).map((at, axis) => snap(v.box[axis] / 2 - at * v.sheet[axis] * v.zoom));
  return `translate(${x}px, ${y}px) scale(${v.zoom})`;
}

function placeFrame(v, frame, transform) {
  const [width, height] = v.sheet.map((length) => `${length}px`);
  Object.assign(frame.picture.style, { width, height, transform });
  Object.assign(frame.reason.style, { width, height });
  frame.picture.firstChild?.classList.toggle("crisp", frame.image !== null && realScale(v, frame.image) >= 4);
  frame.root.style.clipPath = "";
}

/** The names stay on the images, also where these leave part of the stage empty. */
function placeTags(v) {
  const [[left, right], [top, bottom]] = [extent(v, 0), extent(v, 1)];
  const margins = { left, top, right: v.box[0] - right, bottom: v.box[1] - bottom };
  for (const [side, length] of Object.entries(margins)) v.stage.style.setProperty(`--from-${side}`, `${length}px`);
}

function placeDivider(v) {
  const axis = v.turned ? 1 : 0;
  const [from, to] = extent(v, axis);
  const isHalved = v.mode === "wipe" || (["onion", "difference"].includes(v.mode) && !isComplete(v));
  const at = from + ((to - from) * (v.mode === "wipe" ? v.divider : 50)) / 100;
  const rest = v.box[axis] - at;
  const [across, along] = v.turned ? ["top", "left"] : ["left", "top"];
  const [start, end] = extent(v, 1 - axis);
  Object.assign(v.find(".divider").style, { top: "", left: "", height: "", width: "", [across]: `${at}px`, [along]: `${start}px` });
  v.find(".divider").style[v.turned ? "width" : "height"] = `${end - start}px`;
  if (!isHalved) return;
  const [under, over] = v.pair.map((arm) => v.frames[arm].root.style);
  under.clipPath = v.turned ? `inset(0 0 ${rest}px 0)` : `inset(0 ${rest}px 0 0)`;
  over.clipPath = v.turned ? `inset(${at}px 0 0 0)` : `inset(0 0 0 ${at}px)`;
}

function percentWords(v) {
  const shown = arms(v).filter((arm) => v.frames[arm].image);
  const each = shown.map((arm) => `${Math.round(realScale(v, v.frames[arm].image) * 100)} %`);
  if (new Set(each).size < 2) return each[0] ?? "";
  return shown.map((arm, index) => `${v.labels[arm]} ${each[index]}`).join(", ");
}

/** One tab stop per toolbar; arrow keys walk inside. */
function oneTabStop(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const stop = (at) => buttons.forEach((button) => (button.tabIndex = button === at ? 0 : -1));
  stop(buttons[0]);
  bar.onfocusin = (event) => buttons.includes(event.target) && stop(event.target);
  bar.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    buttons.at((buttons.indexOf(event.target) + by) % buttons.length).focus();
  };
}
