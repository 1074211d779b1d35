// The voice of every page, and the keyboard's way into popovers and out of them.

const HERE = Symbol.for("atlas.ease"); // one of each for the whole document, however often a page is drawn
const FIELDS = "a[href], button, input, select, textarea, summary, [tabindex]";
const OPENING_MS = 1500; // a popover is drawn when it is first opened

export default function ({ data }) {
  document[HERE] ??= begin();
  say(document[HERE], JSON.parse(data.said));
}

function begin() {
  const voice = document.createElement("div");
  voice.setAttribute("role", "status");
  voice.className = "atlas-voice";
  document.body.append(voice);
  document.addEventListener("click", opened, true);
  document.addEventListener("keydown", tabbed, true);
  return { voice, number: 0 };
}

/** Each thing once, however often the page is drawn while it stands there. */
function say(here, { number, words }) {
  if (!number || number === here.number) return;
  here.number = number;
  here.voice.textContent = words;
}

// --- Popovers: Streamlit draws them at the end of the document, so Tab would come to them last --------------------

const body = () => document.querySelector("[data-testid=stPopoverBody]");
const opener = () => document.querySelector("[data-testid=stPopoverButton][aria-expanded=true]");
const fields = () => [...body().querySelectorAll(FIELDS)].filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility());

/** A click without a place on the screen was made by a key. */
function opened(event) {
  const button = event.target.closest?.("[data-testid=stPopoverButton]");
  if (button && event.detail === 0 && button.getAttribute("aria-expanded") !== "true") enter(button, performance.now());
}

/** To the popover itself, because Streamlit loads some of its fields late; Tab goes on to the first. */
function enter(button, since) {
  const isElsewhere = ![button, document.body].includes(document.activeElement);
  if (isElsewhere || performance.now() - since > OPENING_MS) return;
  if (!body()) return requestAnimationFrame(() => enter(button, since));
  body().tabIndex = -1;
  body().focus();
}

/** Past either end of a popover the keyboard is back at its button, and goes on from there. */
function tabbed(event) {
  if (event.key !== "Tab" || !body()?.contains(document.activeElement)) return;
  const all = fields();
  const isAtEnd = event.shiftKey ? [body(), all[0]].includes(document.activeElement) : document.activeElement === all.at(-1);
  if (!isAtEnd || !opener()) return;
  if (event.shiftKey) event.preventDefault();
  opener().focus();
}
