// What the reviewer does, by mouse, touch and keys. Joined to ballot.js when it is read.

// Where a key has a meaning of its own, outside the ballot.
const ELSEWHERE = "input, textarea, select, [contenteditable], [role=dialog], [role=listbox], [role=menu], [role=slider], " +
  "[role=radiogroup], [role=tab], [role=combobox], [role=grid]";

const ACTING_KEYS = {
  1: (b) => answer(b, 0),
  2: (b) => answer(b, 1),
  3: (b) => answer(b, 2),
  4: (b) => answer(b, 3),
  u: (b) => goBack(b),
  Backspace: (b) => goBack(b),
  ArrowLeft: (b) => goBack(b),
  z: (b) => enlarge(b, b.side),
};

function typed(b, event) {
  const target = event.composedPath()[0];
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (b.large.dialog.open) return;
  if (key === "Escape" && target === b.why) return b.why.blur(); // gives the keys back to the answers
  if (isField(target) || (!b.root.contains(target) && target.closest?.(ELSEWHERE))) return;
  if (!Object.hasOwn(ACTING_KEYS, key)) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat) ACTING_KEYS[key](b);
}

function clicked(b, event) {
  const button = event.target.closest("button");
  const side = event.target.closest(".side")?.dataset.side;
  if (side) b.side = side;
  if (event.target.closest(".sheet") && !button) return enlarge(b, side);
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  if (button.matches(".again")) return tryAgain(b);
  if (button.matches(".enlarge")) return enlarge(b, side);
  if (button.matches(".chip")) return toggle(b, button.textContent);
  if (event.detail > 1) return; // the second half of a double click, perhaps on another ballot than the first
  if (button.matches(".back")) goBack(b);
  if (button.matches(".answer")) answer(b, [...button.parentElement.children].indexOf(button));
}

function answer(b, at) {
  if (!isLive(b)) return;
  const { step, draft } = b;
  b.pending = enclose(b.outbox, {
    kind: "cast",
    ballot: step.id,
    choice: step.answers[at].choice,
    chips: step.chips.filter((chip) => draft.chips.has(chip)),
    words: draft.words,
    pins: draft.pins.map(({ side, x, y, words }) => ({ side, x, y, words })),
    seconds: Math.round(performance.now() - b.since) / 1000,
  });
  post(b.outbox, true);
  render(b);
}

function goBack(b) {
  const isNew = performance.now() - b.arrived < SETTLE_MS;
  if (!b.step.can_go_back || b.pending || isNew) return;
  b.pending = enclose(b.outbox, { kind: "back", ballot: b.step.id });
  post(b.outbox, true);
  render(b);
}

function tryAgain(b) {
  b.root.focus({ preventScroll: true }); // the button goes
  present(b);
}

function enlarge(b, side) {
  if (b.state !== "shown") return;
  b.side = side;
  openLarge(b.large, side);
}

function toggle(b, chip) {
  const { chips } = b.draft;
  if (chips.has(chip)) chips.delete(chip);
  else chips.add(chip);
  renderReasons(b);
}

const pinsOf = (b, side) =>
  b.draft.pins.filter((pin) => pin.side === side).map((pin, at) => ({ ...pin, number: at + 1, own: pin }));

function removing(b, pin) {
  if (b.step.locked || b.pending) return [];
  const name = phrase(b.fixed.removeName, pin);
  return [[b.fixed.remove, name, () => remove(b, pin.own)]];
}

function remove(b, own) {
  b.draft.pins = b.draft.pins.filter((pin) => pin !== own);
  render(b);
  const live = b.large.dialog.open ? b.large.find(".live") : b.find(".live");
  live.textContent = b.fixed.removed;
}
