// One image and what people pinned to it.
//
// What the person does is drawn at once, as an entry of the outbox on top of what Python said last.

const boards = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".board");
  let board = boards.get(parentElement);
  if (board?.root !== root) {
    if (board) depart(board);
    board = begin(root, parentElement.querySelector(".large"));
    boards.set(parentElement, board);
  }
  board.outbox.tell = (said) => setStateValue("said", said);
  receive(board, JSON.parse(data.pinboard));
  return () => {
    depart(board);
    boards.delete(parentElement);
  };
}

// --- Life --------------------------------------------------------------------------------------------------------

function begin(root, dialog) {
  const find = (selector) => root.querySelector(selector);
  const b = {
    root, find, sheet: find(".sheet"), marks: find(".marks"), list: find(".pins"),
    python: null, outbox: newOutbox(), state: "loading", ticket: 0, withResolved: false,
  };
  b.large = newLarge(dialog, hosting(b));
  root.onclick = (event) => clicked(b, event);
  return b;
}

function depart(b) {
  b.ticket = -1;
  departLarge(b.large);
  shut(b.outbox);
}

function receive(b, page) {
  const before = b.python;
  b.python = page;
  listen(b.outbox, page);
  spell(b.root, page.fixed);
  if (before?.image.url !== page.image.url) present(b);
  else render(b);
}

const hosting = (b) => ({
  fixed: () => b.python.fixed,
  longest: () => b.python.longest,
  sheets: () => [{ name: "image", alt: b.python.alt || b.python.fixed.image, ...b.python.image }],
  pins: () => shownPins(b),
  actions: (pin) => actionsOn(b, pin),
  canPin: () => b.python.canAdd,
  isFull: () => false,
  add: ({ x, y, words }) => act(b, { kind: "add", x, y, words }),
});

// --- The image ---------------------------------------------------------------------------------------------------

async function present(b) {
  const ticket = ++b.ticket;
  const image = new Image();
  closeLarge(b.large);
  b.sheet.querySelector("img")?.remove();
  b.state = "loading";
  render(b);
  image.src = b.python.image.url;
  image.draggable = false;
  const isThere = await image.decode().then(() => true, () => false);
  if (ticket !== b.ticket) return;
  b.state = isThere ? "shown" : "lost";
  if (isThere) b.sheet.prepend(image);
  render(b);
}

/** Makes everything on screen say what the state says. */
function render(b) {
  const { python, state } = b;
  const pins = shownPins(b);
  const resolved = allPins(b).filter((pin) => pin.isResolved).length;
  b.root.dataset.state = state;
  b.root.setAttribute("aria-busy", state === "loading");
  b.sheet.style.setProperty("--ratio", python.image.width / python.image.height || 1);
  b.sheet.querySelector("img")?.setAttribute("alt", python.alt || python.fixed.image);
  b.find(".loading").hidden = state !== "loading";
  b.find(".trouble").hidden = state !== "lost";
  b.find(".trouble p").textContent = state === "lost" ? python.fixed.lost : "";
  b.find(".new").hidden = !python.canAdd;
  b.find(".new").setAttribute("aria-disabled", state !== "shown");
  b.find(".resolved").hidden = resolved === 0;
  b.find(".resolved").textContent = phrase(python.fixed.showResolved, { count: resolved });
  b.find(".resolved").setAttribute("aria-pressed", b.withResolved);
  b.find(".none").hidden = allPins(b).length > 0;
  drawMarks(b.marks, state === "shown" ? pins : []);
  listPins(b.list, pins, (pin) => actionsOn(b, pin), (number) => lightMark(b.marks, number));
  if (b.large.dialog.open) renderLarge(b.large);
}

// --- Pins --------------------------------------------------------------------------------------------------------

/** What Python said last, and on top of it what Python has not answered yet. */
function allPins(b) {
  const pins = b.python.pins.map((pin, at) => ({ ...pin, number: at + 1, isResolved: pin.resolved }));
  for (const { kind, id, ...told } of b.outbox.entries) {
    if (kind === "add") pins.push({ ...told, number: pins.length + 1, isResolved: false });
    for (const pin of pins) if (id && pin.id === id) pin.isResolved = kind === "resolve";
  }
  return pins.map((pin) => ({ ...pin, facts: factsOf(b, pin) }));
}

const factsOf = (b, { author, when, isResolved }) =>
  [author, when, isResolved && b.python.fixed.resolved].filter(Boolean).join(" · ");

const shownPins = (b) => allPins(b).filter((pin) => b.withResolved || !pin.isResolved);

function actionsOn(b, pin) {
  if (!b.python.canAdd || !pin.id) return [];
  const kind = pin.isResolved ? "reopen" : "resolve";
  const name = phrase(b.python.fixed[`${kind}Name`], pin);
  return [[b.python.fixed[kind], name, () => act(b, { kind, id: pin.id })]];
}

function act(b, entry) {
  enclose(b.outbox, entry);
  post(b.outbox, true);
  render(b);
}

function clicked(b, event) {
  const button = event.target.closest("button");
  if (button?.getAttribute("aria-disabled") === "true") return;
  if (!button && event.target.closest(".sheet") && b.state === "shown") openLarge(b.large, "image");
  if (button?.matches(".enlarge")) openLarge(b.large, "image");
  if (button?.matches(".new")) openLarge(b.large, "image", true);
  if (button?.matches(".again")) tryAgain(b);
  if (button?.matches(".resolved")) toggleResolved(b);
}

function tryAgain(b) {
  b.root.focus({ preventScroll: true }); // the button goes
  present(b);
}

function toggleResolved(b) {
  b.withResolved = !b.withResolved;
  render(b);
}
