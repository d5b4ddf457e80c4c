"""YAML text -> nodes that know file, line and column; or every problem that stops the text from being read.

Size, depth and the weight of aliases are bounded on the event stream, before any tree exists: the C
loader crashes on deep input, and an alias bomb is cheap to write. What a scalar means is decided by
whoever reads the node (a question's type), never guessed here: `no`, `12:30` and `1.10` stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from wa_advisor.errors import Problem, Span
from wa_advisor.ruleset.lines import line_end, line_number, line_start, lines_of

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_ALIASES = 200


class Node(Struct):
    """One YAML value and where it stands. `kind` is `scalar`, `mapping` or `sequence`."""

    kind: str
    line: int
    column: int
    end: int
    text: str = ""
    plain: bool = True
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    weight: int = 1

    @property
    def is_null(self) -> bool:
        """An empty value, or one of YAML's spellings of nothing."""
        return self.kind == "scalar" and self.plain and self.text in ("", "~", "null", "Null", "NULL")

    def get(self, key: str) -> Node | None:
        for name, value in self.pairs:
            if name.text == key:
                return value
        return None

    def keys(self) -> list[str]:
        return [name.text for name, _ in self.pairs]


class Source(Struct):
    """A text, its name for messages, and the problems found in it so far."""

    file: str
    text: str
    problems: list[Problem] = field(default_factory=list)
    _lines: list[str] | None = None

    def line(self, number: int) -> str:
        if self._lines is None:
            self._lines = lines_of(self.text)
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def span(self, node: Node) -> Span:
        return Span(self.file, node.line, node.column, node.end)

    def add(self, node: Node, message: str, *, at: int = 0, length: int = 0, warning: bool = False) -> None:
        """Note a problem at `node`, or `at` characters into its text when that is on one line."""
        column, end = node.column, node.end
        if at or length:
            shift = at + (0 if node.plain else 1)
            if _fits(self.line(node.line), node):
                column = node.column + shift
                end = column + max(1, length)
        self.problems.append(Problem(Span(self.file, node.line, column, end), message, self.line(node.line), warning))

    def add_line(self, line: int, column: int, message: str) -> None:
        self.problems.append(Problem(Span(self.file, line, column, column + 1), message, self.line(line)))


def _fits(line: str, node: Node) -> bool:
    """Whether the scalar stands whole and unescaped on its line, so that an offset into it is a column."""
    start = node.column - 1 + (0 if node.plain else 1)
    return line[start : start + len(node.text)] == node.text


# What no YAML text may hold; the search is one pass, since every rule file goes through it.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


def decode(data: bytes, file: str) -> tuple[str, list[Problem]]:
    """UTF-8 text of the bytes of a file, or the problems that stop it from being text."""
    if len(data) > MAX_BYTES:
        return "", [Problem(Span(file), f"the file is larger than {MAX_BYTES // 1_000_000} MB: split it or send less")]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", [Problem(Span(file, 1, 1), "the file is UTF-16: save it as UTF-8")]
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = line_number(before, len(before)), len(before) - line_start(before, len(before)) + 1
        hint = "UTF-16" if data[1:2] == b"\x00" or data[:1] == b"\x00" else "another encoding"
        return "", [
            Problem(Span(file, line, column), f"byte {data[error.start]:#04x} is not UTF-8 ({hint}?): save the file as UTF-8")
        ]
    bad = _CONTROL.search(text)
    if bad is None:
        return text, []
    code, start = ord(bad[0]), line_start(text, bad.start())
    what = "a NUL byte" if code == 0 else f"the control character U+{code:04X}"
    span = Span(file, line_number(text, start), bad.start() - start + 1)
    return "", [Problem(span, f"{what} cannot stand in YAML: remove it", text[start : line_end(text, bad.start())])]


def parse_yaml(text: str, file: str) -> tuple[Node | None, Source]:
    """The root node of one YAML document and its source; problems stand in the source. None: nothing usable."""
    source = Source(file, text)
    tab = next((n for n, line in enumerate(lines_of(text), 1) if _tab_indent(line)), 0) if "\t" in text else 0
    if tab:
        column = len(source.line(tab)) - len(source.line(tab).lstrip(" ")) + 1
        source.add_line(tab, column, "a tab indents this line: YAML indents with spaces, write spaces")
        return None, source
    return _Builder(source).build(), source


def _tab_indent(line: str) -> bool:
    body = line.lstrip(" ")
    return body.startswith("\t") and bool(body.strip()) and not body.strip().startswith("#")


class _Builder:
    """Builds nodes from events with its own stack, so that depth is a number and not recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.anchors: dict[str, Node] = {}
        self.open: list[Node] = []
        self.aliases = 0
        self.nodes = 0

    def build(self) -> Node | None:
        import yaml

        try:
            return self._run(self._events())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = _plain_words(error.problem or "the text is no YAML")
            self.source.add_line(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, what)
        except yaml.YAMLError as error:
            self.source.add_line(1, 1, f"the text is no YAML: {str(error).splitlines()[0]}")
        except _TooMuch as stop:
            self.source.add_line(stop.line, stop.column, str(stop))
        return None

    def _events(self) -> Iterator[Any]:
        import yaml

        # libyaml nests on the heap; what it cannot take at depth is refused before by _run's bound.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.parse(self.source.text, Loader=loader)

    def _run(self, events: Iterator[Any]) -> Node | None:
        import yaml

        root: Node | None = None
        stack = self.open
        pending: list[Node | None] = []  # the key that waits for its value, one per open mapping
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _TooMuch("a second document starts here: one file holds one document, remove the `---`", event)
            if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                done = stack.pop()
                if pending.pop() is None and done.kind == "mapping":
                    _check_pairs(self.source, done)
                done.weight = 1 + sum(n.weight for n in done.items) + sum(k.weight + v.weight for k, v in done.pairs)
                if done.weight > MAX_NODES:
                    raise _TooMuch("its aliases expand to too many values: write them out", event)
                continue
            node = self._node(event)
            if node is None:
                continue
            self.nodes += 1
            if self.nodes > MAX_NODES:
                raise _TooMuch(f"more than {MAX_NODES:,} values: split the file", event)
            if not stack:
                root = node
            elif stack[-1].kind == "sequence":
                stack[-1].items.append(node)
            elif pending[-1] is None:
                pending[-1] = node
            else:
                stack[-1].pairs.append((pending[-1], node))
                pending[-1] = None
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                stack.append(node)
                pending.append(None)
                if len(stack) > MAX_DEPTH:
                    raise _TooMuch(f"nested deeper than {MAX_DEPTH} levels: nothing here needs that, flatten it", event)
        return root

    def _node(self, event: Any) -> Node | None:
        import yaml

        mark = event.start_mark
        assert mark is not None
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if isinstance(event, yaml.ScalarEvent):
            last = event.end_mark
            assert last is not None
            end = last.column + 1 if last.line == mark.line else len(self.source.line(line)) + 1
            node = Node("scalar", line, column, end, event.value, not event.style)
        elif isinstance(event, yaml.MappingStartEvent):
            node = Node("mapping", line, column, column + 1)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Node("sequence", line, column, column + 1)
        else:
            return None
        if event.tag and event.tag not in ("!",):
            raise _TooMuch(f"the tag {event.tag[:40]} is not used here: remove it", event)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise _TooMuch(f"more than {MAX_ALIASES} aliases: write the values out", event)
        target = self.anchors.get(event.anchor)
        if target is None:
            raise _TooMuch(f"the alias *{event.anchor[:40]} has no anchor before it: write the value", event)
        if any(node is target for node in self.open):
            raise _TooMuch(f"the alias *{event.anchor[:40]} stands inside what it names: write the value", event)
        mark = event.start_mark
        return Node(
            target.kind, mark.line + 1, mark.column + 1, event.end_mark.column + 1, target.text, target.plain,
            target.pairs, target.items, target.weight,
        )  # fmt: skip


class _TooMuch(Exception):
    def __init__(self, message: str, event: Any) -> None:
        super().__init__(message)
        self.line = event.start_mark.line + 1
        self.column = event.start_mark.column + 1


def _check_pairs(source: Source, node: Node) -> None:
    """Keys are plain names, each once: YAML itself would keep the last of two in silence."""
    seen: dict[str, Node] = {}
    for key, _ in node.pairs:
        if key.kind != "scalar":
            source.add(key, "a key has to be one word: write it as `name: value`")
        elif key.text == "<<" and key.plain:
            source.add(key, "merge keys are not read here: write the values out")
        elif key.text in seen:
            first = seen[key.text].line
            source.add(key, f'"{key.text[:60]}" stands here a second time (first in line {first}): keep one')
        else:
            seen[key.text] = key


_WORDS = {
    "could not find expected ':'": 'this line is no "key: value": add the colon, or quote the text',
    "mapping values are not allowed in this context": 'a second ": " in one value: put the value in quotes',
    "mapping values are not allowed here": 'a second ": " in one value: put the value in quotes',
    "found character that cannot start any token": "a character that cannot start a value: put the value in quotes",
    "did not find expected key": "the indentation does not match the lines above: align it with them",
    "did not find expected '-' indicator": "the list above goes on in another form: start this line with `- `",
    "did not find expected ',' or '}'": "a { is not closed: close it or quote the value",
    "did not find expected ',' or ']'": "a [ is not closed: close it or quote the value",
    "found unexpected end of stream": "a quote or bracket is not closed: close it",
    "did not find expected node content": "a value is missing or cannot start so: put it in quotes",
    "did not find expected <document start>": "text stands after the end of the document: indent it or remove it",
    "block sequence entries are not allowed in this context": "a list cannot start here: put it on its own lines",
    "exceeded maximum nesting depth": f"nested deeper than {MAX_DEPTH} levels: nothing here needs that, flatten it",
    "found unknown escape character": "an unknown \\ escape in double quotes: use single quotes",
}


def _plain_words(problem: str) -> str:
    for start, words in _WORDS.items():
        if problem.startswith(start):
            return words
    return f"the text is no YAML here ({problem}): correct or quote it"
