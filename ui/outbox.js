// Telling Python, numbered, until it answers that it was heard. Joined to the script of a component when it is read.

const SEND_MS = 120; // a held key makes many entries, and each report is a rerun
const ASK_AGAIN_MS = 3000; // and twice as long each further time
const MOST_REPEATS = 6;

/** ``tell`` is set by the component: it hands a report to Streamlit. */
const newOutbox = () => ({ ear: "", entries: [], turn: 0, told: 0, timer: 0, again: 0, tell: null });

/** Adds an entry, which gets its number; ``post`` sends it. */
function enclose(box, entry) {
  box.turn = Math.max(box.turn + 1, Date.now()); // also above the numbers of a component that stood here before
  const numbered = { turn: box.turn, ...entry };
  box.entries.push(numbered);
  return numbered;
}

/** Forgets what Python heard. Another ear never heard of the entries: those that ``stillMeant`` keeps are told again. */
function listen(box, { ear, heard }, stillMeant = () => true) {
  const isForgotten = box.ear !== "" && ear !== box.ear;
  box.ear = ear;
  box.turn = Math.max(box.turn, heard);
  box.entries = box.entries.filter((entry) => entry.turn > heard && (!isForgotten || stillMeant(entry)));
  if (isForgotten && box.entries.length) send(box);
}

/** The first entry goes at once; those that follow closely go together. */
function post(box, isUrgent) {
  const wait = box.told + SEND_MS - performance.now();
  if (isUrgent || (wait <= 0 && !box.timer)) send(box);
  else box.timer ||= setTimeout(() => send(box), wait);
}

/** Repeats what no answer came for: Streamlit lets a lost connection take a report with it. */
function send(box, repeats = 0) {
  clearTimeout(box.timer);
  clearTimeout(box.again);
  box.timer = 0;
  box.told = performance.now();
  box.tell({ ear: box.ear, entries: [...box.entries] });
  const repeat = () => box.entries.length && send(box, repeats + 1);
  if (repeats < MOST_REPEATS) box.again = setTimeout(repeat, ASK_AGAIN_MS * 2 ** repeats);
}

/** Sends now what waits for company. */
function hurry(box) {
  if (box.timer) send(box);
}

function shut(box) {
  hurry(box);
  clearTimeout(box.again);
}
