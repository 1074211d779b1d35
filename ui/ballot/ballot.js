// One blind ballot: two images that appear together, four answers, and what the reviewer says beside them.
//
// What is answered becomes one entry of the outbox. From then on the buttons rest, until Python shows another ballot,
// or this one again after it has heard the answer.

const ballots = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".ballot");
  let ballot = ballots.get(parentElement);
  if (ballot?.root !== root) {
    if (ballot) depart(ballot);
    ballot = begin(root, parentElement.querySelector(".large"));
    ballots.set(parentElement, ballot);
  }
  ballot.outbox.tell = (said) => setStateValue("said", said);
  receive(ballot, JSON.parse(data.ballot));
  return () => {
    depart(ballot);
    ballots.delete(parentElement);
  };
}

// --- Life --------------------------------------------------------------------------------------------------------

function begin(root, dialog) {
  const find = (selector) => root.querySelector(selector);
  const b = {
    root, find, why: find("textarea"), sides: {}, outbox: newOutbox(), images: new Map(), drafts: new Map(),
    step: null, draft: null, fixed: {}, longest: {}, pending: null, spoken: "", side: "left",
    state: "loading", ticket: 0, since: 0, arrived: 0, isSettled: false, timer: 0,
  };
  for (const part of root.querySelectorAll(".side")) {
    const inside = (selector) => part.querySelector(selector);
    b.sides[part.dataset.side] = { part, sheet: inside(".sheet"), marks: inside(".marks"), list: inside(".pins") };
  }
  b.large = newLarge(dialog, hosting(b));
  b.typed = (event) => typed(b, event);
  document.addEventListener("keydown", b.typed, true); // before the keys of Streamlit
  root.onclick = (event) => clicked(b, event);
  b.why.oninput = () => {
    b.draft.words = b.why.value;
  };
  return b;
}

function depart(b) {
  document.removeEventListener("keydown", b.typed, true);
  clearTimeout(b.timer);
  b.ticket = -1;
  departLarge(b.large);
  shut(b.outbox);
}

function receive(b, page) {
  const before = b.step;
  const answered = b.pending;
  b.step = page.ballot;
  Object.assign(b, { fixed: page.fixed, longest: page.longest });
  // Who never heard of an answer is told again; a step back is not taken long after it was asked for.
  listen(b.outbox, page, (entry) => entry.kind === "cast");
  const isOther = before?.id !== b.step.id;
  if (isOther || !b.outbox.entries.includes(b.pending)) b.pending = null;
  spell(b.root, b.fixed);
  if (isOther) take(b, answered);
  if (answered && !b.pending) settle(b);
  const isSame = !isOther && ["left", "right"].every((side) => before[side].url === b.step[side].url);
  if (isSame) render(b);
  else present(b);
}

/** Begins another ballot, with what its reviewer had begun to say, or had said. */
function take(b, answered) {
  const { id, picked, words, pins } = b.step;
  if (answered?.kind === "cast") b.drafts.delete(answered.ballot);
  if (!b.drafts.has(id)) b.drafts.set(id, { chips: new Set(picked), words, pins: [...pins] });
  b.draft = b.drafts.get(id);
  b.why.value = b.draft.words;
  b.side = "left";
  b.arrived = performance.now();
  closeLarge(b.large);
}

/** What the large view asks of the ballot. */
const hosting = (b) => ({
  fixed: () => b.fixed,
  longest: () => b.longest,
  sheets: () => ["left", "right"].map((name) => ({ name, alt: b.fixed[name], ...b.step[name] })),
  pins: (side) => pinsOf(b, side),
  actions: (pin) => removing(b, pin),
  canPin: () => !b.step.locked && !b.pending,
  isFull: () => b.draft.pins.length >= b.longest.pins,
  add: (pin) => (b.draft.pins.push(pin), render(b)),
});
