// The large view: one image, or two that take turns at the same place and zoom. Joined to the script of its component.
//
// Whose it is says so through ``host``: sheets() (name, alt, url, width, height), pins(name), canPin(), add(pin) and
// actions(pin) for the buttons of the list, fixed words and longest texts.

function newLarge(dialog, host) {
  const find = (selector) => dialog.querySelector(selector);
  const l = {
    dialog, host, find, stage: find(".stage"), form: find(".remark"), field: find("textarea"), list: find(".pins"),
    sheets: [], at: 0, zoom: 1, centre: [0.5, 0.5], box: [1, 1], pointers: new Map(), isMoved: false,
    isPinning: false, place: [0.5, 0.5], cross: element("i", "cross"), from: null,
  };
  dialog.onclick = (event) => pressLarge(l, event.target.closest("button"));
  dialog.onkeydown = (event) => typedLarge(l, event);
  dialog.oncancel = (event) => cancelledLarge(l, event);
  dialog.onclose = () => leaveLarge(l);
  l.form.onsubmit = (event) => {
    event.preventDefault();
    savePin(l);
  };
  l.stage.addEventListener("wheel", (event) => wheelLarge(l, event), { passive: false });
  pointingLarge(l);
  l.observer = new ResizeObserver(() => layOut(l));
  l.observer.observe(l.stage);
  return l;
}

function element(tag, name, words = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
}

const focused = (root) => root.getRootNode().activeElement;
const isField = (target) => target.matches?.("input, textarea, select, [contenteditable]") ?? false;

// --- Life --------------------------------------------------------------------------------------------------------

function openLarge(l, name, isPinning = false) {
  if (l.dialog.open) return;
  l.from = focused(l.dialog);
  spell(l.dialog, l.host.fixed());
  l.dialog.setAttribute("aria-label", l.host.fixed().toolbar);
  l.sheets = l.host.sheets().map(newSheet);
  l.stage.querySelectorAll(".sheet").forEach((old) => old.remove());
  l.stage.prepend(...l.sheets.map((sheet) => sheet.root));
  Object.assign(l, { at: Math.max(0, l.sheets.findIndex((sheet) => sheet.name === name)), zoom: 1, centre: [0.5, 0.5] });
  l.dialog.showModal();
  renderLarge(l);
  l.stage.focus();
  if (isPinning) startPinning(l);
}

function newSheet({ name, alt, url, width, height }) {
  const [root, image, marks] = [element("div", "sheet"), element("img", ""), element("div", "marks")];
  Object.assign(image, { alt, src: url, draggable: false });
  root.append(image, marks);
  return { root, marks, name, alt, width, height };
}

function closeLarge(l) {
  if (l.dialog.open) l.dialog.close();
}

/** Escape, or the way back of a phone: first out of a new pin, then out of the large view. */
function cancelledLarge(l, event) {
  if (!l.isPinning) return;
  event.preventDefault();
  LARGE_ACTS.cancel(l);
}

function leaveLarge(l) {
  stopPinning(l);
  l.pointers.clear();
  l.sheets.forEach((sheet) => sheet.root.remove());
  if (l.from?.isConnected) l.from.focus({ preventScroll: true });
}

function departLarge(l) {
  l.observer.disconnect();
  closeLarge(l);
}

const current = (l) => l.sheets[l.at];

/** Makes everything in the large view say what the state says. */
function renderLarge(l) {
  if (!l.dialog.open) return;
  const fixed = l.host.fixed();
  const other = l.sheets[(l.at + 1) % l.sheets.length];
  l.find(".which").textContent = current(l).alt;
  l.stage.setAttribute("aria-label", current(l).alt);
  l.find(".flip").hidden = l.sheets.length < 2;
  l.find(".flip span").textContent = fixed[`flipTo_${other.name}`] ?? "";
  l.sheets.forEach((sheet, at) => {
    sheet.root.style.visibility = at === l.at ? "" : "hidden";
    drawMarks(sheet.marks, l.host.pins(sheet.name));
  });
  renderPinning(l);
  layOut(l);
}

const sayLarge = (l, words) => (l.find(".live").textContent = words);

// --- What the person does ----------------------------------------------------------------------------------------

const LARGE_ACTS = {
  flip: (l) => flip(l),
  in: (l) => zoomStep(l, 1),
  out: (l) => zoomStep(l, -1),
  whole: (l) => zoomTo(l, 1),
  pin: (l) => (l.isPinning ? stopPinning(l) : startPinning(l)),
  cancel: (l) => (stopPinning(l), l.stage.focus()),
  close: (l) => closeLarge(l),
};

const LARGE_KEYS = {
  "+": LARGE_ACTS.in, "=": LARGE_ACTS.in, "-": LARGE_ACTS.out, 0: LARGE_ACTS.whole,
  p: LARGE_ACTS.pin, z: LARGE_ACTS.close, " ": LARGE_ACTS.flip,
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function pressLarge(l, button) {
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  const { act, pan } = button.dataset;
  if (act) LARGE_ACTS[act](l);
  else if (pan) panLarge(l, pan.split(" ").map(Number));
}

function typedLarge(l, event) {
  event.stopPropagation(); // the page behind has keys of its own
  if (event.isComposing || event.keyCode === 229) return;
  if (isField(event.target)) return typedRemark(l, event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isOnButton = event.target.closest("button") && [" ", "Enter"].includes(event.key);
  if (!isOnButton && pressedLarge(l, event) !== false) event.preventDefault();
}

/** False when the key is not ours. */
function pressedLarge(l, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (l.isPinning && key === "Escape") return LARGE_ACTS.cancel(l);
  if (l.isPinning && key === "Enter") return event.repeat || setPlace(l, l.place);
  if (Object.hasOwn(ARROWS, key)) return arrow(l, ARROWS[key], event.shiftKey);
  if (!Object.hasOwn(LARGE_KEYS, key)) return false;
  return event.repeat && !"+=-".includes(key) ? true : LARGE_KEYS[key](l);
}

/** Moves the cross of a new pin; else left and right show the other image, or move when there is none. */
function arrow(l, way, isShifted) {
  if (l.isPinning) moveCross(l, way, isShifted);
  else if (way[0] && !isShifted && l.sheets.length > 1) flip(l);
  else panLarge(l, way);
}

function flip(l) {
  if (l.sheets.length < 2) return;
  l.at = 1 - l.at;
  renderLarge(l);
  sayLarge(l, current(l).alt);
}
