// Showing the ballot: both images or none, and controls that say what the state says. Joined to ballot.js when read.

const SETTLE_MS = 350; // nobody judges a pair faster; a key pressed twice is not an answer to the next one
const MOST_IMAGES = 12;

/** Promises a decoded image element, or null when there is none. */
function decoded(b, url) {
  const waiting = b.images.get(url) ?? load(b, url);
  b.images.delete(url);
  b.images.set(url, waiting); // the youngest come last
  for (const old of b.images.keys()) if (b.images.size > MOST_IMAGES) b.images.delete(old);
  return waiting;
}

function load(b, url) {
  const image = new Image();
  image.draggable = false;
  image.src = url;
  const lose = () => (b.images.delete(url), null);
  return image.decode().then(() => image, lose);
}

const paintedTwice = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

/** Shows the pair as soon as both images can be painted together, and starts the clock when they are. */
async function present(b) {
  const { left, right, ahead } = b.step;
  const ticket = ++b.ticket;
  clearTimeout(b.timer);
  Object.assign(b, { state: "loading", isSettled: false });
  clear(b);
  render(b);
  const pair = await Promise.all([decoded(b, left.url), decoded(b, right.url)]);
  if (ticket !== b.ticket) return;
  b.state = pair.includes(null) ? "lost" : "shown";
  if (b.state === "shown") place(b, pair);
  render(b);
  if (b.state === "lost") return;
  await paintedTwice();
  if (ticket !== b.ticket) return;
  b.since = performance.now();
  announce(b);
  settle(b);
  ahead.forEach((url) => decoded(b, url));
}

function clear(b) {
  for (const { sheet } of Object.values(b.sides)) sheet.querySelector("img")?.remove();
}

function place(b, [left, right]) {
  clear(b);
  const other = left === right ? left.cloneNode() : right; // one element stands in one place
  for (const [name, image] of [["left", left], ["right", other]]) {
    image.alt = b.fixed[name];
    b.sides[name].sheet.prepend(image);
  }
}

/** Makes the answers live, a moment later. */
function settle(b) {
  b.isSettled = false;
  clearTimeout(b.timer);
  b.timer = setTimeout(() => {
    b.isSettled = true;
    render(b);
  }, SETTLE_MS);
}

function announce(b) {
  if (b.spoken === b.step.id) return;
  b.spoken = b.step.id;
  b.find(".live").textContent = phrase(b.fixed.pair, b.step);
}

const isLive = (b) => b.state === "shown" && b.isSettled && !b.pending && !b.step.locked;

/** Makes everything on screen say what the state says. */
function render(b) {
  const { step, state } = b;
  Object.assign(b.root.dataset, { state, locked: step.locked });
  b.root.setAttribute("aria-busy", state === "loading");
  renderWhere(b);
  b.find(".question").textContent = step.question;
  renderBrief(b);
  b.find(".loading").hidden = state !== "loading";
  b.find(".trouble").hidden = state !== "lost";
  b.find(".trouble p").textContent = state === "lost" ? b.fixed.lost : "";
  renderSides(b);
  renderReasons(b);
  renderAnswers(b);
  b.find(".closed").hidden = !step.locked;
  if (b.large.dialog.open) renderLarge(b.large);
}

function renderWhere(b) {
  const { number, of, can_go_back: canGoBack } = b.step;
  const words = phrase(b.fixed.pair, b.step);
  const progress = b.find(".progress");
  progress.setAttribute("aria-label", words);
  progress.setAttribute("aria-valuenow", number);
  progress.setAttribute("aria-valuemax", of);
  progress.firstElementChild.style.width = `${(100 * number) / Math.max(of, 1)}%`;
  b.find(".count").textContent = words;
  b.find(".back").setAttribute("aria-disabled", !canGoBack || b.pending !== null);
}

function renderBrief(b) {
  const brief = b.find(".brief");
  brief.hidden = !b.step.brief;
  brief.lastElementChild.textContent = b.step.brief;
  const isLong = brief.scrollHeight > brief.clientHeight + 1;
  if (isLong) brief.tabIndex = 0; // so that the arrow keys scroll it
  else brief.removeAttribute("tabindex");
}

function renderSides(b) {
  const { left, right } = b.step;
  const shape = Math.max(left.width, right.width) / Math.max(left.height, right.height);
  b.find(".pair").style.setProperty("--shape", shape || 1);
  for (const [name, side] of Object.entries(b.sides)) {
    const { width, height } = b.step[name];
    const pins = pinsOf(b, name);
    side.sheet.style.setProperty("--ratio", width / height || 1);
    side.part.querySelector(".enlarge").setAttribute("aria-disabled", b.state !== "shown");
    drawMarks(side.marks, b.state === "shown" ? pins : []);
    listPins(side.list, pins, (pin) => removing(b, pin), (number) => lightMark(side.marks, number));
  }
}

function renderReasons(b) {
  const { chips, locked } = b.step;
  const rests = locked || b.pending !== null;
  const list = b.find(".chips");
  if ([...list.children].map((chip) => chip.textContent).join("\n") !== chips.join("\n")) {
    list.replaceChildren(...chips.map(newChip));
  }
  list.hidden = chips.length === 0;
  for (const chip of list.children) {
    chip.setAttribute("aria-pressed", b.draft.chips.has(chip.textContent));
    chip.setAttribute("aria-disabled", rests);
  }
  b.why.maxLength = b.longest.why;
  b.why.readOnly = rests;
}

function newChip(words) {
  const chip = element("button", "chip", words);
  chip.type = "button";
  return chip;
}

function renderAnswers(b) {
  const row = b.find(".answers");
  const chosen = b.pending?.choice ?? b.step.chosen;
  if (row.children.length === 0) row.append(...b.step.answers.map(newAnswer));
  b.step.answers.forEach(({ choice, label }, at) => {
    const button = row.children[at];
    button.querySelector("span").textContent = label;
    button.setAttribute("aria-pressed", choice === chosen);
    button.setAttribute("aria-disabled", !isLive(b));
  });
}

function newAnswer({ choice }, at) {
  const button = element("button", "answer");
  button.type = "button";
  button.dataset.choice = choice;
  button.setAttribute("aria-keyshortcuts", at + 1);
  const key = element("kbd", "", at + 1);
  key.setAttribute("aria-hidden", "true");
  button.append(key, element("span", ""));
  return button;
}
