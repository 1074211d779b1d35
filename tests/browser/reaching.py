"""What a page is to somebody who does not see it, or has only keys, or one thumb: as a browser answers it."""

from importlib.resources import files

from playwright.sync_api import Page, ViewportSize, expect

THUMB_PX = 44
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
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

# Text of what can be pressed, of labels and badges: cut off, beyond its own box, or under other text of the kind.
# What people wrote may be cut off, and the line of facts below an image, which the page of the image has in full.
_UNREADABLE = """() => {
  const NAMED = 'a[href], button, [role=tab], [role=button], label, summary, .stMarkdownBadge';
  const BRIEF = '.words, .caption';
  const roots = [document];
  for (let i = 0; i < roots.length; i++)
    for (const each of roots[i].querySelectorAll('*')) if (each.shadowRoot) roots.push(each.shadowRoot);
  const isSeen = (each) => each.clientWidth !== 1 &&
    each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const inside = (inner, outer) => inner.left >= outer.left - 1.5 && inner.right <= outer.right + 1.5 &&
    inner.top >= outer.top - 4 && inner.bottom <= outer.bottom + 4;
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  const found = new Set(), placed = [];
  for (const root of roots) for (const named of root.querySelectorAll(NAMED)) {
    if (!isSeen(named)) continue;
    const walk = document.createTreeWalker(named, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
      const words = text.data.trim(), own = text.parentElement;
      if (!words || own.closest(NAMED) !== named || own.closest(BRIEF) || !isSeen(own)) continue;
      if (own.closest('style, svg, [role=img], [data-testid=stIconMaterial]')) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
      for (let each = own; each && each !== named.parentElement; each = each.parentElement) {
        const { overflowX, display } = getComputedStyle(each), frame = each.getBoundingClientRect();
        const holds = overflowX !== 'visible' || (each === named && display !== 'inline');
        if (holds && boxes.some((box) => !inside(box, frame))) found.add(`cut off, or beyond its box: “${words}”`);
      }
      placed.push(...boxes.map((box) => ({ box, named, words })));
    }
  }
  placed.forEach((one, at) => placed.slice(at + 1).forEach((other) => {
    const apart = one.named !== other.named && !one.named.contains(other.named) && !other.named.contains(one.named);
    if (apart && meet(one.box, other.box)) found.add(`“${other.words}” lies on “${one.words}”`);
  }));
  return [...found];
}"""

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


def unreadable(page: Page) -> list[str]:
    """Words of buttons, tabs, labels and badges that are cut off, leave their place, or lie on others."""
    return list(page.evaluate(_UNREADABLE))


def settled(page: Page) -> None:
    """The script has ended, and what Streamlit loads late is there."""
    page.locator("h1").first.wait_for()
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    page.wait_for_timeout(150)


def unfold(page: Page) -> None:
    """Open all that is folded."""
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((it) => it.click())")
    settled(page)


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
