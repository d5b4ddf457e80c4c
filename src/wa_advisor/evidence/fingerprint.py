"""Statement text -> shapes: the same text with every literal taken out.

A shape is what is counted, parsed once and printed; a literal never leaves this module. "One" and "many" are
kept apart (`IN (?)` and `IN (?, ?)`, one row and several of VALUES), because they fall into different classes;
longer lists are cut to two, so that a list's length makes no new shape. This is the careful way, one token
at a time; `rough` decides quickly which texts are alike, and only the first of each kind comes here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from wa_advisor.evidence.handles import without_handle

STRING, NUMBER, PARAMETER, NAME, SPACE, MARK, OTHER, BROKEN = range(8)
_CONSTANTS = (STRING, NUMBER, PARAMETER)

_COMMON = r"""
  (?P<more>/\*\s*,\s*\.\.\.\s*\*/)
{hint}
 |(?P<comment>/\*(?:[^*]++|\*(?!/))*+\*/ | --(?:(?=\s)|{dashes})[^\n]*{hash})
 |(?P<open_comment>/\*)
{dollar}
 |(?P<string>(?:\b(?:[EeNnXxBb]|[Uu]&|_[A-Za-z0-9]+\s*))?{single}{double_string})
 |(?P<quoted>"(?:[^"]++|"")*+"|`(?:[^`]++|``)*+`{bracket})
 |(?P<open_string>['"`])
 |(?P<number>(?<![\w$])(?:0[xX][0-9A-Fa-f]++|(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d++)?+){after})
 |(?P<parameter>\$\d+|\?\d*|(?<![\w)])%s\b|%\(\w+\)s|(?<![:\w]):\w+)
 |(?P<word>[^\W\d][\w$]*)
 |(?P<space>[\s\x00]+)
 |(?P<other>\.\.\.|::|<=>|[<>!]=|<>|->>?|\#>>?|@>|<@|\|\||:=|.)
"""
_PLAIN = r"'(?:[^']++|'')*+'"
_BACKSLASH = r"'(?:[^'\\]++|\\.|'')*+'"
_ORACLE = r"[qQ]'(?:\[.*?\]|\{.*?\}|\(.*?\)|<.*?>|(?P<q>[^\s\w\[{(<]).*?(?P=q))'|"
_DOLLAR = r""" |(?P<dollar>\$(?P<tag>[A-Za-z_\x80-\U0010ffff]*)\$(?:.|\n)*?\$(?P=tag)\$)"""
_HINT = r" |(?P<hint>/\*M?!\d*)"


def _tokens(single: str, **parts: str) -> re.Pattern[str]:
    text = _COMMON.replace("{single}", single)
    for name in ("double_string", "dashes", "hash", "bracket", "hint", "after", "dollar"):
        text = text.replace("{" + name + "}", parts.get(name, ""))
    return re.compile(text, re.VERBOSE | re.DOTALL)


_ESCAPED = r"(?:(?<=[Ee])" + _BACKSLASH + "|(?<![Ee])" + _PLAIN + ")"
_FAMILIES = {
    "postgres": _tokens(_ESCAPED, dollar=_DOLLAR),
    "mysql": _tokens(
        _BACKSLASH,
        double_string=r'|"(?:[^"\\]++|\\.|"")*+"',
        dashes="(?=$)",
        hash=r"|\#[^\n]*",
        hint=_HINT,
        after="(?![A-Za-z_])",
    ),
    "other": _tokens(_ORACLE + _PLAIN, dollar=_DOLLAR, bracket=r"|\[[A-Za-z_][\w $.]*\](?=\s*[.,)=]|\s|$)"),
}
FAMILY_OF = {
    "mysql": "mysql",
    "mariadb": "mysql",
    "bigquery": "mysql",
    "postgres": "postgres",
    "postgresql": "postgres",
    "redshift": "postgres",
}


UNREADABLE = "<cut before its first word>"


class Shape(Struct, frozen=True):
    """`text` is for people and files, `sql` for the parser; `cut` says why the text is not whole, or is empty.

    `kept` are the literals left in `sql` because a partial unique index names them; they tell shapes apart.
    """

    text: str
    sql: str
    cut: str = ""
    kept: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A short stable name of the shape: sixteen hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()[:16]


class _Token(NamedTuple):
    kind: int
    text: str
    sql: str
    doubtful: bool = False  # a string that ends elsewhere when the server takes a backslash the other way


def family_of(dialect: str) -> str:
    """Which quoting rules a dialect follows: `postgres`, `mysql` or `other`."""
    return FAMILY_OF.get(dialect, "other")


def shapes_of(text: str, family: str, keep: frozenset[str] = frozenset()) -> list[Shape]:
    """The shapes of the statements in one text, in order; literals in `keep` stay in the parser's text."""
    found: list[Shape] = []
    for tokens, cut in _statements(_tokenize(without_handle(text), family, keep)):
        shape = _shape(_shorten(tokens), cut)
        if shape.text or cut:
            found.append(shape if shape.text else Shape(UNREADABLE, "", cut))
    return found


def _tokenize(text: str, family: str, keep: frozenset[str]) -> Iterator[_Token]:
    hints = 0
    for match in _FAMILIES[family].finditer(text):
        kind = match.lastgroup or "other"
        body = match.group()
        if kind == "hint":
            hints += 1
            continue
        if hints and body == "*" and text.startswith("/", match.end()):
            continue
        if hints and body == "/" and text.startswith("*", match.start() - 1):
            hints -= 1
            yield _Token(SPACE, " ", " ")
            continue
        yield _token({"tag": "dollar", "q": "string"}.get(kind, kind), body, keep)


def _token(kind: str, body: str, keep: frozenset[str]) -> _Token:
    if kind in ("string", "dollar", "number") and body in keep:
        return _Token(STRING, "?", body)
    if kind in ("string", "dollar"):
        return _Token(STRING, "?", "'?'", "\\'" in body or '\\"' in body)
    if kind == "number":
        return _Token(NUMBER, "?", "1")
    if kind == "parameter":
        return _Token(PARAMETER, "?", body if body[0] == "$" else "?")
    if kind in ("space", "comment"):
        return _Token(SPACE, " ", " ")
    if kind in ("open_string", "open_comment"):
        return _Token(BROKEN, body, body)
    if kind == "quoted" and _VALUE_LIKE.search(body):
        return _Token(NAME, '"?"', '"?"')
    return _Token({"word": NAME, "quoted": NAME, "more": MARK}.get(kind, OTHER), body, body)


_VALUE_LIKE = re.compile(r"[^\w\s\"`\[\]$.#/()%:*-]|.{80}", re.DOTALL)  # an e-mail address, say: a value in the quotes of a name


# -- statements ------------------------------------------------------------------------------------------


_BODIES = {"FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "PACKAGE"}


def _statements(tokens: Iterator[_Token]) -> Iterator[tuple[list[_Token], str]]:
    """The statements between semicolons; a body between BEGIN and END stays in its statement."""
    current: list[_Token] = []
    depth, block = 0, 0
    words: list[str] = []
    last = ""
    for token in tokens:
        if _is_inside_out(current, token):
            yield _sure_part(current[:-1]), "a quote before it is not closed: the text is cut"
            return
        if token.kind == BROKEN or token.text == "\\":
            yield _sure_part(current), "a quote or comment is not closed: the text is cut"
            return
        if token.kind == OTHER:
            depth += (token.text in "([{") - (token.text in ")]}")
            if token.text == ";" and not (block and _has_body(words)):
                yield current, _balance(depth)
                current, depth, block, words, last = [], 0, 0, [], ""
                continue
        elif token.kind == NAME:
            word = token.text.upper()
            words += [word] if len(words) < 12 else []
            block += _opens(word, last) if _has_body(words) else 0
            last = word
        current.append(token)
    if any(t.kind != SPACE for t in current):
        yield current, _balance(depth)


def _is_inside_out(before: list[_Token], token: _Token) -> bool:
    """Whether a word stands right behind a string: then what looks like the string is what stands between two."""
    if not before or before[-1].kind != STRING or token.kind != NAME:
        return False
    return token.text.upper() not in _AFTER_STRING


_AFTER_STRING = frozenset(
    ("AND", "OR", "AS", "FROM", "WHERE", "ORDER", "GROUP", "LIMIT", "THEN", "ELSE", "WHEN", "END", "IN", "BETWEEN", "UNION", "COLLATE",
     "ESCAPE", "ON", "RETURNING", "SET", "VALUES", "USING", "FOR", "HAVING", "JOIN", "LEFT", "IS", "LIKE", "NOT")
)  # fmt: skip


def _sure_part(tokens: list[_Token]) -> list[_Token]:
    """What stands before the first string whose end is not sure: what follows might be the inside of another."""
    first = next((i for i, t in enumerate(tokens) if t.doubtful), len(tokens))
    return tokens[:first]


def _opens(word: str, last: str) -> int:
    """One for a word that opens a block inside a routine's body, minus one for the END that closes it."""
    if last == "END" and word in ("IF", "LOOP", "WHILE", "REPEAT", "FOR"):
        return 1  # END IF closes no block: it takes the END back
    if last == "END" and word == "CASE":
        return 0
    return {"BEGIN": 1, "CASE": 1, "END": -1}.get(word, 0)


def _has_body(words: list[str]) -> bool:
    return bool(words) and words[0] == "CREATE" and not _BODIES.isdisjoint(words[:8])


def _balance(depth: int) -> str:
    return "" if depth == 0 else "its parentheses do not pair: the text is cut"


# -- lists -----------------------------------------------------------------------------------------------


def _shorten(tokens: list[_Token]) -> list[_Token]:
    """The tokens with long lists of constants and of rows cut to two entries."""
    found: list[_Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        found.append(token)
        at += 1
        word = token.text.upper() if token.kind == NAME else ""
        if word in ("VALUES", "VALUE"):
            at = _take_rows(tokens, at, found)
        elif word in ("IN", "ARRAY", "ROW", "ANY", "ALL"):
            at = _take_list(tokens, at, found)
    return found


def _skip(tokens: list[_Token], at: int) -> int:
    while at < len(tokens) and tokens[at].kind == SPACE:
        at += 1
    return at


def _group_end(tokens: list[_Token], at: int) -> int:
    """The place after the bracket that closes the one at `at`; the end when none does."""
    depth = 0
    for place in range(at, len(tokens)):
        if tokens[place].kind == OTHER:
            depth += (tokens[place].text in "([") - (tokens[place].text in ")]")
            if depth == 0:
                return place + 1
    return len(tokens)


def _is(tokens: list[_Token], at: int, text: str) -> bool:
    return at < len(tokens) and tokens[at].kind == OTHER and tokens[at].text == text


def _take_rows(tokens: list[_Token], at: int, found: list[_Token]) -> int:
    rows = 0
    behind = at  # a comma that no row follows belongs to what comes next: `VALUES (a), b = VALUES (b)`
    while True:
        start = _skip(tokens, at)
        row = start + 1 if tokens[start : start + 1] and tokens[start].text.upper() == "ROW" else start
        if not _is(tokens, _skip(tokens, row), "("):
            return behind
        end = _group_end(tokens, _skip(tokens, row))
        rows += 1
        if rows <= 2:
            found += ([_COMMA, _BLANK] if rows == 2 else [_BLANK]) + tokens[start:end]
        at = behind = end
        comma = _skip(tokens, at)
        if not _is(tokens, comma, ","):
            return at
        at = comma + 1


def _take_list(tokens: list[_Token], at: int, found: list[_Token]) -> int:
    """Copies a bracket; of a list of three or more constants (or rows of them) only the first two."""
    start = _skip(tokens, at)
    if not (_is(tokens, start, "(") or _is(tokens, start, "[")):
        return at
    end = _group_end(tokens, start)
    inner = tokens[start + 1 : end - 1]
    if len(inner) < 3 or not all(t.kind in _CONSTANTS or t.kind == SPACE or t.text in _PLAIN_MARKS for t in inner):
        return at
    entries = _entries(inner)
    if len(entries) < 2:
        return at
    found += [*tokens[at : start + 1], *entries[0], _COMMA, _BLANK, *entries[1], *tokens[end - 1 : end]]
    return end


_PLAIN_MARKS = {"(", ")", ",", "-", "+", "::"}
_COMMA = _Token(OTHER, ",", ",")
_BLANK = _Token(SPACE, " ", " ")


def _entries(inner: list[_Token]) -> list[list[_Token]]:
    """What stands between the commas of a list, without the blanks around it; rows count as one entry."""
    entries: list[list[_Token]] = [[]]
    depth = 0
    for token in inner:
        if token.kind == OTHER:
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "," and depth == 0:
                entries.append([])
                continue
        if token.kind != SPACE:
            entries[-1].append(token)
    return entries


# -- text ------------------------------------------------------------------------------------------------


_SIGN = re.compile(r"([=<>+*/(,]\s*|\b(?:THEN|ELSE|LIMIT|AND|BETWEEN|SET)\s+)-\s*\?", re.IGNORECASE)


def _shape(tokens: list[_Token], cut: str) -> Shape:
    count = 0
    parts: list[str] = []
    for token in tokens:
        if token.kind == PARAMETER and token.sql[0] == "$":
            count += 1
            parts.append(f"${count}")
        else:
            parts.append(token.sql)
    kept = tuple(t.sql for t in tokens if t.kind == STRING and t.sql != "'?'")
    return Shape(_SIGN.sub(r"\1?", _squeeze("".join(t.text for t in tokens))), _squeeze("".join(parts)), cut, kept)


def _squeeze(text: str) -> str:
    return " ".join(text.split()).replace("( ", "(").replace(" )", ")")
