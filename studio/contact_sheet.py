"""A contact sheet to take away: every draw of every arm in one PNG, or in one HTML file that opens offline.

The PNG cuts no word. Only a prompt of more than 40 lines ends in a line that says how much of it the HTML sheet has.
"""

import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from PIL import Image, ImageOps

from atlas.language import html_code, later, listed, tr
from studio.images import NotAnImage, decoded, on_white
from studio.typesetting import MISSING_GLYPH, Text, lacks_glyphs, typeset

_SOFT, _RULE, _EMPTY = "#6b6b70", "#dcdce0", "#f4f4f6"
_UNREADABLE = later("The picture cannot be read")
_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One draw of one arm: an encoded PNG, JPEG or WebP, and a line below it; or the reason why there is none.

    ``alt`` is read in place of the picture; without it, the prompt of the arm is.
    """

    picture: bytes | None
    note: str
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One arm."""

    label: str
    prompt: str
    facts: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Rows of draws under columns of arms. Raises ValueError for a row that has not one cell per column."""

    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(tr("a row has one cell per column"))


def as_png(sheet: Sheet, *, cell_px: int = 480) -> bytes:
    """Each picture is scaled to fit a square of ``cell_px`` pixels, whole."""
    grid = _Grid(cell=cell_px, columns=len(sheet.columns))
    parts = [_heading(sheet, grid), _arms(sheet, grid), *_draws(sheet, grid), _legend(sheet, grid)]
    canvas = Image.new("RGB", (grid.width, sum(part.height for part in parts) + 2 * grid.margin), "white")
    top = grid.margin
    for part in parts:
        part.draw(canvas, grid.margin, top)
        top += part.height
    buffer = io.BytesIO()
    canvas.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


@dataclass(frozen=True, kw_only=True)
class _Grid:
    """Where things stand, in pixels; letters grow and shrink with the cells, but stay readable."""

    cell: int
    columns: int

    @property
    def letter(self) -> int:
        return max(13, self.cell // 26)

    @property
    def gap(self) -> int:
        return self.letter * 3 // 2

    @property
    def margin(self) -> int:
        return self.letter * 3

    @property
    def gutter(self) -> int:
        """The room for the numbers of the rows."""
        return self.letter * 5 // 2

    @property
    def span(self) -> int:
        """From the first letter of a line to the end of the paper."""
        return max(1, self.columns) * (self.cell + self.gap) - self.gap + self.gutter

    @property
    def width(self) -> int:
        return self.span + 2 * self.margin

    def left(self, column: int) -> int:
        return self.gutter + column * (self.cell + self.gap)


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """A thin line over a width."""

    width: int
    height: int = 1

    def draw(self, canvas: Image.Image, left: int, top: int) -> None:
        canvas.paste(_RULE, (left, top, left + self.width, top + self.height))


@dataclass(frozen=True, kw_only=True)
class _Photo:
    """A picture in the middle of its cell."""

    image: Image.Image
    cell: int

    @property
    def height(self) -> int:
        return self.image.height

    def draw(self, canvas: Image.Image, left: int, top: int) -> None:
        canvas.paste(self.image, (left + (self.cell - self.image.width) // 2, top))


@dataclass(frozen=True, kw_only=True)
class _Blank:
    """The place of a picture that does not exist, with the reason."""

    reason: Text
    cell: int
    inset: int
    tall: int

    @property
    def height(self) -> int:
        return max(self.tall, self.reason.height + 2 * self.inset)

    def draw(self, canvas: Image.Image, left: int, top: int) -> None:
        canvas.paste(_EMPTY, (left, top, left + self.cell, top + self.height))
        self.reason.draw(canvas, left + self.inset, top + (self.height - self.reason.height) // 2)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Blocks at their places, counted from the part's own corner; as tall as they need and ``after`` more."""

    blocks: tuple[tuple[int, int, "_Block"], ...]
    after: int

    @property
    def height(self) -> int:
        return max((top + block.height for _, top, block in self.blocks), default=0) + self.after

    def draw(self, canvas: Image.Image, left: int, top: int) -> None:
        for right, down, block in self.blocks:
            block.draw(canvas, left + right, top + down)


_Block: TypeAlias = Text | _Rule | _Photo | _Blank | _Part


def _heading(sheet: Sheet, grid: _Grid) -> _Part:
    title = typeset(sheet.title, grid.span, letter=grid.letter * 2)
    subtitle = typeset(sheet.subtitle, grid.span, letter=grid.letter, ink=_SOFT)
    return _stacked((title, subtitle), gap=grid.letter // 2, after=grid.gap * 2)


def _arms(sheet: Sheet, grid: _Grid) -> _Part:
    stacks = [(grid.left(place), grid.gap, _arm(column, grid)) for place, column in enumerate(sheet.columns)]
    return _Part(blocks=((0, 0, _Rule(width=grid.span)), *stacks), after=grid.gap)


def _arm(column: Column, grid: _Grid) -> _Part:
    label = typeset(column.label, grid.cell, letter=grid.letter * 5 // 4, weight=0.4)
    facts = typeset(column.facts, grid.cell, letter=grid.letter * 9 // 10, ink=_SOFT)
    prompt = typeset(column.prompt, grid.cell, letter=grid.letter)
    name = _stacked((label, facts), gap=grid.letter // 4)
    return _stacked((name, prompt), gap=grid.letter * 3 // 4)


def _stacked(blocks: Iterable[_Block], *, gap: int, after: int = 0) -> _Part:
    """One below the other; what is empty takes no room."""
    placed, top = [], 0
    for block in blocks:
        if block.height:
            placed.append((0, top, block))
            top += block.height + gap
    return _Part(blocks=tuple(placed), after=after)


def _draws(sheet: Sheet, grid: _Grid) -> Iterator[_Part]:
    for number, cells in enumerate(sheet.rows, start=1):
        photos = [_photo(cell, grid) for cell in cells]
        tall = max((photo.height for photo in photos if photo), default=0)
        name = typeset(str(number), grid.gutter, letter=grid.letter, ink=_SOFT)
        blocks: list[tuple[int, int, _Block]] = [(0, 0, _Rule(width=grid.span)), (0, grid.gap, name)]
        for place, (cell, photo) in enumerate(zip(cells, photos, strict=True)):
            shown = _captioned(cell, photo, tall, grid) if photo else _blank(cell, tall, grid)
            blocks.append((grid.left(place), grid.gap, shown))
        yield _Part(blocks=tuple(blocks), after=grid.gap)


def _photo(cell: Cell, grid: _Grid) -> _Photo | None:
    """None when there is no picture, or none that can be read."""
    try:
        with decoded(cell.picture or b"") as image:
            fitted = ImageOps.contain(on_white(image), (grid.cell, grid.cell), Image.Resampling.LANCZOS)
    except NotAnImage:
        return None
    return _Photo(image=fitted, cell=grid.cell)


def _captioned(cell: Cell, photo: _Photo, tall: int, grid: _Grid) -> _Part:
    """All notes of a row stand on one line, and each picture in the middle above."""
    note = typeset(cell.note, grid.cell, letter=grid.letter * 9 // 10, ink=_SOFT)
    return _Part(blocks=((0, (tall - photo.height) // 2, photo), (0, tall + grid.letter // 2, note)), after=0)


def _blank(cell: Cell, tall: int, grid: _Grid) -> _Blank:
    reason = typeset(_reason(cell), grid.cell - 2 * grid.gap, letter=grid.letter, ink=_SOFT)
    return _Blank(reason=reason, cell=grid.cell, inset=grid.gap, tall=tall or grid.cell // 3)


def _reason(cell: Cell) -> str:
    return cell.note if cell.picture is None else listed(filter(None, (tr(_UNREADABLE), cell.note)))


def _legend(sheet: Sheet, grid: _Grid) -> _Part:
    """Says what the mark for undrawn characters means, when there is one."""
    texts = [sheet.title, sheet.subtitle, *(cell.note for row in sheet.rows for cell in row)]
    texts += [text for column in sheet.columns for text in (column.label, column.prompt, column.facts)]
    meaning = tr(
        "{missing_glyph} stands for characters that this picture cannot show; the HTML sheet has them all."
    ).format(missing_glyph=MISSING_GLYPH)
    legend = typeset(meaning if lacks_glyphs(texts) else "", grid.span, letter=grid.letter * 9 // 10, ink=_SOFT)
    return _stacked((legend,), gap=0)


def as_html(sheet: Sheet) -> bytes:
    """One file that needs no script and no network; the pictures are in it, byte for byte."""
    heads = "".join(map(_head, sheet.columns))
    rows = "".join(_row(number, cells, sheet.columns) for number, cells in enumerate(sheet.rows, start=1))
    page = _PAGE.format(
        language=html_code(),
        title=escape(sheet.title),
        subtitle=escape(sheet.subtitle),
        name=escape(tr("Contact sheet")),
        draw=escape(tr("Draw")),
        style=_STYLE,
        heads=heads,
        rows=rows,
    )
    return page.encode("utf-8", "replace")


def _head(column: Column) -> str:
    label, facts, prompt, name = map(escape, (column.label, column.facts, column.prompt, tr("Prompt")))
    return (
        f'<th scope="col"><h2 dir="auto">{label}</h2><p class="facts">{facts}</p>'
        f'<p class="prompt" dir="auto" tabindex="0" role="region" aria-label="{name}">{prompt}</p></th>\n'
    )


def _row(number: int, cells: Sequence[Cell], columns: Sequence[Column]) -> str:
    figures = "".join(_figure(cell, column) for cell, column in zip(cells, columns, strict=True))
    return f'<tr><th scope="row">{number}</th>\n{figures}</tr>\n'


def _figure(cell: Cell, column: Column) -> str:
    kind = next((kind for start, kind in _KINDS if cell.picture and cell.picture.startswith(start)), None)
    if not cell.picture or not kind:
        return f'<td><p class="blank" dir="auto">{escape(_reason(cell))}</p></td>\n'
    content = base64.b64encode(cell.picture).decode("ascii")
    return (
        f'<td><figure><img src="data:{kind};base64,{content}" alt="{escape(cell.alt or column.prompt)}">'
        f'<figcaption dir="auto">{escape(cell.note)}</figcaption></figure></td>\n'
    )


_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1 dir="auto">{title}</h1>
<p dir="auto">{subtitle}</p>
</header>
<main tabindex="0" aria-label="{name}">
<table>
<thead>
<tr><th scope="col"><span class="unseen">{draw}</span></th>
{heads}</tr>
</thead>
<tbody>
{rows}</tbody>
</table>
</main>
</body>
</html>
"""

_STYLE = """
:root { --paper: #fff; --ink: #1c1c1e; --soft: #6b6b70; --rule: #dcdce0; --empty: #f4f4f6; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161618; --ink: #ececee; --soft: #a0a0a6; --rule: #37373b; --empty: #212124; }
}
* { box-sizing: border-box; margin: 0; }
body { padding: clamp(1rem, 4vw, 3rem); background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
  "WenQuanYi Micro Hei", sans-serif; }
header { margin-bottom: 2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 600; }
header p { margin-top: .25rem; }
h2 { font-size: 1.125rem; line-height: 1.35; font-weight: 600; }
header p, .facts, figcaption, tbody th { color: var(--soft); }
.facts, figcaption { font-size: .875rem; }
main { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
tr { border-top: 1px solid var(--rule); }
th, td { width: 20rem; padding: 1.25rem 0 1.25rem 1.5rem; text-align: start; vertical-align: top; font-weight: 400;
  overflow-wrap: anywhere; }
tr > :first-child { width: 2rem; padding-left: 0; font-variant-numeric: tabular-nums; }
.prompt { margin-top: .5rem; max-height: 20rem; overflow-y: auto; white-space: pre-wrap; }
img { display: block; max-width: 100%; max-height: 90vh; height: auto; margin: 0 0 .5rem; }
.blank { padding: 3rem 1.5rem; background: var(--empty); color: var(--soft); text-align: center; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 60rem) {
  table { width: max-content; min-width: 100%; }
  th, td { width: 16rem; }
  tr > :first-child { width: 2rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #555; --rule: #bbb; --empty: #f4f4f6; }
  body { padding: 0; }
  main, .prompt { overflow: visible; max-height: none; }
  thead { display: table-row-group; }
  tbody tr { break-inside: avoid; }
}
"""
