"""Templates that escape by themselves and cannot run away.

Printing a text escapes it: autoescape is for HTML, so `finalize` does it, and only `Markdown` passes as it is.
An own template may do what a report needs and no more. Everything that could grow without end is counted: a turn
of a loop, a call and each character printed cost from one budget, so that a template ends, with the same result
on every machine, where a clock would not.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from wa_advisor.errors import CommandError, did_you_mean
from wa_advisor.kept import kept, key_of
from wa_advisor.report.escape import Markdown, code_span, escape_markdown, escape_prose, mermaid_label
from wa_advisor.report.phrases import counted, listed

SHIPPED = "report.md.j2"
BUDGET = 10_000_000
_TURN = 50
_LONGEST = 1_000_000
_LARGEST = 10_000
_FILTERS = (
    "length", "count", "first", "last", "lower", "upper", "capitalize", "trim", "default", "d", "sort", "unique", "list", "reverse", "selectattr",
    "rejectattr", "groupby", "min", "max", "abs", "round", "int", "string",
)  # fmt: skip
_TEXT_METHODS = ("upper", "lower", "capitalize", "title", "strip", "lstrip", "rstrip", "startswith", "endswith", "split")


class TooMuch(Exception):
    """The template has used up what it may spend."""


class _Counted(NodeTransformer):
    """Rewrites loops and `~` so that they go through the budget."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        weight = _TURN + sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        node.iter = _call("turns", [node.iter, nodes.Const(weight)], node)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _call("joined", list(node.nodes), node)


def _call(name: str, given: list[Any], at: nodes.Node) -> nodes.Call:
    made = nodes.Call(nodes.EnvironmentAttribute(name), given, [], None, None)
    assert at.environment is not None
    made.set_lineno(at.lineno, override=True).set_environment(at.environment)
    return made


class ReportEnvironment(ImmutableSandboxedEnvironment):
    """The environment of one rendering."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, finalize=self.printed, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
            newline_sequence="\n", autoescape=False, cache_size=0,
        )  # fmt: skip
        self.spent = 0
        known = self.filters
        self.filters = {name: self.measured(known[name]) for name in _FILTERS}
        self.filters |= {"md": _as_markdown, "code": _as_code, "mermaid": _as_label, "listed": _listed, "words": _words}
        self.filters |= {"prose": _as_prose, "raw": _raw, "inside": _inside}
        self.globals = {"range": _range, "namespace": self.globals["namespace"], "counted": counted}

    # -- the budget -----------------------------------------------------------------------------------

    def spend(self, cost: int) -> None:
        self.spent += cost
        if self.spent > BUDGET:
            raise TooMuch("the template prints or repeats too much: shorten its loops")

    def turns(self, items: Iterable[Any], weight: int) -> Iterator[Any]:
        """The items of a loop, each paid for."""
        if isinstance(items, Undefined):
            iter(items)  # says what is undefined
        for item in items:
            self.spend(weight)
            yield item

    def joined(self, *parts: Any) -> str:
        text = "".join(str(part) for part in parts)
        self.spend(len(text))
        if len(text) > _LONGEST:
            raise TooMuch("a text grows too long: shorten it")
        return text

    def measured(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter that pays for the size of what it is given."""
        passes = hasattr(function, "jinja_pass_arg")
        place = 1 if passes else 0

        def measure(*given: Any, **named: Any) -> Any:
            size = len(given[place]) if hasattr(given[place], "__len__") else 1
            self.spend(1 + size)
            found = function(*given, **named)
            return list(found) if isinstance(found, Iterator) else found

        if passes:
            measure.jinja_pass_arg = function.jinja_pass_arg  # type: ignore[attr-defined]  # Jinja reads it off the function
        return measure

    def printed(self, value: Any) -> str:
        """What is printed of a value: Markdown as it is, everything else escaped."""
        if isinstance(value, Undefined):
            str(value)
        text = value if isinstance(value, Markdown) else escape_markdown(str(value), 2_000)
        self.spend(len(text))
        return text

    # -- what a template may do -----------------------------------------------------------------------

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        found = _Counted().visit(tree)
        assert isinstance(found, nodes.Template)
        return found

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str):
            return attr in _TEXT_METHODS
        if isinstance(obj, int | float | bytes | tuple | list | range):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call(__self, __context: Any, __obj: Any, *given: Any, **named: Any) -> Any:
        __self.spend(_TURN)
        found = super().call(__context, __obj, *given, **named)
        if isinstance(found, str):
            __self.spend(len(found))
        return found

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        self.spend(1)
        if operator == "%" and isinstance(left, str) and re.search(r"\d{4}|\*", left):
            raise TooMuch("a text grows too long: shorten it")
        sizes = [_size(v) for v in (left, right)]
        if operator == "*" and any(s < 0 for s in sizes):
            numbers = [v for v in (left, right) if isinstance(v, int)]
            if numbers and -min(sizes) * max(numbers) > _LARGEST:
                raise TooMuch("a text grows too long: shorten it")
        if operator == "+" and max(sizes) < 0 and -sum(sizes) > _LONGEST:
            raise TooMuch("a text grows too long: shorten it")
        if operator == "**" or (operator == "*" and min(sizes) >= 0):
            bits = sizes[0] * right if operator == "**" and isinstance(right, int) else sum(sizes)
            if bits > 4_096:
                raise TooMuch("a number grows too large: write a smaller one")
        return super().call_binop(context, operator, left, right)


def _size(value: Any) -> int:
    """The bits of a number, or the length of anything else as a negative figure."""
    if isinstance(value, int):
        return value.bit_length()
    return -len(value) if hasattr(value, "__len__") else 0


def _range(*given: int) -> range:
    found = range(*given)
    if len(found) > _LARGEST:
        raise TooMuch(f"a range has {_LARGEST:,} numbers at most")
    return found


def _as_markdown(value: Any, limit: int = 400) -> Markdown:
    return value if isinstance(value, Markdown) else escape_markdown(str(value), limit)


def _as_prose(value: Any) -> Markdown:
    return value if isinstance(value, Markdown) else escape_prose(str(value))


def _as_code(value: Any) -> Markdown:
    return code_span(str(value))


def _as_label(value: Any) -> Markdown:
    return Markdown(mermaid_label(str(value)))


def _raw(value: Any) -> Markdown:
    return Markdown(value)


def _listed(values: Iterable[Any], last: str = "and") -> Markdown:
    """Names in a sentence, each escaped by itself: "a, b and c"."""
    return Markdown(listed((_as_markdown(v, 120) for v in values), last))


def _inside(value: Any) -> Any:
    """A heading's words inside a sentence: "data store", but "API"."""
    if isinstance(value, tuple):
        return tuple(_inside(v) for v in value)
    text = str(value)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _words(values: Iterable[Any], between: str = ", ") -> Markdown:
    return Markdown(between.join(_as_markdown(v) for v in values))


def render(source: str, values: dict[str, Any], file: str) -> str:
    """The text of a template filled with `values`; CommandError with file and line for what its author can mend."""
    environment = ReportEnvironment()
    try:
        code = _compiled(environment, source, file)
        template = environment.template_class.from_code(environment, code, dict(environment.globals))
        return "".join(template.generate(values))
    except TemplateSyntaxError as error:
        raise CommandError(_told(error.message or "cannot be read", values), f"{file}:{error.lineno}") from None
    except RecursionError:
        raise CommandError("the template calls itself without end, or is nested too deep: simplify it", file) from None
    except Exception as error:
        line = _line_of(error, file)
        raise CommandError(_told(str(error), values), f"{file}:{line}" if line else file) from None


def _compiled(environment: ReportEnvironment, source: str, file: str) -> CodeType:
    """The template as Python code; that of the shipped one is kept."""
    if file != SHIPPED:
        return environment.compile(source, None, file)
    from jinja2 import __version__ as jinja_version

    key = key_of([source.encode(), jinja_version.encode()], [Path(__file__)])
    code: CodeType = marshal.loads(kept("report", key, lambda: marshal.dumps(environment.compile(source, None, file))))
    return code


def _line_of(error: BaseException, file: str) -> int:
    """The line of the template that the error rose from, 0 if it is not known."""
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _told(message: str, values: dict[str, Any]) -> str:
    """The fault in one line, with what to write instead."""
    text = " ".join(message.split())[:200] or "cannot be filled"
    missing = re.match(r"'(\w+)' is undefined", text)
    if missing:
        return f"the template names {missing[1]}, which a report does not have{did_you_mean(missing[1], values)}"
    filtered = re.match(r"No filter named '(\w+)'", text)
    if filtered:
        known = sorted(ReportEnvironment().filters)
        return f"there is no filter {filtered[1]}{did_you_mean(filtered[1], known, what='filters')}"
    return f"the template cannot be filled: {text}; correct it there"
