"""Text of definitions -> words. Comments are dropped, MySQL's `/*!50001 .. */` opened, meta lines and data left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_STRING = r"'(?:[^']++|'')*+'"
_ESCAPED = r"'(?:[^'\\]++|\\.|'')*+'"
_TEXT = r"""
  (?P<more>/\*\s*,\s*\.\.\.\s*\*/)
 |(?P<skip>/\*(?!M?!)(?:[^*]++|\*(?!/))*+\*/|--[^\n]*+{hash}|/\*M?!\d*+|\*/)
 |(?P<string>[EeNn]?{single}|\$(?P<tag>[A-Za-z_]*)\$(?:.|\n)*?\$(?P=tag)\$)
 |(?P<quoted>"(?:[^"]++|"")*+"|`(?:[^`]++|``)*+`{bracket})
 |(?P<dots>\.\.\.)
 |(?P<parameter>\$\d+|\?(?![|&])|@@?[\w$]+(?:\s*\.\s*[`\w$]+)?|:[^\W\d]\w*)
 |(?P<number>\d[\d.]*+(?:[eE][+-]?\d++)?+)
 |(?P<word>{temporary}[^\W\d][\w$#]*+)
 |(?P<space>\s++)
 |(?P<mark>::|:=|=>|<<->>|<[-#+~]>|<=>|<%|%>|@\?|\|\|/|\|/|!!|\^@|[<>!]=|<>|->>?|\#>>?|\|\||\?\||\?&|@@|@>|<@|&&|~~\*?|!~~\*?|!?~\*?|.)
"""
_BRACKET = r"|\[[A-Za-z_][^\]\n]*+\]"


def _pattern(single: str, hash_comment: str, bracket: str) -> re.Pattern[str]:
    text = _TEXT.replace("{single}", single).replace("{hash}", hash_comment).replace("{bracket}", bracket)
    text = text.replace("{temporary}", r"\#{0,2}" if bracket else "")  # SQL Server's #temporary tables
    return re.compile(text, re.VERBOSE | re.DOTALL)


_FAMILIES = {
    "postgres": _pattern(r"(?:(?<=[Ee])" + _ESCAPED + "|" + _STRING + ")", "", ""),
    "mysql": _pattern(_ESCAPED, r"|\#[^\n]*+", ""),
    "other": _pattern(_STRING, "", _BRACKET),
}
_META = re.compile(r"^\\(?!\.)[^\n]*$|^\s*GO\s*;?\s*$|^\s*/\s*$", re.MULTILINE | re.IGNORECASE)
_COPY = re.compile(r"^COPY [^\n;]*FROM stdin[^\n]*;\n(?:.*?)^\\\.$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_INSERT = re.compile(r"^(?:INSERT|REPLACE) [^\n]*;$", re.MULTILINE)
_DELIMITED = re.compile(r"^DELIMITER (?!;\s*$)[^\n]*\n(.*?)^DELIMITER ;[^\n]*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_ROUTINE = re.compile(
    r"\b(?:FUNCTION|PROCEDURE)\s+(?:IF\s+NOT\s+EXISTS\s+)?((?:[\w$]+|`[^`]+`)(?:\.(?:[\w$]+|`[^`]+`))?)", re.IGNORECASE
)


class Word(NamedTuple):
    """One word: `kind` is word, quoted, number, string, parameter, more, dots or mark; `upper` is empty for quoted names."""

    kind: str
    text: str

    @property
    def upper(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text if self.kind == "mark" else ""

    @property
    def is_name(self) -> bool:
        return self.kind in ("word", "quoted")

    @property
    def name(self) -> str:
        """The name as it is compared: without quotes, in small letters."""
        text = self.text
        if self.kind == "quoted":
            text = text[1:-1].replace('""', '"').replace("``", "`")
        return text.casefold()


def statements_in(text: str, family: str) -> Iterator[list[Word]]:
    """The words of each statement; bodies of routines between DELIMITER lines become one CREATE each."""
    text = _INSERT.sub(_without_data, _META.sub(";", _COPY.sub("", text)))
    text = _DELIMITED.sub(lambda m: "".join(f"CREATE FUNCTION {n} ();" for n in _ROUTINE.findall(m[1])), text)
    current: list[Word] = []
    for word in words_of(text, family):
        if word.text != ";":
            current.append(word)
            continue
        if current:
            yield current
        current = []
    if current:
        yield current


def _without_data(match: re.Match[str]) -> str:
    """Nothing for a line of data that is whole in itself; a dump with its data is read as quickly as one without."""
    return "" if match.group().count("'") % 2 == 0 else match.group()


def words_of(text: str, family: str) -> Iterator[Word]:
    """The words of a text; `family` tells the quoting rules: postgres, mysql or other."""
    for match in _FAMILIES[family].finditer(text):
        kind = match.lastgroup or "mark"
        if kind not in ("skip", "space"):
            yield Word("string" if kind == "tag" else kind, match.group())


def text_of(words: list[Word]) -> str:
    """The words as a text that a parser reads."""
    return " ".join(w.text for w in words).replace(" . ", ".")


def closing(words: list[Word], at: int) -> int:
    """The place of the bracket that closes the one at `at`; the last place when none does."""
    depth = 0
    for place in range(at, len(words)):
        if words[place].kind == "mark":
            depth += (words[place].text in "([") - (words[place].text in ")]")
            if depth == 0:
                return place
    return len(words) - 1


def split(words: list[Word]) -> list[list[Word]]:
    """The parts between commas outside brackets."""
    parts: list[list[Word]] = [[]]
    depth = 0
    for word in words:
        if word.kind == "mark":
            depth += (word.text in "([") - (word.text in ")]")
            if word.text == "," and depth == 0:
                parts.append([])
                continue
        parts[-1].append(word)
    return [p for p in parts if p]
