"""What a page is to somebody who does not see it, or has only keys, or one thumb: as a browser answers it."""

from importlib.resources import files

from playwright.sync_api import Page

THUMB_PX = 44
_AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

_ASK = """async (rules) => {
  const only = rules.length ? { runOnly: rules } : {};
  const found = await axe.run(document, { resultTypes: ['violations'], ...only });
  return found.violations
    .filter((each) => ['serious', 'critical'].includes(each.impact) || each.id === 'heading-order')
    .flatMap((each) => each.nodes.map((node) => [each.id, node.target.flat().join(' '), node.failureSummary]));
}"""

# What a finger can press, with the label that belongs to it. A slider is pressed along its line, which is measured.
_SMALL = """(least) => {
  const PRESSED = 'a[href], button, input, select, textarea, summary, [role=button], [role=option], [role=spinbutton]';
  const roots = [document];
  for (let i = 0; i < roots.length; i++)
    for (const each of roots[i].querySelectorAll('*')) if (each.shadowRoot) roots.push(each.shadowRoot);
  const box = (each) => (each.closest('label') ?? each).getBoundingClientRect();
  const isThere = (each) => {
    const { width, height } = box(each);
    return width > 1 && height > 1 && each.checkVisibility({ visibilityProperty: true }) && !each.closest('[inert]');
  };
  return roots.flatMap((root) => [...root.querySelectorAll(PRESSED)])
    .filter((each) => isThere(each) && !each.disabled && !each.matches('[type=range], [type=file], [type=date]'))
    .filter((each) => { const { width, height } = box(each); return Math.min(width, height) < least - 0.5; })
    .map((each) => {
      const { width, height } = box(each);
      const name = each.getAttribute('aria-label') ?? each.innerText ?? '';
      return `${each.tagName.toLowerCase()} “${name.trim().slice(0, 40)}” in ` +
        `${each.closest('[data-testid]')?.dataset.testid}, ${Math.round(width)} × ${Math.round(height)}`;
    });
}"""

_WIDEST = """() => Math.max(
  ...[document.documentElement, document.querySelector('[data-testid=stMain]')].map((each) => each.scrollWidth)
)"""

# What has the keyboard, and whether what had it at the last question looked otherwise then than it does now.
_FOCUSED = """async () => {
  const drawn = () => new Promise((go) => requestAnimationFrame(go));
  for (let frame = 0; frame < 3; frame++) await drawn();
  const looks = (each, part) => {
    const { outline, boxShadow, borderColor, backgroundColor, opacity } = getComputedStyle(each, part);
    return [outline, boxShadow, borderColor, backgroundColor, opacity].join('|');
  };
  const seen = (all) => all.flatMap((each) => [null, '::before'].map((part) => looks(each, part))).join('\\n');
  const last = window.lastFocused;
  const wasSeen = !last || !last.near[0].isConnected || seen(last.near) !== last.looks;
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) { window.lastFocused = null; return ['', '', wasSeen]; }
  const label = at.closest('label');
  const near = [at, at.parentElement, at.parentElement?.parentElement, ...(label ?? at).querySelectorAll('*')];
  window.lastFocused = { near, looks: seen(near) };
  const name = at.getAttribute('aria-label') ?? label?.innerText ?? at.innerText ?? '';
  return [at.tagName.toLowerCase(), name.trim().replace(/\\s+/g, ' '), wasSeen];
}"""


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core calls serious or critical on this page, and headings that skip a level; of these rules, or all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate(_ASK, list(rules))
    return [f"{rule}: {target}: {why}" for rule, target, why in found]


def too_small(page: Page) -> list[str]:
    """What can be pressed and is smaller than a thumb."""
    return list(page.evaluate(_SMALL, THUMB_PX))


def width(page: Page) -> int:
    """Of all that the page holds, in pixels."""
    return int(page.evaluate(_WIDEST))


def tab_to(page: Page, name: str, *, most: int = 60) -> None:
    """Press Tab until what is so named has the keyboard; everything on the way must show that it has it."""
    passed: list[str] = []
    page.evaluate("window.lastFocused = null")
    for _ in range(most):
        page.keyboard.press("Tab")
        tag, named, was_seen = page.evaluate(_FOCUSED)
        assert was_seen or passed[-1].startswith("main"), f"nothing shows that the keyboard is on {passed[-1]}"
        passed.append(f"{tag} “{named}”")
        if name in named and tag != "main" and not named.startswith("Help for"):
            return
    raise AssertionError(f"Tab never comes to {name}, only to {passed}")
