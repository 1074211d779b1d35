"""The fixed words of the pinboard, and of the large view that the ballot has too: the browser has none of its own."""

from atlas.language import later

LARGE_WORDS = {
    "toolbar": later("Large view"),
    "close": later("Close"),
    "zoomIn": later("Zoom in"),
    "zoomOut": later("Zoom out"),
    "whole": later("Whole image"),
    "move": later("Move"),
    "moveLeft": later("Move left"),
    "moveUp": later("Move up"),
    "moveDown": later("Move down"),
    "moveRight": later("Move right"),
    "pin": later("Pin a comment"),
    "pinHow": later("Click or tap a place, or move the cross with the arrow keys and press Enter."),
    "cross": later("Place of the new pin: {x} % from the left, {y} % from the top"),
    "remark": later("Comment"),
    "remarkMissing": later("Write a comment first, or cancel."),
    "save": later("Save pin"),
    "cancel": later("Cancel"),
    "pins": later("Pins"),
    "pinned": later("Pin {number} is set"),
    "full": later("There is no room for more pins: remove one first."),
    "again": later("Try again"),
}

WORDS = {
    **LARGE_WORDS,
    "image": later("Image"),
    "openLarge": later("Open the image large"),
    "loading": later("Loading the image"),
    "lost": later("The image could not be loaded. Check the connection, then try again."),
    "noPins": later("No pins yet."),
    "resolve": later("Resolve"),
    "resolveName": later("Resolve pin {number}"),
    "reopen": later("Reopen"),
    "reopenName": later("Reopen pin {number}"),
    "resolved": later("Resolved"),
    "showResolved": later("Show resolved ({count})"),
}
