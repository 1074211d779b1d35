// Fixed words, as Python tells them in the language of whoever looks. Joined to the script of a component.

/** Puts them where the template asks: ``data-words`` for its text, ``data-label`` and ``data-title`` for its name. */
function spell(root, fixed) {
  const marked = (mark) => [root, ...root.querySelectorAll(`[data-${mark}]`)].filter((part) => part.dataset?.[mark]);
  marked("words").forEach((part) => (part.textContent = fixed[part.dataset.words]));
  marked("label").forEach((part) => part.setAttribute("aria-label", fixed[part.dataset.label]));
  marked("title").forEach((part) => (part.title = titled(fixed, part.dataset)));
}

/** What it does, and by which key. */
const titled = (fixed, { title, key }) => (key ? phrase(fixed.byKey, { what: fixed[title], key }) : fixed[title]);

const phrase = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** The form for so many, of a pair of forms: for one, and for several. */
const phraseOf = ([one, several], count, values = {}) => phrase(count === 1 ? one : several, { count, ...values });
