// Zoom and pan of the viewer, by wheel, pinch, drag, keys and buttons. Joined to viewer.js when it is read.

/** The image whose pixels 1:1 speaks of. */
const measured = (v) => v.frames.find((frame) => frame.image && !frame.root.hidden)?.image;
/** Pixels of the screen per pixel of the image when it is whole. */
const fitted = (v, image) => Math.min(v.sheet[0] / image.width, v.sheet[1] / image.height) * devicePixelRatio;
const realScale = (v, image) => fitted(v, image) * v.zoom;
const deepest = (v) => DEEPEST_ZOOM * Math.max(1, measured(v) ? 1 / fitted(v, measured(v)) : 1);
const widest = (v) => Math.min(1, measured(v) ? 1 / fitted(v, measured(v)) : 1);
const isMovable = (v) => [0, 1].some((axis) => v.sheet[axis] * v.zoom > v.box[axis] + 1);

/** Zooms so that ``point``, in pixels from the middle of the box, keeps its place. */
function zoomBy(v, factor, point = [0, 0]) {
  const zoom = Math.min(Math.max(v.zoom * factor, widest(v)), deepest(v));
  const kept = visibleCentre(v);
  const centre = kept.map((at, axis) => at + (point[axis] / v.sheet[axis]) * (1 / v.zoom - 1 / zoom));
  change(v, { zoom, centre, actual: false });
}

/** Moves the view by a share of the box. */
const pan = (v, x, y) => panBy(v, -x * v.box[0] * 0.15, -y * v.box[1] * 0.15);

function panBy(v, x, y) {
  const kept = visibleCentre(v);
  v.centre = [x, y].map((by, axis) => kept[axis] - by / (v.sheet[axis] * v.zoom));
  v.centre = visibleCentre(v);
  layout(v);
}

/** The centre that leaves no empty strip beside an image that could fill it. */
function visibleCentre(v) {
  return v.centre.map((at, axis) => {
    const half = v.box[axis] / (2 * v.sheet[axis] * v.zoom);
    return half >= 0.5 ? 0.5 : Math.min(Math.max(at, half), 1 - half);
  });
}

function toggleActual(v, event) {
  const factor = measured(v) ? 1 / realScale(v, measured(v)) : 2;
  const isWhole = !v.actual && v.zoom === 1;
  if (!isWhole) return ACTS.fit(v);
  zoomBy(v, Math.abs(factor - 1) < 0.01 ? 2 : factor, fromMiddle(v, event));
  change(v, { actual: Math.abs(factor - 1) >= 0.01 });
}

function wheel(v, event) {
  const isMeant = event.ctrlKey || event.metaKey || v.root.getRootNode().activeElement === v.stage;
  const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018) * (event.ctrlKey && Math.abs(event.deltaY) < 40 ? 4 : 1));
  const isAtEnd = factor < 1 ? v.zoom <= widest(v) : v.zoom >= deepest(v);
  if (!isMeant || (isAtEnd && !event.ctrlKey && !event.metaKey)) return;
  event.preventDefault();
  zoomBy(v, factor, fromMiddle(v, event));
}

/** Pixels from the middle of the box under the pointer. */
function fromMiddle(v, { clientX, clientY }) {
  const panes = v.frames.filter((frame) => !frame.root.hidden).map((frame) => frame.pane.getBoundingClientRect());
  const under = panes.find((box) => clientX >= box.left && clientX <= box.right && clientY >= box.top && clientY <= box.bottom);
  const box = under ?? panes[0];
  return [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
}

function pointing(v) {
  v.stage.onpointerdown = (event) => {
    if (event.button || event.target.closest("button")) return;
    v.isDividing = event.target.closest(".divider") !== null;
    v.pointers.set(event.pointerId, [event.clientX, event.clientY]);
    v.stage.setPointerCapture(event.pointerId);
    v.stage.classList.toggle("moving", isMovable(v));
  };
  v.stage.onpointermove = (event) => v.pointers.has(event.pointerId) && drag(v, event);
  v.stage.onpointerup = v.stage.onpointercancel = (event) => {
    v.pointers.delete(event.pointerId);
    v.stage.classList.toggle("moving", v.pointers.size > 0 && isMovable(v));
  };
}

function drag(v, event) {
  const before = [...v.pointers.values()];
  const [x, y] = v.pointers.get(event.pointerId);
  v.pointers.set(event.pointerId, [event.clientX, event.clientY]);
  if (v.isDividing) divideAt(v, event);
  else if (before.length === 1) panBy(v, event.clientX - x, event.clientY - y);
  else pinch(v, before, [...v.pointers.values()]);
}

function pinch(v, before, after) {
  const apart = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
  const between = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [was, is] = [between(before), between(after)];
  panBy(v, is[0] - was[0], is[1] - was[1]);
  zoomBy(v, apart(after) / apart(before), fromMiddle(v, { clientX: is[0], clientY: is[1] }));
}

function divideAt(v, event) {
  const axis = v.turned ? 1 : 0;
  const [from, to] = extent(v, axis);
  const at = fromMiddle(v, event)[axis] + v.box[axis] / 2;
  change(v, { divider: Math.round(Math.min(Math.max((at - from) / (to - from), 0), 1) * 100) });
}

/** Where the visible part of the image begins and ends in its box. */
function extent(v, axis) {
  const length = v.sheet[axis] * v.zoom;
  const start = v.box[axis] / 2 - visibleCentre(v)[axis] * length;
  return [Math.max(0, start), Math.min(v.box[axis], start + length)];
}
