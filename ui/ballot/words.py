"""The fixed words of the ballot: the browser has none of its own."""

from atlas.language import later
from ui.pinboard.words import LARGE_WORDS

WORDS = {
    **LARGE_WORDS,
    "pair": later("Pair {number} of {of}"),
    "brief": later("Brief"),
    "images": later("The two images"),
    "left": later("Left image"),
    "right": later("Right image"),
    "loading": later("Loading both images"),
    "lost": later("One of the images could not be loaded, so neither is shown. Check the connection, then try again."),
    "openLeft": later("Open the left image large"),
    "openRight": later("Open the right image large"),
    "flipTo_left": later("Show the left image"),
    "flipTo_right": later("Show the right image"),
    "pins_left": later("Pins on the left image"),
    "pins_right": later("Pins on the right image"),
    "remove": later("Remove"),
    "removeName": later("Remove pin {number}"),
    "removed": later("The pin is removed"),
    "reasons": later("Reasons"),
    "why": later("Why? (optional)"),
    "answers": later("Your answer"),
    "locked": later("This pair is closed: the answer can no longer be changed."),
    "back": later("Back"),
    "backHint": later("Back to the pair before"),
    "keys": later("Keys: 1 to 4 answer, Z opens the images large, U goes back."),
}
