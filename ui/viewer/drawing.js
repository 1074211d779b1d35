// Drawing the viewer: which image stands where, and what the controls say. Joined to viewer.js when it is read.

const arms = (v) => (v.mode === "side" ? [...v.labels.keys()] : v.mode === "single" ? [v.single] : v.pair);
const isComplete = (v) => arms(v).every((arm) => v.frames[arm].image);
const lastNumber = (v) => Math.max(v.draws.length, ...v.draws.map((draw) => draw.number));
const drawWords = (v) => phrase(v.fixed.drawOf, { number: v.number, of: lastNumber(v) });
const comma = (v) => phrase(v.fixed.word, { word: "", next: "" });

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
  v.find(".over-name").textContent = phrase(v.fixed.opacity, { label: v.labels[v.pair[1]] });
  v.find(".play").textContent = v.blinking ? v.fixed.pause : v.fixed.play;
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
  const sizes = known.map((one) => phrase(v.fixed.sizeOf, { label: one[0], size: size(one) })).join(comma(v));
  v.find(".shapes").hidden = !isMixed;
  v.find(".shapes").textContent = isMixed ? phrase(v.fixed.fitted, { sizes }) : "";
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
  return shown.map((arm, index) => `${v.labels[arm]} ${each[index]}`).join(comma(v));
}

/** One tab stop per toolbar; arrow keys walk inside. */
function oneTabStop(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const stop = (at) => buttons.forEach((button) => (button.tabIndex = button === at ? 0 : -1));
  stop(buttons[0]);
  bar.addEventListener("focusin", (event) => buttons.includes(event.target) && stop(event.target));
  bar.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    buttons.at((buttons.indexOf(event.target) + by) % buttons.length).focus();
  };
}
