"""Which words reach a place of Streamlit that reads Markdown, and whether they can be somebody else's.

The reading is of the source alone. A text is ours when it is written in the source, made of numbers, or escaped by
``plain``; names are followed through assignments, calls through the functions they name. What cannot be followed
is not ours, until ``tests/security/test_markdown.py`` lists it with a reason.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

# Places whose words are Markdown, by method; the keywords that are Markdown in every one of them follow.
SLOT = re.compile(
    "badge|button|caption|checkbox|color_picker|date_input|download_button|error|expander|feedback|file_uploader|"
    "form_submit_button|header|info|link_button|markdown|menu_button|metric|multiselect|number_input|page_link|pills|"
    "popover|progress|radio|segmented_control|select_slider|selectbox|slider|spinner|status|subheader|success|tabs|"
    "text_area|text_input|time_input|title|toast|toggle|warning|write"
)
CHOICES = frozenset({"pills", "radio", "segmented_control", "select_slider"})
KEYWORDS = frozenset({"label", "body", "text", "help", "captions", "delta"})
ESCAPES = frozenset({"plain", "one_line", "counted"})
NUMBERS = frozenset({"int", "float", "bool", "Decimal", "datetime", "date", "timedelta"})
NUMERIC_CALLS = frozenset({"abs", "float", "int", "len", "range", "round", "sum"})
KEEP_WHAT_THEY_GET = frozenset(
    {"later", "list", "listed", "mark", "max", "min", "sorted", "str", "together", "tr", "tuple"}
)
OF_NUMBERS = "studio.formats"  # all its functions write numbers and dates
KEEP_THEIR_WORDS = frozenset(
    {"capitalize", "format", "join", "lower", "removeprefix", "removesuffix", "strip", "upper"}
)


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """An expression whose words may be somebody else's, and the place it reaches."""

    file: str
    line: int
    words: str


@dataclass(kw_only=True)
class Module:
    name: str
    tree: ast.Module
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> list[tuple[ast.FunctionDef | None, ast.AST]]:
        """Every node of the file, with the function it stands in."""
        return list(_within(self.tree, None))

    @cached_property
    def calls(self) -> list[tuple[ast.FunctionDef | None, ast.Call]]:
        return [(inside, node) for inside, node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        return [node for _, node in self.nodes if isinstance(node, ast.ClassDef)]


class Source:
    """The rooms whose words reach the screen."""

    def __init__(self, root: Path, rooms: tuple[str, ...] = ("pages", "ui", "studio", "atlas")) -> None:
        paths = [path for room in rooms for path in sorted((root / room).rglob("*.py"))] + sorted(root.glob("*.py"))
        shown = [path for path in paths if "simulator" not in path.parts]
        self.modules = {_dotted(path.relative_to(root)): _read(path, root) for path in shown}

    def doubts(self) -> list[Doubt]:
        """What reaches Markdown and is not ours, in the order of the files."""
        found = []
        for module in self.modules.values():
            for function, call in module.calls:
                for text in _texts(call, module):
                    scope = Scope(source=self, module=module, function=function)
                    found += [
                        Doubt(file=module.name, line=text.lineno, words=ast.unparse(part))
                        for part in scope.doubts(text)
                    ]
        return found

    @cached_property
    def kinds(self) -> dict[str, set[str]]:
        """What the classes of the project say that a field of this name is."""
        found: dict[str, set[str]] = {}
        for module in self.modules.values():
            for each in module.classes:
                for line in each.body:
                    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                        found.setdefault(line.target.id, set()).add(ast.unparse(line.annotation))
                    elif isinstance(line, ast.FunctionDef) and line.returns:
                        found.setdefault(line.name, set()).add(ast.unparse(line.returns))
        return found

    @cached_property
    def closed(self) -> set[str]:
        """Sets of words that are all written in the source."""
        return {
            each.name
            for module in self.modules.values()
            for each in module.classes
            if any("Enum" in ast.unparse(base) for base in each.bases)
        }

    def calls_of(
        self, home: Module, function: ast.FunctionDef
    ) -> list[tuple[Module, ast.FunctionDef | None, ast.Call]]:
        """Every call of a function by its name; none where it is also handed on without being called."""
        mentions = self._mentions.get(function.name, [])
        named = [each for each in mentions if _names(each[2], each[0], home, function.name)]
        found = [(module, inside, call) for module, inside, _, call in named if call]
        return found if len(found) == len(named) else []

    @cached_property
    def _mentions(self) -> dict[str, list[tuple[Module, ast.FunctionDef | None, ast.expr, ast.Call | None]]]:
        """Where a name is read, by the name; with the call, where it is called."""
        found: dict[str, list[tuple[Module, ast.FunctionDef | None, ast.expr, ast.Call | None]]] = {}
        for module in self.modules.values():
            calls = {id(call.func): (inside, call) for inside, call in module.calls}
            for _, each in module.nodes:
                if isinstance(each, ast.Name | ast.Attribute) and isinstance(each.ctx, ast.Load):
                    name = each.id if isinstance(each, ast.Name) else each.attr
                    found.setdefault(name, []).append((module, *_at(each, calls)))
        return found

    def is_numeric(self, annotation: str) -> bool:
        parts = {part.strip() for part in annotation.split("|")} - {"None"}
        return bool(parts) and all(part in NUMBERS | self.closed for part in parts)


@dataclass(kw_only=True)
class Scope:
    """One function (or a module) in which an expression stands."""

    source: Source
    module: Module
    function: ast.FunctionDef | None
    seen: frozenset[str] = frozenset()

    def doubts(self, text: ast.expr) -> list[ast.expr]:
        """The parts of an expression that are not ours."""
        match text:
            case ast.Constant() | ast.Compare() | ast.UnaryOp():
                return []
            case ast.JoinedStr(values=parts):
                return self._each(parts)
            case ast.FormattedValue(format_spec=ast.JoinedStr() as how) if _is_of_numbers(how):
                return []
            case ast.FormattedValue(value=value):
                return self.doubts(value)
            case ast.IfExp(body=first, orelse=second):
                return self._each([first, second])
            case ast.BoolOp(values=parts):
                return self._each(parts)
            case ast.BinOp(left=left, right=right):
                return self._each([left, right])
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return self._each(parts)
            case ast.Dict(values=parts):
                return self._each(parts)
            case ast.Starred(value=value) | ast.NamedExpr(value=value):
                return self.doubts(value)
            case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part):
                return self.doubts(part)
            case ast.Subscript(value=value):
                return [] if not self.doubts(value) else [text]
            case ast.Name(id=name):
                return self._name(text, name)
            case ast.Attribute(value=value, attr="__getitem__"):
                return self.doubts(value)
            case ast.Attribute(attr=name):
                return self._attribute(text, name)
            case ast.Call():
                return self._call(text)
        return [text]

    def _each(self, parts: list[ast.expr]) -> list[ast.expr]:
        return [doubt for part in parts for doubt in self.doubts(part)]

    def _name(self, text: ast.expr, name: str) -> list[ast.expr]:
        if name in self.seen:
            return []
        scope = Scope(source=self.source, module=self.module, function=self.function, seen=self.seen | {name})
        if self.function:
            arguments = self.function.args
            for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
                if argument.arg == name:
                    kind = ast.unparse(argument.annotation) if argument.annotation else ""
                    return [] if self.source.is_numeric(kind) or self._is_given(name) else [text]
            values = list(_assigned(self.function, name))
            if values:
                return [text] if any(value is None or scope.doubts(value) for value in values) else []
        constant = self._constant(name)
        return [] if constant else [text]

    def _is_given(self, name: str) -> bool:
        """Whether every call of this function, a private one or one of the source, gives ours for a parameter."""
        assert self.function
        mark = f"{self.module.name}.{self.function.name}({name})"
        if mark in self.seen:
            return True
        calls = self.source.calls_of(self.module, self.function)
        default = _default(self.function, name)
        for place, function, call in calls:
            there = Scope(source=self.source, module=place, function=function, seen=frozenset({mark}) | self._marks())
            value = _argument(call, self.function, name) or default
            if value is None or there.doubts(value):
                return False
        return bool(calls)

    def _marks(self) -> frozenset[str]:
        """What was seen of functions; names of variables mean something else in another function."""
        return frozenset(mark for mark in self.seen if "." in mark)

    def _constant(self, name: str) -> bool:
        """Whether a name of the module, or one it imports, is written in the source."""
        if name in self.module.constants:
            there = Scope(source=self.source, module=self.module, function=None, seen=self.seen | {name})
            return not there.doubts(self.module.constants[name])
        home, _, original = self.module.imports.get(name, "").rpartition(".")
        if home in self.source.modules and original in self.source.modules[home].constants:
            other = Scope(source=self.source, module=self.source.modules[home], function=None, seen=self.seen)
            return other._constant(original)
        return name in self.source.closed

    def _attribute(self, text: ast.Attribute, name: str) -> list[ast.expr]:
        if isinstance(text.value, ast.Name):
            home = self.module.imports.get(text.value.id, "")
            if home in self.source.modules:
                other = Scope(source=self.source, module=self.source.modules[home], function=None, seen=self.seen)
                return [] if other._constant(name) else [text]
            if text.value.id in self.source.closed:
                return []
        kinds = self.source.kinds.get(name, set())
        return [] if kinds and all(map(self.source.is_numeric, kinds)) else [text]

    def _call(self, text: ast.Call) -> list[ast.expr]:
        match text.func:
            case ast.Name(id=name) if name in ESCAPES | NUMERIC_CALLS:
                return []
            case ast.Name(id="trn"):
                return self._each(text.args[:2])
            case ast.Name(id=name) if name in KEEP_WHAT_THEY_GET:
                return self._each(text.args)
            case ast.Name(id="map"):
                return self._call(ast.Call(func=text.args[0], args=[], keywords=[]))
            case ast.Attribute(attr="strftime"):
                return []
            case ast.Attribute(value=value, attr=name) if name in KEEP_THEIR_WORDS:
                filled = [each.value for each in text.keywords if not _takes_numbers(value, each.arg or "")]
                return self._each([value, *text.args, *filled])
            case ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name)) if self._is_of_numbers(name):
                return []
            case ast.Name(id=name):
                return self._returned(text, self.module, name)
            case ast.Attribute(value=ast.Name(id=room), attr=name) if (
                self.module.imports.get(room) in self.source.modules
            ):
                return self._returned(text, self.source.modules[self.module.imports[room]], name)
        return [text]

    def _is_of_numbers(self, name: str) -> bool:
        return self.module.imports.get(name, "").startswith(OF_NUMBERS)

    def _returned(self, text: ast.Call, module: Module, name: str) -> list[ast.expr]:
        """A function of ours gives words that are ours when all that it returns are."""
        home, _, original = module.imports.get(name, "").rpartition(".")
        if name not in module.functions and home in self.source.modules:
            module, name = self.source.modules[home], original
        function = module.functions.get(name)
        if function is None or f"{module.name}.{name}" in self.seen:
            return [text] if function is None else []
        if function.returns and self.source.is_numeric(ast.unparse(function.returns)):
            return []
        seen = self.seen | {f"{module.name}.{name}"}
        inside = Scope(source=self.source, module=module, function=function, seen=seen)
        given = [each.value for each in ast.walk(function) if isinstance(each, ast.Return) and each.value]
        return [text] if not given or inside._each(given) else []


def _at(
    said: ast.expr, calls: dict[int, tuple[ast.FunctionDef | None, ast.Call]]
) -> tuple[ast.FunctionDef | None, ast.expr, ast.Call | None]:
    inside, call = calls.get(id(said), (None, None))
    return inside, said, call


def _names(said: ast.expr, here: Module, home: Module, name: str) -> bool:
    """Whether an expression of one module names this function of another, or of itself."""
    match said:
        case ast.Name(id=found):
            return (here is home and found == name) or here.imports.get(found) == f"{home.name}.{name}"
        case ast.Attribute(value=ast.Name(id=room), attr=found):
            return found == name and here.imports.get(room) == home.name
    return False


def _argument(call: ast.Call, function: ast.FunctionDef, name: str) -> ast.expr | None:
    places = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
    by_name = {each.arg: each.value for each in call.keywords}
    if name in by_name:
        return by_name[name]
    place = places.index(name) if name in places else len(call.args)
    return call.args[place] if place < len(call.args) else None


def _default(function: ast.FunctionDef, name: str) -> ast.expr | None:
    arguments = function.args
    places = [*arguments.posonlyargs, *arguments.args]
    last = zip(reversed(places), reversed(arguments.defaults), strict=False)
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return next((value for argument, value in [*last, *named] if argument.arg == name), None)


def _is_of_numbers(how: ast.JoinedStr) -> bool:
    """A format that a text would refuse: it is of a number or a date."""
    written = "".join(
        part.value for part in how.values if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )
    return "," in written or "%" in written or written.endswith(("f", "d", "g"))


def _takes_numbers(template: ast.expr, name: str) -> bool:
    """Whether every place of this name in a text that is filled in has a format that a text would refuse."""
    constants = [each.value for each in ast.walk(template) if isinstance(each, ast.Constant)]
    written = "".join(each for each in constants if isinstance(each, str))
    places = re.findall(rf"\{{{re.escape(name)}(:[^}}]*)?\}}", written)
    return bool(places) and all(re.fullmatch(r":[^}]*[,dfg%]", how) for how in places)


def _assigned(function: ast.FunctionDef, name: str) -> Iterator[ast.expr | None]:
    """Every value given to a name in a function; None for one that cannot be followed."""
    for each in ast.walk(function):
        match each:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _of_target(target, value, name)
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                yield value
            case ast.AugAssign(target=ast.Name(id=found), value=value) if found == name:
                yield value
            case ast.NamedExpr(target=ast.Name(id=found), value=value) if found == name:
                yield value
            case ast.For(target=target, iter=over) | ast.comprehension(target=target, iter=over):
                yield from _of_loop(target, over, name)


def _of_target(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr | None]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for each, given in zip(target.elts, value.elts, strict=True):
            yield from _of_target(each, given, name)
    elif isinstance(target, ast.Tuple) and name in {each.id for each in target.elts if isinstance(each, ast.Name)}:
        yield None


def _of_loop(target: ast.expr, over: ast.expr, name: str) -> Iterator[ast.expr | None]:
    """``for name in over`` and ``for number, name in enumerate(over)``."""
    if isinstance(target, ast.Name) and target.id == name:
        counted = isinstance(over, ast.Call) and ast.unparse(over.func) == "range"
        yield ast.Constant(value=0) if counted else over
    elif isinstance(target, ast.Tuple) and isinstance(over, ast.Call):
        names = [each.id if isinstance(each, ast.Name) else "" for each in target.elts]
        sources: list[ast.expr] = {
            "enumerate": [ast.Constant(value=0), *over.args[:1]],
            "zip": list(over.args),
        }.get(ast.unparse(over.func), [])
        if name in names:
            yield sources[names.index(name)] if names.index(name) < len(sources) else None
    elif isinstance(target, ast.Tuple) and name in {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}:
        yield over if isinstance(over, ast.Tuple | ast.List) else None


def _within(node: ast.AST, function: ast.FunctionDef | None) -> Iterator[tuple[ast.FunctionDef | None, ast.AST]]:
    inside = node if isinstance(node, ast.FunctionDef) else function
    yield inside, node
    for child in ast.iter_child_nodes(node):
        yield from _within(child, inside)


def _texts(call: ast.Call, module: Module) -> Iterator[ast.expr]:
    """The arguments that are read as Markdown."""
    if not isinstance(call.func, ast.Attribute) or not SLOT.fullmatch(call.func.attr):
        return
    receiver = call.func.value
    if isinstance(receiver, ast.Name) and module.imports.get(receiver.id, "streamlit") != "streamlit":
        return
    if "streamlit" not in module.imports.values():
        return
    yield from call.args[: 1 if call.func.attr != "metric" else 3]
    yield from (each.value for each in call.keywords if each.arg in KEYWORDS)
    if call.func.attr in CHOICES:
        named = {each.arg: each.value for each in call.keywords}
        options = named.get("options") or next(iter(call.args[1:2]), None)
        shown = named.get("format_func")
        if isinstance(shown, ast.Name) and shown.id == "tr":
            shown = None  # it gives the words of the options, in another language
        yield from [shown.body if isinstance(shown, ast.Lambda) else shown] if shown else [options] if options else []


def _read(path: Path, root: Path) -> Module:
    module = Module(name=_dotted(path.relative_to(root)), tree=ast.parse(path.read_text(encoding="utf-8")))
    for _, each in module.nodes:
        if isinstance(each, ast.Import):
            module.imports |= {alias.asname or alias.name: alias.name for alias in each.names}
        elif isinstance(each, ast.ImportFrom):
            module.imports |= {alias.asname or alias.name: f"{each.module}.{alias.name}" for alias in each.names}
    for each in module.tree.body:
        if isinstance(each, ast.FunctionDef):
            module.functions[each.name] = each
        elif isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            module.constants[each.targets[0].id] = each.value
        elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.value:
            module.constants[each.target.id] = each.value
    return module


def _dotted(path: Path) -> str:
    return path.with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
