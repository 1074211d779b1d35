"""The fixed words of the gallery."""

from atlas.language import both, later
from ui.spelling import told

_WORDS = {
    "images": later("Images"),
    "hint": later("Arrow keys move, Enter opens."),
    "hintCurating": later("Arrow keys move, Enter opens, Space selects, S stars, 1 to 5 rate."),
    "lost": later("The image could not be loaded. Reload the page to try again."),
    "none": later("No image"),
    "noPrompt": later("No prompt"),
    "nothing": later("Nothing selected"),
    "selected": later("{count} selected"),
    "rated": later("Rated {rating} of 5"),
    "select": later("Select: {words}"),
    "star": later("Star"),
    "starOf": later("Star: {words}"),
    "byKey": later("{what} ({key})"),
    "next": later("{word}, {next}"),
    "keys": later("Keys"),
    "keyMove": later("from image to image"),
    "keyEnds": later("first, last image"),
    "keyScreen": later("a screen up, down"),
    "keyOpen": later("open"),
    "keySelect": later("select, or not"),
    "keyRange": later("select a range"),
    "keyAll": later("select all of this page"),
    "keyNone": later("select nothing of this page"),
    "keyStar": later("star, or not"),
    "keyRate": later("rate, clear the rating"),
    "keysOfMany": later("On a selected image, S and the numbers are for all that are selected on this page."),
}


def words() -> dict[str, str | tuple[str, str]]:
    return {
        **told(_WORDS),
        "starred": both("{count} image starred", "{count} images starred"),
        "unstarred": both("{count} image without a star", "{count} images without a star"),
        "rate": both("{count} image rated {rating} of 5", "{count} images rated {rating} of 5"),
        "unrated": both("{count} image without a rating", "{count} images without a rating"),
    }
