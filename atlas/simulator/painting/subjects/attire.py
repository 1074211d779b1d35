"""What living things can wear."""

from atlas.simulator.painting.colours import WHITE, hexed
from atlas.simulator.painting.pen import Pen, stroke
from atlas.simulator.painting.shapes import ellipse, points, rectangle


def helmet(pen: Pen, x: float, y: float, radius: float) -> None:
    """A glass bubble over a head."""
    bubble = ellipse(x, y, radius)
    pen.flat(bubble, hexed("#bfe3f2"), alpha=0.2)
    pen.flat([stroke(bubble, 1.8)], WHITE, alpha=0.95)
    pen.body(
        rectangle(x - radius * 0.72, y + radius * 0.72, x + radius * 0.72, y + radius * 0.98, 3), pen.trim, depth=2
    )
    arc = [*ellipse(x, y, radius * 0.86, start=190, end=255), *ellipse(x, y, radius * 0.7, start=255, end=190)]
    pen.shine(points(arc), alpha=0.6, within=bubble)
    pen.shine(ellipse(x + radius * 0.5, y + radius * 0.5, radius * 0.08), alpha=0.7)


def life_support(pen: Pen) -> None:
    """The seams, hoses and chest panel of a spacesuit."""
    pen.body(rectangle(41, 64, 59, 78, 2), hexed("#dfe3e8"), depth=2)
    for x, colour in ((45, "#e0453a"), (50, "#f2b53a"), (55, "#3f8fd0")):
        pen.flat(ellipse(x, 68, 1.5), hexed(colour))
    pen.line("M44 74 L56 74", 1.4, hexed("#4a5560"))
    pen.line("M30 84 C28 78 30 70 34 64", 1.2, pen.trim)
    pen.line("M70 84 C72 78 70 70 66 64", 1.2, pen.trim)
    pen.flat([stroke("M35.5 88 L44.5 88", 1.6), stroke("M55.5 88 L64.5 88", 1.6)], pen.trim)


def hat(pen: Pen, x: float, y: float, width: float) -> None:
    """A felt hat whose brim lies at y."""
    felt = pen.cloth
    left, right, top = x - width * 0.31, x + width * 0.31, y - width * 0.4
    pen.body(f"M{left} {y} C{left} {top} {right} {top} {right} {y} Z", felt, depth=4)
    pen.body(ellipse(x, y, width * 0.6, width * 0.09), felt.darker(0.1), depth=2)
    pen.flat(rectangle(x - width * 0.3, y - width * 0.1, x + width * 0.3, y - width * 0.02), felt.darker(0.5))


def glasses(pen: Pen, left: float, right: float, y: float, radius: float) -> None:
    lenses = [ellipse(x, y, radius, radius * 0.92) for x in (left, right)]
    pen.flat(lenses, hexed("#1d2630"), alpha=0.82)
    pen.flat(
        [
            *(stroke(lens, radius * 0.2) for lens in lenses),
            stroke([(left + radius, y), (right - radius, y)], radius * 0.2),
        ],
        pen.trim,
    )
    pen.shine([ellipse(x - radius * 0.35, y - radius * 0.3, radius * 0.28) for x in (left, right)], alpha=0.6)
