// Pins: marks on an image, the list of their words, and setting a new one. Joined to its component's script.
//
// A pin here is { number, x, y, words, facts, isResolved } and whatever its owner needs to know it again.

const CROSS_STEP = 0.01; // of the image, at zoom 1; five times as far with Shift

function drawMarks(layer, pins) {
  const marks = pins.map((pin) => {
    const mark = element("span", "mark", pin.number);
    Object.assign(mark.style, { left: `${pin.x * 100}%`, top: `${pin.y * 100}%` });
    mark.dataset.number = pin.number;
    mark.dataset.resolved = pin.isResolved === true;
    mark.setAttribute("aria-hidden", "true"); // the list says it in words
    return mark;
  });
  layer.replaceChildren(...marks);
}

/** Lists pins as text; ``actions(pin)`` are [words, name, what it does] of each button. Keeps the keyboard's place. */
function listPins(list, pins, actions, light = () => {}) {
  const items = [...list.children];
  const held = items.findIndex((item) => item.contains(focused(list)));
  list.replaceChildren(...pins.map((pin) => listed(pin, actions(pin), light)));
  list.hidden = pins.length === 0;
  if (held < 0) return;
  const next = list.children[Math.min(held, pins.length - 1)];
  const home = list.closest(".large")?.querySelector(".stage") ?? list.closest("section");
  (next?.querySelector("button") ?? home).focus({ preventScroll: true });
}

function listed(pin, actions, light) {
  const item = element("li", "listed");
  item.dataset.number = pin.number;
  item.dataset.resolved = pin.isResolved === true;
  item.append(element("b", "number", pin.number), element("span", "words", pin.words));
  if (pin.facts) item.append(element("span", "facts", pin.facts));
  item.append(...actions.map(newAction));
  item.onpointerenter = item.onfocusin = () => light(pin.number);
  item.onpointerleave = item.onfocusout = () => light(0);
  return item;
}

function newAction([words, name, act]) {
  const button = element("button", "text small", words);
  button.type = "button";
  button.setAttribute("aria-label", name);
  button.onclick = act;
  return button;
}

/** Shows which mark belongs to what is pointed at in the list; 0 for none. */
function lightMark(layer, number) {
  for (const mark of layer.children) mark.dataset.lit = Number(mark.dataset.number) === number;
}

// --- Setting one -------------------------------------------------------------------------------------------------

function startPinning(l) {
  if (!l.host.canPin()) return;
  if (l.host.isFull()) return sayHow(l, l.host.fixed().full);
  l.isPinning = true;
  l.place = visibleCentre(l, sizeOf(l, current(l)));
  l.field.value = "";
  sayHow(l, l.host.fixed().pinHow);
  renderLarge(l);
  l.stage.focus();
  sayCross(l);
}

function stopPinning(l) {
  l.isPinning = false;
  l.form.hidden = true;
  renderPinning(l);
  if (l.dialog.open) layOut(l);
}

function sayHow(l, words) {
  l.find(".how").textContent = words;
  l.find(".how").hidden = false;
  sayLarge(l, words);
}

function renderPinning(l) {
  if (!l.dialog.open) return;
  const { name, marks } = current(l);
  const button = l.find(".pinning");
  button.hidden = !l.host.canPin();
  button.setAttribute("aria-pressed", l.isPinning);
  l.stage.dataset.pinning = l.isPinning;
  l.cross.remove();
  if (l.isPinning) current(l).root.append(l.cross);
  if (!l.isPinning) l.find(".how").hidden = true;
  drawCross(l);
  const pins = l.host.pins(name);
  l.list.setAttribute("aria-label", l.host.fixed()[`pins_${name}`] ?? l.host.fixed().pins);
  listPins(l.list, pins, l.host.actions, (number) => lightMark(marks, number));
  l.find(".panel").hidden = !l.isPinning && pins.length === 0;
}

function drawCross(l) {
  Object.assign(l.cross.style, { left: `${l.place[0] * 100}%`, top: `${l.place[1] * 100}%` });
}

function sayCross(l) {
  const [x, y] = l.place.map((at) => Math.round(at * 100));
  sayLarge(l, phrase(l.host.fixed().cross, { x, y }));
}

function moveCross(l, way, isFar) {
  const step = (CROSS_STEP / l.zoom) * (isFar ? 5 : 1);
  l.place = l.place.map((at, axis) => within(at + way[axis] * step, 0, 1));
  follow(l);
  drawCross(l);
  sayCross(l);
}

/** Moves the view when the cross would leave it. */
function follow(l) {
  const margin = 24;
  const beyond = fromMiddleOf(l, l.place).map((at, axis) => {
    const half = Math.max(0, l.box[axis] / 2 - margin);
    return at - within(at, -half, half);
  });
  if (beyond.some(Boolean)) panBy(l, -beyond[0], -beyond[1]);
}

function setPlace(l, place) {
  l.place = place;
  l.form.hidden = false;
  l.find(".missing").textContent = "";
  l.field.maxLength = l.host.longest().remark;
  drawCross(l);
  layOut(l);
  l.field.focus();
}

function typedRemark(l, event) {
  const isDone = event.key === "Enter" && !event.shiftKey;
  if (event.key !== "Escape" && !isDone) return;
  event.preventDefault();
  if (isDone) savePin(l);
  else LARGE_ACTS.cancel(l);
}

function savePin(l) {
  const words = l.field.value.trim();
  if (!l.isPinning) return;
  if (!words) {
    l.find(".missing").textContent = l.host.fixed().remarkMissing;
    return l.field.focus();
  }
  const [x, y] = l.place.map((at) => Math.round(at * 1e5) / 1e5);
  const { name } = current(l);
  stopPinning(l);
  l.host.add({ side: name, x, y, words });
  renderLarge(l);
  l.stage.focus();
  sayLarge(l, phrase(l.host.fixed().pinned, l.host.pins(name).at(-1)));
}
