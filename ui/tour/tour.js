// Steps through a few sentences, once in the life of a browser. Keys: Tab reaches it, Escape inside closes it.

const SHOWN = "studio_tour=shown; path=/; max-age=31536000; samesite=lax";
const begun = new WeakMap(); // a rerun goes on where the person is

export default function ({ data, parentElement }) {
  const find = (selector) => parentElement.querySelector(selector);
  const { steps, fixed } = JSON.parse(data.tour);
  const tour = find(".tour");
  if (!begun.has(parentElement)) {
    begun.set(parentElement, { at: 0, isOver: document.cookie.includes("studio_tour=") });
    document.cookie = SHOWN;
  }
  const state = begun.get(parentElement);
  spell(parentElement, fixed);

  function draw() {
    tour.hidden = state.isOver;
    const { title, words } = steps[state.at];
    find(".count").textContent = phrase(fixed.count, { number: state.at + 1, of: steps.length });
    find(".title").textContent = title;
    find(".words").textContent = words;
    find(".on").textContent = state.at < steps.length - 1 ? fixed.next : fixed.done;
    find(".away").hidden = state.at === steps.length - 1;
  }

  function close() {
    state.isOver = true;
    draw();
  }

  find(".on").onclick = () => {
    if (state.at === steps.length - 1) return close();
    state.at += 1;
    draw();
  };
  find(".away").onclick = close;
  tour.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
  draw();
}
