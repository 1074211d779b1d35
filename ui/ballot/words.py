"""The fixed words of the ballot: the browser has none of its own."""

from ui.pinboard.words import LARGE_WORDS

WORDS = {
    **LARGE_WORDS,
    "pair": "Pair {number} of {of}",
    "brief": "Brief",
    "images": "The two images",
    "left": "Left image",
    "right": "Right image",
    "loading": "Loading both images",
    "lost": "One of the images could not be loaded, so neither is shown. Check the connection, then try again.",
    "openLeft": "Open the left image large",
    "openRight": "Open the right image large",
    "flipTo_left": "Show the left image",
    "flipTo_right": "Show the right image",
    "pins_left": "Pins on the left image",
    "pins_right": "Pins on the right image",
    "remove": "Remove",
    "removeName": "Remove pin {number}",
    "removed": "The pin is removed",
    "reasons": "Reasons",
    "why": "Why? (optional)",
    "answers": "Your answer",
    "locked": "This pair is closed: the answer can no longer be changed.",
    "back": "Back",
    "backHint": "Back to the pair before",
    "keys": "Keys: 1 to 4 answer, Z opens the images large, U goes back.",
}
