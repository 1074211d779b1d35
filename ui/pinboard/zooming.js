// Zoom and pan of the large view, by steps, wheel, pinch, drag, keys and buttons. Joined to its component's script.

const STEPS = [1, 1.5, 2, 3, 4]; // times what fits
const DEEPEST = STEPS.at(-1);
const STILL_PX = 6; // a finger is not quieter than this

const within = (value, least, most) => Math.min(Math.max(value, least), most);

/** The size of a sheet on the screen, in pixels. */
function sizeOf(l, sheet) {
  const scale = Math.min(l.box[0] / sheet.width, l.box[1] / sheet.height) * l.zoom;
  return [sheet.width * scale, sheet.height * scale];
}

/** The centre that leaves no empty strip beside an image that could fill the stage. */
function visibleCentre(l, size) {
  return l.centre.map((at, axis) => {
    const half = l.box[axis] / (2 * size[axis]);
    return half >= 0.5 ? 0.5 : within(at, half, 1 - half);
  });
}

/** Sheets are sized, not scaled, so that the marks on them keep their size. */
function layOut(l) {
  if (!l.dialog.open) return;
  l.box = [l.stage.clientWidth || 1, l.stage.clientHeight || 1];
  for (const sheet of l.sheets) {
    const size = sizeOf(l, sheet);
    const [x, y] = visibleCentre(l, size).map((at, axis) => l.box[axis] / 2 - at * size[axis]);
    Object.assign(sheet.root.style, { width: `${size[0]}px`, height: `${size[1]}px`, transform: `translate(${x}px, ${y}px)` });
  }
  const disable = (act, isOff) => l.find(`[data-act=${act}]`).setAttribute("aria-disabled", isOff);
  disable("in", l.zoom >= DEEPEST);
  disable("out", l.zoom <= 1);
  disable("whole", l.zoom <= 1);
  l.find(".percent").textContent = `${Math.round(l.zoom * 100)} %`;
  l.find(".pad").hidden = l.zoom <= 1;
  l.stage.dataset.movable = l.zoom > 1;
}

/** Zooms so that ``point``, in pixels from the middle of the stage, keeps its place. */
function zoomTo(l, zoom, point = [0, 0]) {
  const before = sizeOf(l, current(l));
  const kept = visibleCentre(l, before);
  l.zoom = within(zoom, 1, DEEPEST);
  const after = sizeOf(l, current(l));
  l.centre = kept.map((at, axis) => at + point[axis] / before[axis] - point[axis] / after[axis]);
  l.centre = visibleCentre(l, after);
  layOut(l);
}

function zoomStep(l, by) {
  const next = by > 0 ? STEPS.find((step) => step > l.zoom + 0.01) : STEPS.findLast((step) => step < l.zoom - 0.01);
  zoomTo(l, next ?? l.zoom, l.isPinning ? fromMiddleOf(l, l.place) : [0, 0]);
}

/** Moves the view by a share of the stage. */
const panLarge = (l, [x, y]) => panBy(l, -x * l.box[0] * 0.2, -y * l.box[1] * 0.2);

function panBy(l, x, y) {
  const size = sizeOf(l, current(l));
  l.centre = visibleCentre(l, size).map((at, axis) => at - [x, y][axis] / size[axis]);
  l.centre = visibleCentre(l, size);
  layOut(l);
}

function wheelLarge(l, event) {
  event.preventDefault();
  const speed = (event.deltaMode ? 0.05 : 0.0018) * (event.ctrlKey && Math.abs(event.deltaY) < 40 ? 4 : 1);
  zoomTo(l, l.zoom * Math.exp(-event.deltaY * speed), fromMiddle(l, event.clientX, event.clientY));
}

/** Pixels from the middle of the stage. */
function fromMiddle(l, x, y) {
  const box = l.stage.getBoundingClientRect();
  return [x - box.left - box.width / 2, y - box.top - box.height / 2];
}

/** The same for a place of the current image, 0 to 1. */
function fromMiddleOf(l, place) {
  const size = sizeOf(l, current(l));
  const centre = visibleCentre(l, size);
  return place.map((at, axis) => (at - centre[axis]) * size[axis]);
}

/** The place of the current image, 0 to 1, under a point of the screen. */
function placeUnder(l, x, y) {
  const box = current(l).root.getBoundingClientRect();
  return [(x - box.left) / box.width, (y - box.top) / box.height];
}

function pointingLarge(l) {
  l.stage.onpointerdown = (event) => {
    if (event.button || event.target.closest("button")) return;
    l.isMoved = l.pointers.size > 0;
    l.start = [event.clientX, event.clientY];
    l.pointers.set(event.pointerId, l.start);
    l.stage.setPointerCapture(event.pointerId);
  };
  l.stage.onpointermove = (event) => {
    if (l.pointers.has(event.pointerId)) draggedLarge(l, event);
  };
  l.stage.onpointerup = l.stage.onpointercancel = (event) => {
    l.pointers.delete(event.pointerId);
  };
  // The click, because after a finger it comes last: what it gives the keyboard to keeps it.
  l.stage.onclick = (event) => {
    if (l.isPinning && !l.isMoved && !event.target.closest("button")) tapped(l, event);
  };
}

function tapped(l, event) {
  const place = placeUnder(l, event.clientX, event.clientY);
  if (place.every((at) => at >= 0 && at <= 1)) setPlace(l, place);
}

function draggedLarge(l, event) {
  const before = [...l.pointers.values()];
  const [x, y] = l.pointers.get(event.pointerId);
  if (!l.isMoved && Math.hypot(event.clientX - l.start[0], event.clientY - l.start[1]) < STILL_PX) return;
  l.isMoved = true;
  l.pointers.set(event.pointerId, [event.clientX, event.clientY]);
  if (before.length === 1) panBy(l, event.clientX - x, event.clientY - y);
  else pinch(l, before, [...l.pointers.values()]);
}

function pinch(l, before, after) {
  const apart = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
  const between = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [was, is] = [between(before), between(after)];
  panBy(l, is[0] - was[0], is[1] - was[1]);
  zoomTo(l, (l.zoom * apart(after)) / apart(before), fromMiddle(l, ...is));
}
