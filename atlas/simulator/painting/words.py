"""Reading a prompt: which things, colours, light, scene and style its words ask for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.lexicon import ALSO, TERMS

TOKEN = re.compile(
    r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![0-9a-zA-Z])|[a-zà-ÿ0-9]+(?:['’&][a-z]+)?|[\u3400-\u9fff]|[,.;:!?，。；：！？、\n]",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[\"“「『《]([^\"“”「」『』《》\n]{1,60})[\"”」』》]|(?<!\w)'([^'\n]{1,40})'(?!\w)")
PAUSES = frozenset(",.;:!?，。；：！？、\n")
LONGEST = 5

# What is part of another thing is not drawn beside it: roses in a bouquet, food on a stall.
INSIDE = {
    "bouquet": {"flower"},
    "stall": {"burger"},
    "portrait": {"person"},
    "cup": {"jar"},
    "house": {"lamp"},
    "perfume": {"bottle"},
}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A subject: what it is, how many, its own colours, and what it wears."""

    kind: str
    count: int = 1
    colours: tuple[Colour, ...] = ()
    wears: tuple[str, ...] = ()
    cloth: Colour | None = None


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A prompt as an illustrator would note it down."""

    things: tuple[Thing, ...] = ()
    scenes: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    weather: frozenset[str] = frozenset()
    surfaces: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    lettering: str = ""
    palette: tuple[Colour, ...] = ()
    bound: dict[str, Colour] = field(default_factory=dict)
    geometry: str = ""

    @property
    def known(self) -> bool:
        return bool(self.things or self.scenes or self.hours or self.weather or self.surfaces)


@dataclass(frozen=True, kw_only=True)
class _Term:
    kind: str
    value: str
    phrase: str


def read(prompt: str) -> Brief:
    """The brief of a prompt; words nobody taught us still shape its geometry."""
    quoted = QUOTED.search(prompt)
    lettering = next((part for part in quoted.groups() if part), "").strip() if quoted else ""
    unquoted = QUOTED.sub(" ", prompt)
    reader = _Reader(lettering)
    for term in _terms(unquoted):
        reader.take(term)
    return reader.finished()


def _terms(text: str) -> Iterator[_Term]:
    """The longest known phrases, left to right; unknown words come as their own kind."""
    tokens = [token.lower() for token in TOKEN.findall(text)]
    place = 0
    while place < len(tokens):
        term, length = _longest(tokens, place)
        yield term
        place += length


def _longest(tokens: list[str], place: int) -> tuple[_Term, int]:
    if tokens[place].startswith("#"):
        return _Term(kind="colour", value=tokens[place], phrase=tokens[place]), 1
    if tokens[place] in PAUSES:
        return _Term(kind="pause", value="", phrase=""), 1
    for length in range(min(LONGEST, len(tokens) - place), 0, -1):
        phrase = _joined(tokens[place : place + length])
        for form in _forms(phrase):
            if form in TERMS:
                kind, value = TERMS[form]
                return _Term(kind=kind, value=value, phrase=form), length
    return _Term(kind="unknown", value=tokens[place], phrase=tokens[place]), 1


def _joined(tokens: list[str]) -> str:
    return ("" if all(word > "\u3400" for word in tokens) else " ").join(tokens)


def _forms(phrase: str) -> Iterator[str]:
    """A phrase and what it may be the plural of."""
    yield phrase
    if phrase.endswith("s"):
        yield phrase[:-1]
    if phrase.endswith("es"):
        yield phrase[:-2]
    if phrase.endswith("ies"):
        yield phrase[:-3] + "y"


def _equipped(things: list[Thing]) -> list[Thing]:
    """An umbrella beside a person is held by that person."""
    umbrella = next((thing for thing in things if thing.kind == "umbrella"), None)
    if umbrella is None or all(thing.kind != "person" for thing in things):
        return things
    colour = umbrella.colours[0] if umbrella.colours else None
    return [
        replace(thing, wears=("umbrella",), cloth=colour) if thing.kind == "person" else thing
        for thing in things
        if thing is not umbrella
    ]


class _Reader:
    """Collects terms into a brief; a colour waits for the noun it belongs to."""

    def __init__(self, lettering: str) -> None:
        self._brief = Brief(lettering=lettering)
        self._things: list[Thing] = []
        self._waiting: list[Colour] = []
        self._palette: list[Colour] = []
        self._count = 1
        self._since_colour = 0
        self._geometry = [lettering]
        # Joining words keep a colour waiting, and boasting about quality changes nothing: nobody takes those.
        self._takers: dict[str, Callable[[str], None]] = {
            "colour": self._colour,
            "subject": self._subject,
            "attire": self._attire,
            "scene": self._scene,
            "surface": self._surface,
            "place": self._bind_to,
            "hour": self._hour,
            "weather": self._weather,
            "style": self._style,
            "number": self._number,
            "unknown": self._unknown,
            "pause": self._release_all,
            "break": self._release_all,
        }

    def take(self, term: _Term) -> None:
        self._since_colour += 1
        take = self._takers.get(term.kind)
        if take is not None:
            take(term.value)
        if term.phrase in ALSO:
            self._weather(ALSO[term.phrase][1])
        if term.kind not in {"colour", "style", "quality", "pause"} and term.phrase not in {"a", "an"}:
            self._geometry.append(term.phrase)

    def finished(self) -> Brief:
        self._release()
        kinds = {thing.kind for thing in self._things}
        inside = set().union(*(INSIDE.get(kind, set()) for kind in kinds)) if kinds else set()
        lent = [colour for thing in self._things if thing.kind in inside for colour in thing.colours]
        kept = [thing for thing in self._things if thing.kind not in inside]
        if lent and kept and not kept[0].colours:
            kept[0] = replace(kept[0], colours=tuple(lent))
        kept = _equipped(kept)
        return replace(
            self._brief, things=tuple(kept[:4]), palette=tuple(self._palette[:5]), geometry=" ".join(self._geometry)
        )

    def _colour(self, value: str) -> None:
        self._waiting.append(hexed(value))
        self._since_colour = 0

    def _subject(self, value: str) -> None:
        colours, self._waiting = tuple(self._waiting), []
        count, self._count = self._count, 1
        known = next((place for place, thing in enumerate(self._things) if thing.kind == value), None)
        if known is None:
            self._things.append(Thing(kind=value, count=count, colours=colours))
        elif colours and not self._things[known].colours:
            self._things[known] = replace(self._things[known], colours=colours)

    def _attire(self, value: str) -> None:
        if not self._things or self._things[-1].kind not in {"cat", "dog", "person", "portrait", "robot", "bird"}:
            self._subject("portrait" if value != "spacesuit" else "person")
        wearer = self._things[-1]
        cloth = self._bind() or wearer.cloth
        self._things[-1] = replace(wearer, wears=(*wearer.wears, value), cloth=cloth)

    def _scene(self, value: str) -> None:
        self._bind_to(f"scene:{value}")
        if value not in self._brief.scenes:
            self._brief = replace(self._brief, scenes=(*self._brief.scenes, value))

    def _surface(self, value: str) -> None:
        self._bind_to("surface")
        self._brief = replace(self._brief, surfaces=(*self._brief.surfaces, value))

    def _hour(self, value: str) -> None:
        if value not in self._brief.hours:
            self._brief = replace(self._brief, hours=(*self._brief.hours, value))

    def _weather(self, value: str) -> None:
        self._brief = replace(self._brief, weather=self._brief.weather | {value})

    def _style(self, value: str) -> None:
        if value not in self._brief.styles:
            self._brief = replace(self._brief, styles=(*self._brief.styles, value))

    def _number(self, value: str) -> None:
        self._count = int(value)

    def _unknown(self, _value: str) -> None:
        # "red vintage leather bag" is still a red bag; four unknown words later nobody would read it so.
        if self._since_colour > 3:
            self._release()

    def _bind(self) -> Colour | None:
        colour = self._waiting.pop() if self._waiting else None
        self._release()
        return colour

    def _bind_to(self, name: str) -> None:
        colour = self._bind()
        if colour is not None:
            self._brief = replace(self._brief, bound={name: colour} | self._brief.bound)

    def _release_all(self, _value: str) -> None:
        self._release()

    def _release(self) -> None:
        self._palette.extend(self._waiting)
        self._waiting.clear()
