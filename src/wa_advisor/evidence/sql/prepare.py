"""Text of a statement -> a text that sqlglot reads: exports and logs write what no parser of SQL was made for.

Each rewriting keeps the tables, keys and conditions. The text comes here without literals, so a word is a word.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from wa_advisor.evidence.sql.words import Word, closing, words_of

_MODIFIERS = frozenset("LOW_PRIORITY HIGH_PRIORITY DELAYED QUICK IGNORE".split())
_SELECT_MODIFIERS = frozenset(
    "HIGH_PRIORITY STRAIGHT_JOIN SQL_SMALL_RESULT SQL_BIG_RESULT SQL_BUFFER_RESULT SQL_NO_CACHE SQL_CACHE SQL_CALC_FOUND_ROWS".split()
)
_TYPES = frozenset(
    "DATE TIME TIMESTAMP TIMESTAMPTZ INTERVAL TEXT JSON JSONB UUID NUMERIC INT BIGINT BOOLEAN BOOL INET BYTEA BIT".split()
)
_LOCKS = frozenset("UPDATE SHARE NO KEY".split())
_KEYWORDS = frozenset(
    "SELECT FROM WHERE AND OR ON IN VALUES VALUE SET BY AS NOT USING LIKE ILIKE RLIKE REGEXP THEN ELSE WHEN CASE ANY ALL SOME EXISTS "
    "BETWEEN LIMIT OFFSET RETURNING HAVING JOIN UNION INTERSECT EXCEPT DISTINCT INTO IS OVER".split()
)


class Prepared(Struct):
    """The rewritten words; `flags` say what the rewriting took away: upsert, ignore, list (a list of unknown length), queue."""

    words: list[Word]
    flags: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The words as one text; a parameter stands apart, since `$1,$2` reads like the start of a quoted text."""
        parts: list[str] = []
        glued = False
        for word in self.words:
            glue = word.text == "." and word.kind == "mark"
            if parts and not (glue or glued):
                parts.append(" ")
            parts.append(word.text)
            glued = glue
        return "".join(parts)

    def word(self, at: int) -> str:
        return self.words[at].upper if 0 <= at < len(self.words) else ""


def prepare(text: str, family: str) -> Prepared:
    """The statement, rewritten."""
    found = Prepared(_rejoined(list(words_of(text, family))))
    for step in _STEPS:
        step(found, family)
    return found


def _rejoined(words: list[Word]) -> list[Word]:
    """`@@SESSION . name` is one word; numbers such as `1 . 5` do not occur."""
    return [
        Word(w.kind, "".join(w.text.replace("`", "").split())) if w.kind == "parameter" else w for w in words if w.text != ";"
    ]


# -- steps ------------------------------------------------------------------------------------------------


def _unwrap(found: Prepared, family: str) -> None:
    """`DECLARE .. CURSOR .. FOR query` is its query; `{fn now()}` is `now()`."""
    words = found.words
    if found.word(0) == "DECLARE":
        at = next((i for i, w in enumerate(words) if w.upper == "FOR"), -1)
        words = words[at + 1 :] if at >= 0 else words
    found.words = [w for w in words if not (w.kind == "mark" and w.text in "{}")]
    escapes = ("FN", "TS", "D", "T", "OJ")
    if len(found.words) < len(words):
        kept = zip(words, [None, *words[:-1]], strict=True)
        found.words = [w for w, b in kept if w.text not in "{}" and not (b and b.text == "{" and w.upper in escapes)]


def _lists(found: Prepared, family: str) -> None:
    """Lists that a server shortened: `(...)`, `?, ...`, `/* , ... */`."""
    result: list[Word] = []
    for at, word in enumerate(found.words):
        if word.kind == "dots":
            alone = found.word(at - 1) == "(" and found.word(at + 1) == ")"
            if alone and found.word(at - 2) == "IN":
                found.flags.add("list")
                result += [_ONE, _COMMA, _ONE]
            elif alone and _is_function(found.words, at - 2):
                result += [_ONE, _COMMA, _ONE]
            else:
                result.append(_ONE)
        elif word.kind == "more":
            row = bool(result) and result[-1].text == ")"
            result += [_COMMA, _OPEN, _ONE, _CLOSE] if row else [_COMMA, _ONE]
        else:
            result.append(word)
    found.words = result


def _is_function(words: list[Word], at: int) -> bool:
    return at >= 0 and words[at].is_name and words[at].upper not in ("VALUES", "VALUE", "ROW", "IN")


def _leading(found: Prepared, family: str) -> None:
    """REPLACE and UPSERT are an INSERT; modifiers of MySQL behind the first word go."""
    at = _main_word(found)
    first = found.word(at)
    if first in ("REPLACE", "UPSERT"):
        found.flags.add("upsert")
        found.words[at] = Word("word", "INSERT")
        first = "INSERT"
        if found.word(at + 1) not in (*_MODIFIERS, "INTO"):
            found.words.insert(at + 1, Word("word", "INTO"))
    if first == "INSERT" and found.word(at + 1) == "OR":
        found.flags.add("upsert" if found.word(at + 2) in ("REPLACE", "UPDATE") else "ignore")
        del found.words[at + 1 : at + 3]
    if first in ("INSERT", "UPDATE", "DELETE") and family != "postgres":
        while found.word(at + 1) in _MODIFIERS and len(found.words) > at + 2:
            found.flags |= {"ignore"} if found.words[at + 1].upper == "IGNORE" and first == "INSERT" else set()
            del found.words[at + 1]
    if first == "DELETE" and found.word(at + 1) == "FROM" and _ends_name(found, at + 2) == "FROM":
        del found.words[at + 1]  # SQL Server's `DELETE FROM o FROM orders AS o`
    if first == "INSERT" and found.word(at + 1) not in ("INTO", "OVERWRITE", "ALL", "FIRST") and len(found.words) > at + 1:
        found.words.insert(at + 1, Word("word", "INTO"))


def _ends_name(found: Prepared, at: int) -> str:
    """The word behind the name, with its qualifiers, that begins at a place."""
    while at + 2 < len(found.words) and found.words[at].is_name and found.words[at + 1].text == ".":
        at += 2
    return found.word(at + 1)


def _main_word(found: Prepared) -> int:
    """The place of the statement's verb, behind a WITH list."""
    if found.word(0) != "WITH":
        return 0
    at = 1
    depth = 0
    while at < len(found.words):
        word = found.words[at]
        depth += (word.text == "(") - (word.text == ")")
        if depth == 0 and word.upper in ("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"):
            return at
        at += 1
    return 0


def _select_modifiers(found: Prepared, family: str) -> None:
    if family == "postgres":
        return
    words: list[Word] = []
    selecting = False
    for word in found.words:
        if selecting and word.upper in _SELECT_MODIFIERS:
            continue
        selecting = word.upper == "SELECT" or (selecting and word.upper in ("DISTINCT", "DISTINCTROW", "ALL"))
        words.append(word)
    found.words = words


def _operators(found: Prepared, family: str) -> None:
    """`OPERATOR(pg_catalog.=)` is the operator; `? |` between JSON operands is a containment."""
    words = found.words
    result: list[Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word.upper == "OPERATOR" and found.word(at + 1) == "(":
            end = closing(words, at + 1)
            result.append(words[end - 1])
            at = end + 1
            continue
        if word.text == "?" and word.kind == "parameter" and _is_between_operands(words, at):
            word = Word("mark", "@>")
        elif word.text in ("?|", "?&") or (family == "postgres" and word.text in _UNKNOWN_OPERATORS):
            word = Word("mark", "@>")
        elif family == "postgres" and word.text in ("|/", "||/", "!!"):
            word = Word("mark", "-")
        elif word.upper == "OVERRIDING" and found.word(at + 2) == "VALUE":
            at += 3
            continue
        elif word.upper == "DEFAULT" and found.word(at + 1) == "(" and family == "mysql":
            word = Word("word", "COALESCE")
        elif word.upper == "SOME" and found.word(at + 1) == "(":
            word = Word("word", "ANY")
        result.append(word)
        at += 1
    found.words = result


_UNKNOWN_OPERATORS = frozenset(("<->", "<#>", "<+>", "<~>", "<<->>", "<=>", "<%", "%>", "@?", "^@"))  # none of them is equality


def _is_between_operands(words: list[Word], at: int) -> bool:
    """Whether a question mark has an operand on both sides: then it asks a JSON value for a key."""
    if at == 0 or at + 1 >= len(words):
        return False
    before, after = words[at - 1], words[at + 1]
    left = (before.is_name and before.upper not in _KEYWORDS and before.upper not in _TYPES) or before.text in (")", "]")
    right = after.kind in ("string", "parameter", "quoted") or after.upper in ("(", "ARRAY")
    return left and right


def _typed_parameters(found: Prepared, family: str) -> None:
    """`interval $1`, `DATE $1`, `EXTRACT($1 FROM x)`: what a server made of a literal with its type before it."""
    words = found.words
    result: list[Word] = []
    for at, word in enumerate(words):
        constant = at + 1 < len(words) and (words[at + 1].kind == "parameter" and words[at + 1].text[0] in "$?")
        if word.upper in _TYPES and constant and found.word(at - 1) not in ("AS", "::", ".") and found.word(at + 2) not in _UNITS:
            continue
        if word.upper == "ZONE" and constant and found.word(at - 1) == "TIME" and found.word(at - 2) in ("WITH", "WITHOUT"):
            del result[-3:]
            continue
        if (
            word.kind == "parameter"
            and found.word(at - 1) == "("
            and found.word(at - 2) == "EXTRACT"
            and found.word(at + 1) == "FROM"
        ):
            word = Word("word", "DAY")
        result.append(word)
    found.words = result


_UNITS = frozenset("MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR".split())


def _outer_marks(found: Prepared, family: str) -> None:
    """Oracle's `column(+)` is one word for the parser."""
    words = found.words
    for at in range(len(words) - 3, -1, -1):
        if [w.text for w in words[at : at + 3]] == ["(", "+", ")"]:
            words[at : at + 3] = [Word("mark", "(+)")]


def _into(found: Prepared, family: str) -> None:
    """MySQL's `INTO @variable` and `INTO OUTFILE 'file'` are no tables."""
    words = found.words
    for at, word in enumerate(words):
        if word.upper != "INTO" or found.word(0) == "INSERT":
            continue
        if at + 1 < len(words) and (words[at + 1].text.startswith("@") or words[at + 1].upper in ("OUTFILE", "DUMPFILE")):
            end = at + 2
            if words[at + 1].text.startswith("@"):
                while end < len(words) and (words[end].text == "," or words[end].kind == "parameter"):
                    end += 1
            else:
                while end < len(words) and words[end].upper != "FROM":
                    end += 1
            found.words = words[:at] + words[end:]
            return


def _current_of(found: Prepared, family: str) -> None:
    """`WHERE CURRENT OF cursor`: one row, but found by no key."""
    for at in range(len(found.words) - 3):
        if (found.word(at), found.word(at + 1), found.word(at + 2)) == ("WHERE", "CURRENT", "OF"):
            end = at + 4
            found.words[at + 1 : end] = [Word("word", "pg_row_of_cursor"), _OPEN, _ONE, _CLOSE]
            found.flags.add("cursor")
            return


def without_locks(found: Prepared) -> bool:
    """Takes locking clauses away; whether there were any."""
    words = found.words
    result: list[Word] = []
    at = 0
    while at < len(words):
        if words[at].upper == "FOR" and found.word(at + 1) in _LOCKS:
            end = at + 1
            while end < len(words) and words[end].upper not in (")", "LIMIT", "OFFSET", "FETCH", "UNION", ";"):
                end += 1
            if any(w.upper == "SKIP" for w in words[at:end]):
                found.flags.add("queue")
            found.flags.add("lock")
            at = end
            continue
        result.append(words[at])
        at += 1
    changed = len(result) < len(words)
    found.words = result
    return changed


_ONE, _COMMA, _OPEN, _CLOSE = Word("number", "1"), Word("mark", ","), Word("mark", "("), Word("mark", ")")
_STEPS: tuple[Callable[[Prepared, str], None], ...] = (
    _unwrap, _lists, _leading, _select_modifiers, _operators, _typed_parameters, _outer_marks, _into, _current_of,
)  # fmt: skip
