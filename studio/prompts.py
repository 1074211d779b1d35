"""Many prompts from one text: variables such as ``{red|blue} {cup|mug}``, and lists that are pasted or uploaded.

``{red|blue}`` is a choice. ``{colour}`` is a place for the cells of a list, and stands as it is where no column has
that name, so prompts written as JSON stay whole. ``\\{``, ``\\|`` and ``\\}`` are the signs themselves.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from atlas.language import listed as in_a_row
from atlas.language import tr, trn
from atlas.models import PROMPT_LIMIT
from atlas.text import clean, excerpt
from studio.search import fold

MOST_PROMPTS: Final = 500
MOST_BYTES: Final = 1_000_000  # of a list

_FAR: Final = 10**12  # nobody needs to know more exactly
_NEARBY: Final = 24  # characters before a brace that show where it is
_SIGNS = re.compile(r"\\[{|}]|[{|}]")
_LITERAL = re.compile(r"\\([{|}])")
_PLACE = re.compile(r"(?<!\\)\{([^{|}]*)\}")
_MARK = re.compile(r"\x00(\d+)\x00")  # a place while variables are expanded; cleaned text has no NUL
_COLUMN: Final = "prompt"
_DELIMITERS: Final = ",;\t"
_TABLES: Final = frozenset({"csv", "tsv"})
_NO_DELIMITER: Final = "\x1f"  # cleaned text has none: the whole line is one cell

# What the text model is told; the prompt follows, in whatever language it is.
BETTER_WORDS: Final = (
    "You word prompts for image models. Answer with the better prompt alone: no preface, no quotation marks, "
    "no Markdown. Keep the language of the prompt and everything the person wants to see; keep names, numbers, "
    "quoted words, colour codes and anything in braces exactly as they are. Add what is missing of light, framing, "
    "material and mood. Use at most 120 words."
)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The prompts of a list, and a sentence for each thing that was left out."""

    prompts: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()  # the columns that went into the template; without any, the list stands alone


def expand(text: str) -> list[str]:
    """Every prompt that the variables make, the first variable changing slowest; equal ones are not joined.

    Raises ValueError, as a sentence, for a brace without its partner and for more than 500 prompts.
    """
    signs = _signs(text)
    count = _count(text[place] for place in signs)
    if count > MOST_PROMPTS:
        words = (
            tr("These variables make {number:,} prompts and the limit is {most}. Take some alternatives away.")
            if count < _FAR
            else tr(
                "These variables make more than {number:,} prompts and the limit is {most}. "
                "Take some alternatives away."
            )
        )
        raise ValueError(words.format(number=count, most=MOST_PROMPTS))
    if count > 1 and len(text) > PROMPT_LIMIT:
        raise ValueError(
            tr(
                "A prompt with variables has at most {prompt_limit:,} characters and this one has {count:,}. "
                "Shorten it by {count2:,}."
            ).format(prompt_limit=PROMPT_LIMIT, count=len(text), count2=len(text) - PROMPT_LIMIT)
        )
    return _built(text, signs)


def listed(content: str | bytes, name: str = "", *, template: str = "") -> Listing:
    """The prompts in a list: one a line, or the column “prompt” of a CSV file; ``name`` is its file name, if any.

    Where the template names columns, as in ``a {colour} cup``, each row is the template with its cells instead.
    Whatever the content is, nothing is raised.
    """
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        return Listing(
            problems=(tr("The list has {size:.1f} MB and the limit is 1 MB. Split it.").format(size=size / 1e6),)
        )
    text = clean(_decoded(content) if isinstance(content, bytes) else content)
    lines = text.removeprefix("\ufeff").split("\n")
    if not text.strip():
        return Listing(problems=(tr("The list is empty. Write one prompt a line."),))
    ending = name.lower().rpartition(".")[2]
    heading, delimiter = _heading(lines)
    is_table = ending in _TABLES or (ending != "txt" and _names_columns(heading, template))
    return _of_table(lines, delimiter, template) if is_table else _of_lines(lines)


def _signs(text: str) -> list[int]:
    """Where the braces and bars of choices are. Raises ValueError for a brace without its partner."""
    signs: list[int] = []
    opened: list[list[int]] = []
    for match in _SIGNS.finditer(text):
        place = match.start()
        if match[0] == "{":
            opened.append([place])
        elif match[0] == "|" and opened:
            opened[-1].append(place)
        elif match[0] == "}":
            if not opened:
                raise ValueError(_alone(text, place))
            choice = [*opened.pop(), place]
            signs += choice if len(choice) > 2 else []  # without a bar these braces are text
    if opened:
        raise ValueError(_alone(text, opened[-1][0]))
    return sorted(signs)


def _alone(text: str, place: int) -> str:
    before = excerpt(text[max(0, place - _NEARBY) : place], _NEARBY)
    after = excerpt(text[place + 1 : place + _NEARBY], _NEARBY)
    words = (
        tr(
            "The {sign} in “{before} {sign} {after}” begins a choice that never ends. "
            "End it with {partner}, or write \\{sign} for the sign itself."
        )
        if text[place] == "{"
        else tr(
            "The {sign} in “{before} {sign} {after}” ends a choice that never began. "
            "Begin it with {partner}, or write \\{sign} for the sign itself."
        )
    )
    return words.format(sign=text[place], partner="}" if text[place] == "{" else "{", before=before, after=after)


def _count(signs: Iterable[str]) -> int:
    """How many prompts there will be; not more than ``_FAR``."""
    sums, products = [0], [1]
    for sign in signs:
        if sign == "{":
            sums.append(0)
            products.append(1)
        elif sign == "|":
            sums[-1] = min(_FAR, sums[-1] + products[-1])
            products[-1] = 1
        else:
            ways = sums.pop() + products.pop()
            products[-1] = min(_FAR, products[-1] * ways)
    return products[0]


def _built(text: str, signs: Sequence[int]) -> list[str]:
    ended: list[list[str]] = [[]]  # per open choice: the alternatives before the one that is being read
    reading: list[list[str]] = [[""]]
    end = 0
    for place in signs:
        reading[-1] = _longer(reading[-1], text[end:place])
        end = place + 1
        if text[place] == "{":
            ended.append([])
            reading.append([""])
        elif text[place] == "|":
            ended[-1] += reading[-1]
            reading[-1] = [""]
        else:
            ways = ended.pop() + reading.pop()
            reading[-1] = [head + way for head in reading[-1] for way in ways]
    return _longer(reading[0], text[end:])


def _longer(heads: Sequence[str], text: str) -> list[str]:
    literal = _LITERAL.sub(r"\1", text)
    return [head + literal for head in heads]


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 by its mark or by its NULs, else what Windows wrote in Western Europe."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    even, odd = content[0:2000:2].count(0), content[1:2000:2].count(0)
    if max(even, odd) * 5 > len(content[:2000]):
        return content.decode("utf-16-be" if even > odd else "utf-16-le", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


class _Row(NamedTuple):
    """What one row of a list makes, or what is wrong with it."""

    line: int
    prompts: Sequence[str] = ()
    problem: str = ""  # a sentence


def _of_lines(lines: Sequence[str]) -> Listing:
    numbered = ((number, line.strip()) for number, line in enumerate(lines, 1))
    return _collected(_Row(number, [line]) for number, line in numbered if line and not line.startswith("#"))


def _heading(lines: Sequence[str]) -> tuple[list[str], str]:
    """The cells of the first line that has any, and the delimiter that finds the column or the most of them."""
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    found = [(next(_records(lines[first:], sign), _Record(1, [])).cells, sign) for sign in _DELIMITERS]
    cells, delimiter = max(found, key=lambda one: (_COLUMN in map(fold, one[0]), len(one[0])))
    return cells, delimiter if len(cells) > 1 else _NO_DELIMITER


def _names_columns(cells: Sequence[str], template: str) -> bool:
    """Pasted text does not say what it is."""
    named = set(map(fold, cells))
    return _COLUMN in named or (len(cells) > 1 and not named.isdisjoint(map(fold, _PLACE.findall(template))))


class _Record(NamedTuple):
    line: int
    cells: list[str]
    is_whole: bool = True


def _records(lines: Sequence[str], delimiter: str) -> Iterator[_Record]:
    """The rows of a CSV file that are not blank; behind one that cannot be read, reading begins anew."""
    begun = 0
    while begun < len(lines):
        reader = csv.reader(
            (f"{lines[place]}\n" for place in range(begun, len(lines))), delimiter=delimiter, strict=True
        )
        start = begun
        try:
            for row in reader:
                cells = [cell.strip() for cell in row]
                if any(cells) or len(cells) == 1:
                    yield _Record(start + 1, cells)
                start = begun + reader.line_num
        except csv.Error:
            yield _Record(start + 1, [], is_whole=False)
            begun = start + 1
        else:
            return


def _of_table(lines: Sequence[str], delimiter: str, template: str) -> Listing:
    records = _records(lines, delimiter)
    heading = next(records, _Record(1, [], is_whole=False))
    names = heading.cells
    if not heading.is_whole:
        return Listing(
            problems=(tr("The names of the columns cannot be read. Check the quotation marks in the first line."),)
        )
    columns = {fold(name): place for place, name in reversed(list(enumerate(names)))}
    try:
        variants, filled = _variants(template, columns)
    except ValueError as trouble:
        return Listing(problems=(str(trouble),))
    if not filled:
        column = columns.get(_COLUMN, 0 if len(names) == 1 else None)
        if column is None:
            return Listing(problems=(_no_column(names),))
        variants = [_mark(column)]
    return _collected((_row(record, names, variants) for record in records), tuple(names[place] for place in filled))


def _variants(template: str, columns: Mapping[str, int]) -> tuple[list[str], list[int]]:
    """What the variables make of the template, its places marked, and the columns that go there.

    Cells go in afterwards: a brace in a cell is only a brace. Raises ValueError as ``expand`` does.
    """
    filled: dict[int, None] = {}

    def marked(match: re.Match[str]) -> str:
        place = columns.get(fold(match[1]))
        if place is None:
            return match[0]
        filled[place] = None
        return _mark(place)

    text = _PLACE.sub(marked, clean(template))
    return (expand(text) if filled else []), list(filled)


def _mark(place: int) -> str:
    return f"\x00{place}\x00"


def _row(record: _Record, names: Sequence[str], variants: Sequence[str]) -> _Row:
    if not record.is_whole:
        return _Row(record.line, problem=_broken(record.line))
    if len(record.cells) != len(names):
        count = len(record.cells)
        return _Row(record.line, problem=_uneven(record.line, count, len(names)))
    longest = max(_length(variant, record.cells) for variant in variants)
    if longest > PROMPT_LIMIT:  # before it is made: a long cell may have many places
        return _Row(record.line, problem=_too_long(record.line, longest))
    return _Row(record.line, [_MARK.sub(lambda mark: record.cells[int(mark[1])], one).strip() for one in variants])


def _length(variant: str, cells: Sequence[str]) -> int:
    return len(_MARK.sub("", variant)) + sum(len(cells[int(place)]) for place in _MARK.findall(variant))


def _collected(rows: Iterable[_Row], filled: tuple[str, ...] = ()) -> Listing:
    """No more than the limit, of rows as of prompts, so that hostile lists cost little."""
    prompts: list[str] = []
    problems: list[str] = []
    for number, row in enumerate(rows, 1):
        if max(number, len(prompts) + len(row.prompts)) > MOST_PROMPTS:
            problems.append(
                tr("The limit is {most_prompts} prompts: from line {line:,} on they were left out.").format(
                    most_prompts=MOST_PROMPTS, line=row.line
                )
            )
            break
        problem = row.problem or next(filter(None, (_problem(row.line, each) for each in row.prompts)), "")
        if problem:
            problems.append(problem)
        else:
            prompts += row.prompts
    return Listing(prompts=tuple(prompts), problems=tuple(problems), filled=filled)


def _problem(line: int, prompt: str) -> str:
    if len(prompt) > PROMPT_LIMIT:
        return _too_long(line, len(prompt))
    return "" if prompt else tr("Line {line:,} has no prompt, so it was left out.").format(line=line)


def _too_long(line: int, length: int) -> str:
    return tr("Line {line:,} has {length:,} characters and the limit is {limit:,}, so it was left out.").format(
        line=line, length=length, limit=PROMPT_LIMIT
    )


def _broken(line: int) -> str:
    return tr("Line {line:,} has a quotation mark without its partner, or is far too long, so it was left out.").format(
        line=line
    )


def _uneven(line: int, cells: int, columns: int) -> str:
    return trn(
        "Line {line:,} has {count} cell instead of {columns}, so it was left out.",
        "Line {line:,} has {count} cells instead of {columns}, so it was left out.",
        cells,
        line=line,
        columns=columns,
    )


def _no_column(names: Sequence[str]) -> str:
    shown = excerpt(in_a_row(name or tr("(no name)") for name in names), 200)
    return tr(
        "No column is called “{column}”. The columns are: {shown}. Call the one with the prompts “{column}”."
    ).format(column=_COLUMN, shown=shown)


def literal(prompt: str) -> str:
    """The prompt so that ``expand`` leaves it as it is."""
    try:
        if expand(prompt) == [prompt]:
            return prompt
    except ValueError:
        pass
    return re.sub(r"([{}|])", r"\\\1", prompt)
