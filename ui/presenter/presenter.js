// One pair after the other, in a dialog that covers everything and goes full screen where the browser lets it.
//
// A slide is shown when all of its images are decoded, until then the one before stays: no spinner, no half pair.
// The next slides are decoded beforehand, nearest first.

const stages = new WeakMap();

export default function ({ data, parentElement }) {
  let s = stages.get(parentElement);
  if (!s) stages.set(parentElement, (s = open(parentElement)));
  s.show = JSON.parse(data.show);
  s.enter.disabled = !s.show.slides.length;
  spell(parentElement, s.show.fixed);
  s.find(".note").textContent = s.show.note;
  return () => {
    if (s.dialog.open) leave(s);
    document.removeEventListener("fullscreenchange", s.onfullscreen);
    stages.delete(parentElement);
  };
}

function open(parent) {
  const find = (selector) => parent.querySelector(selector);
  const s = { find, enter: find(".enter"), dialog: find(".stage"), show: null, at: 0, wanted: 0, revealed: false, images: new Map() };
  s.enter.onclick = () => begin(s);
  s.dialog.onkeydown = (event) => typed(s, event);
  s.dialog.onclick = (event) => act(s, event.target.closest("button")?.dataset.act);
  s.dialog.onclose = () => ended(s);
  s.wasFull = false;
  s.onfullscreen = () => {
    const isFull = document.fullscreenElement !== null;
    if (s.dialog.open && s.wasFull && !isFull) s.dialog.close(); // Escape in full screen reaches nobody else
    s.wasFull = isFull;
  };
  document.addEventListener("fullscreenchange", s.onfullscreen);
  return s;
}

async function begin(s) {
  await Promise.all([decoded(s, s.show.slides[0]), fill()]);
  s.dialog.dataset.full = s.wasFull = document.fullscreenElement !== null;
  s.dialog.showModal(); // after the page went full screen, or it would lie below it
  s.dialog.focus(); // keys come here, also where its buttons are hidden
  go(s, 0);
}

/** The whole page, because a dialog may not; a browser that refuses shows the stage in its window. */
const fill = () => document.documentElement.requestFullscreen?.().catch(() => {});

function leave(s) {
  s.dialog.close();
}

function ended(s) {
  if (document.fullscreenElement) document.exitFullscreen();
  s.images.clear();
  s.enter.focus();
}

const KEYS = {
  ArrowRight: "on", ArrowDown: "on", PageDown: "on", " ": "on",
  ArrowLeft: "back", ArrowUp: "back", PageUp: "back",
  Home: "first", End: "last", r: "reveal", R: "reveal", Escape: "leave",
};

const ACTS = {
  on: (s) => go(s, s.wanted + 1),
  back: (s) => go(s, s.wanted - 1),
  first: (s) => go(s, 0),
  last: (s) => go(s, count(s) - 1),
  reveal: (s) => reveal(s, !s.revealed),
  leave,
};

function typed(s, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  const isPress = event.target.closest("button") && event.key === " ";
  if (isPress || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  event.stopPropagation(); // Streamlit listens for R
  act(s, KEYS[event.key]);
}

const act = (s, name) => name && ACTS[name](s);
const count = (s) => s.show.slides.length + (s.show.ending ? 1 : 0);

/** Promises the elements of a slide, ready to be painted; one that cannot be loaded is its own empty place. */
function decoded(s, slide) {
  const elements = (slide?.images ?? []).map(({ url, alt }) => {
    if (!s.images.has(url)) {
      const image = new Image();
      image.src = url;
      s.images.set(url, image.decode().then(() => image, () => image));
    }
    return s.images.get(url).then((image) => Object.assign(image, { alt }));
  });
  return Promise.all(elements);
}

async function go(s, to) {
  s.wanted = Math.min(Math.max(to, 0), count(s) - 1);
  const at = s.wanted;
  const images = await decoded(s, s.show.slides[at]);
  if (at !== s.wanted || !s.dialog.open) return;
  s.at = at;
  paint(s, images);
  for (const near of [at + 1, at - 1, at + 2, at + 3]) await decoded(s, s.show.slides[near]);
}

function paint(s, images) {
  const slide = s.show.slides[s.at];
  s.find(".images").hidden = !slide;
  s.find(".ending").hidden = Boolean(slide);
  if (slide) s.find(".images").replaceChildren(...images.map(framed));
  s.find(".ending h2").textContent = s.show.ending?.title ?? "";
  s.find(".ending p").textContent = s.show.ending?.words ?? "";
  s.find("[data-act=back]").setAttribute("aria-disabled", s.at === 0);
  s.find("[data-act=on]").setAttribute("aria-disabled", s.at === count(s) - 1);
  s.find("[data-act=reveal]").setAttribute("aria-disabled", !slide);
  s.find(".place").textContent = slide ? phrase(s.show.fixed.place, { number: s.at + 1, of: s.show.slides.length }) : "";
  reveal(s, false);
}

function framed(image) {
  const figure = document.createElement("figure");
  figure.append(image, document.createElement("figcaption"));
  return figure;
}

/** Says which is which, or takes it back. */
function reveal(s, isOn) {
  const slide = s.show.slides[s.at];
  if (!slide) return;
  s.revealed = isOn;
  s.dialog.dataset.revealed = isOn;
  const nameless = slide.images.length === 2 ? [s.show.fixed.left, s.show.fixed.right] : slide.images.map((_, place) => String(place + 1));
  [...s.find(".images").querySelectorAll("figcaption")].forEach((caption, place) => {
    const { label, words, alt } = slide.images[place];
    const name = document.createElement("b");
    name.textContent = isOn ? label : nameless[place];
    caption.replaceChildren(name, ...(isOn ? [" ", words] : []));
    caption.parentElement.firstChild.alt = isOn ? alt : nameless[place];
  });
}
