"""Words of definitions -> Schema. Only what bears on keys is read; everything else a server can write is passed over.

A parser of full SQL is not used here: a dump holds many clauses that such a parser does not know yet, and one unknown clause
must not cost the table its key.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from wa_advisor.evidence.fingerprint import family_of
from wa_advisor.evidence.sql.indexes import Element, element_of, literals_of, predicate_of
from wa_advisor.evidence.sql.schema import Key, KeyKind, Schema, Table, View
from wa_advisor.evidence.sql.words import Word, closing, split, statements_in, text_of

_BEFORE_TABLE = frozenset(
    "GLOBAL LOCAL TEMP TEMPORARY UNLOGGED FOREIGN EXTERNAL OR REPLACE PRIVATE COLUMN ROW IMMUTABLE BLOCKCHAIN HYBRID".split()
)
_NOT_COLUMNS = frozenset("CONSTRAINT PRIMARY UNIQUE FOREIGN CHECK EXCLUDE LIKE FULLTEXT SPATIAL PERIOD".split())
_AFTER_TYPE = frozenset(
    "NOT NULL DEFAULT PRIMARY UNIQUE REFERENCES CHECK CONSTRAINT COLLATE GENERATED AUTO_INCREMENT COMMENT AS IDENTITY KEY ON "
    "INVISIBLE VIRTUAL STORED".split()
)


class _Draft(Struct):
    """A table while its definitions are read."""

    name: str
    schema: str
    columns: dict[str, str] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    parent: tuple[str, str] | None = None

    def add(self, kind: KeyKind, elements: list[Element], name: str, predicate: tuple[str, ...] = ()) -> None:
        """Adds a key; a primary key of the same name or kind is replaced."""
        if not elements or any(e is None for e in elements):
            return
        key = Key(kind=kind, parts=tuple(e for e in elements if e is not None), name=name, predicate=predicate)
        if kind == "primary":
            self.keys = [k for k in self.keys if k.kind != "primary" and (k.parts, k.predicate) != (key.parts, predicate)]
        if (key.parts, predicate) not in [(k.parts, k.predicate) for k in self.keys]:
            self.keys.append(key)


class _Definitions:
    """Reads one dump, statement by statement."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.family = family_of(dialect)
        self.home = ""
        self.tables: dict[tuple[str, str], _Draft] = {}
        self.views: dict[str, View] = {}
        self.routines: set[str] = set()
        self.sequences: set[str] = set()
        self.literals: set[str] = set()

    # -- statements --------------------------------------------------------------------------------------

    def take(self, words: list[Word]) -> None:
        """One statement."""
        first = words[0].upper
        if first == "CREATE" and len(words) > 2:
            self._create(words)
        elif first == "ALTER" and len(words) > 3 and "TABLE" in (words[1].upper, words[2].upper):
            self._alter(words)
        elif first == "DROP" and len(words) > 2:
            self._drop(words)
        elif first == "USE" and len(words) == 2:
            self.home = words[1].name
        elif [w.upper for w in words[:2]] == ["SET", "SEARCH_PATH"] and len(words) > 3:
            self.home = words[3].name if words[3].is_name else ""

    def _place(self, path: _Path) -> tuple[str, str]:
        """(schema, name): what a dump said by USE or search_path stands for a schema that is not written."""
        return path.schema or self.home, path.name

    def _create(self, words: list[Word]) -> None:
        at = 1
        while at < len(words) and words[at].upper in _BEFORE_TABLE:
            at += 1
        kind = words[at].upper if at < len(words) else ""
        if kind == "TABLE":
            self._create_table(words, at + 1)
        elif kind in ("UNIQUE", "INDEX", "CLUSTERED"):
            self._create_index(words, at)
        elif kind == "SEQUENCE":
            self.sequences.add(_Path(words, at + 1).name)
        elif kind == "MATERIALIZED" or "VIEW" in [w.upper for w in words[at : at + 14]]:
            self._create_view(words, at)
        else:
            self._create_routine(words[at : at + 8])

    def _create_routine(self, words: list[Word]) -> None:
        for place, word in enumerate(words[:-1]):
            if word.upper in ("FUNCTION", "PROCEDURE", "PROC", "AGGREGATE"):
                self.routines.add(_Path(words, place + 1).name)

    def _create_table(self, words: list[Word], at: int) -> None:
        path = _Path(words, at)
        home, _ = self._place(path)
        draft = _Draft(path.name, home)
        self.views.pop(path.name, None)
        self.tables[home, path.name] = draft
        at = path.end
        if at < len(words) and words[at].upper in ("PARTITION", "LIKE"):
            parent = _Path(words, at + (2 if words[at].upper == "PARTITION" else 1))
            draft.parent = parent.schema, parent.name
            at = parent.end
        if at < len(words) and words[at].text == "(":
            for entry in split(words[at + 1 : closing(words, at)]):
                self._entry(draft, entry)

    def _entry(self, draft: _Draft, entry: list[Word]) -> None:
        """A column or a constraint of a table."""
        first = entry[0].upper
        if first == "LIKE" and len(entry) > 1:
            parent = _Path(entry, 1)
            draft.parent = parent.schema, parent.name
        elif first in _NOT_COLUMNS or (self.family == "mysql" and first in ("KEY", "INDEX")):
            self._constraint(draft, entry)
        elif entry[0].is_name:
            self._column(draft, entry)

    def _column(self, draft: _Draft, entry: list[Word]) -> None:
        name = entry[0].name
        draft.columns[name] = _type_of(entry)
        flat = [w.upper for w in _outside(entry)[1:]]
        if "PRIMARY" in flat or (self.family == "mysql" and "KEY" in flat and "UNIQUE" not in flat):
            draft.add("primary", [name], "")
        elif "UNIQUE" in flat:
            draft.add("unique", [name], "")

    def _constraint(self, draft: _Draft, entry: list[Word]) -> None:
        name, at = "", 0
        if entry[0].upper == "CONSTRAINT":
            at = 1
            if at < len(entry) and entry[at].upper not in ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE"):
                name, at = entry[at].name, at + 1
        kind = entry[at].upper if at < len(entry) else ""
        if kind not in ("PRIMARY", "UNIQUE"):
            return
        key: KeyKind = "primary" if kind == "PRIMARY" else "unique"
        flat = [w.upper for w in entry]
        if "USING" in flat and "INDEX" in flat[flat.index("USING") :] and "(" not in flat:
            self._promote(draft, key, entry[flat.index("INDEX", flat.index("USING")) + 1].name)
            return
        start = next((i for i in range(at, len(entry)) if entry[i].text == "("), -1)
        if start >= 0:
            names = [
                w.name for w in entry[at + 1 : start] if w.is_name and w.upper not in ("KEY", "INDEX", "USING", "BTREE", "HASH")
            ]
            draft.add(key, self._elements(entry, start), name or (names[0] if names else ""))

    def _promote(self, draft: _Draft, kind: KeyKind, index: str) -> None:
        """`ADD PRIMARY KEY USING INDEX name`."""
        for key in draft.keys:
            if key.name == index:
                draft.add(kind, list(key.parts), index)
                return

    def _elements(self, words: list[Word], start: int) -> list[Element]:
        return [element_of(e, self.dialect, self.family) for e in split(words[start + 1 : closing(words, start)])]

    # -- indexes -----------------------------------------------------------------------------------------

    def _create_index(self, words: list[Word], at: int) -> None:
        flat = [w.upper for w in words]
        if flat[at] != "UNIQUE" or "ON" not in flat:
            return
        on = flat.index("ON")
        named = [w for w in words[at + 1 : on] if w.is_name and w.upper not in _INDEX_WORDS]
        path = _Path(words, on + (2 if flat[on + 1 : on + 2] == ["ONLY"] else 1))
        draft = self._draft(path)
        start = next((i for i in range(path.end, len(words)) if words[i].text == "("), -1)
        if draft is None or start < 0:
            return
        rest = words[closing(words, start) + 1 :]
        where = next((i for i, w in enumerate(rest) if w.upper == "WHERE"), -1)
        predicate: tuple[str, ...] | None = ()
        if where >= 0:
            condition = rest[where + 1 :]
            predicate = predicate_of(condition, self.dialect)
            self.literals |= literals_of(condition)
        if predicate is not None:
            draft.add("unique", self._elements(words, start), named[-1].name if named else "", predicate)

    def _draft(self, path: _Path) -> _Draft | None:
        found = self.tables.get(self._place(path))
        if found is not None:
            return found
        same = [d for (_, name), d in self.tables.items() if name == path.name]
        if same:
            return same[0]
        return self.tables.setdefault(self._place(path), _Draft(path.name, self._place(path)[0]))

    # -- views, changes ----------------------------------------------------------------------------------

    def _create_view(self, words: list[Word], at: int) -> None:
        place = next((i for i in range(at, len(words)) if words[i].upper == "VIEW"), -1)
        if place < 0:
            return
        path = _Path(words, place + 1)
        if any(w.upper == "MATERIALIZED" for w in words[at:place]):
            self.tables.setdefault(self._place(path), _Draft(path.name, self._place(path)[0]))
            return
        columns: tuple[str, ...] = ()
        if path.end < len(words) and words[path.end].text == "(":
            columns = tuple(e[0].name for e in split(words[path.end + 1 : closing(words, path.end)]) if e[0].is_name)
        start = next((i for i in range(path.end, len(words)) if words[i].upper == "AS"), -1)
        if start >= 0:
            self.tables = {k: d for k, d in self.tables.items() if k[1] != path.name}
            self.views[path.name] = View(name=path.name, query=text_of(_query(words[start + 1 :])), columns=columns)

    def _alter(self, words: list[Word]) -> None:
        at = next(i for i, w in enumerate(words) if w.upper == "TABLE") + 1
        while at < len(words) and words[at].upper == "ONLY":
            at += 1
        path = _Path(words, at)
        draft = self._draft(path)
        if draft is None:
            return
        for action in split(words[path.end :]):
            self._action(draft, [w for w in action if w.upper not in ("WITH", "NOCHECK")])

    def _action(self, draft: _Draft, action: list[Word]) -> None:
        flat = [w.upper for w in action]
        if flat[:2] == ["ATTACH", "PARTITION"]:
            child = self._draft(_Path(action, 2))
            if child is not None:
                child.parent = draft.schema, draft.name
        elif flat[:2] == ["RENAME", "TO"] and len(action) > 2:
            del self.tables[draft.schema, draft.name]
            draft.name = _Path(action, 2).name
            self.tables[draft.schema, draft.name] = draft
        elif flat[0] == "DROP":
            self._drop_part(draft, action)
        elif flat[0] == "ADD" and len(action) > 2:
            rest = action[1:]
            skip = {("COLUMN",): 1, ("COLUMN", "IF", "NOT", "EXISTS"): 4}
            words = max((n for k, n in skip.items() if tuple(w.upper for w in rest[: len(k)]) == k), default=0)
            rest = rest[words:]
            if rest and rest[0].text == "(":
                for entry in split(rest[1 : closing(rest, 0)]):
                    self._entry(draft, entry)
            elif rest:
                self._entry(draft, rest)

    def _drop_part(self, draft: _Draft, action: list[Word]) -> None:
        flat = [w.upper for w in action]
        if flat[1:3] == ["PRIMARY", "KEY"]:
            draft.keys = [k for k in draft.keys if k.kind != "primary"]
        elif len(flat) > 2 and flat[1] in ("CONSTRAINT", "INDEX", "KEY"):
            name = _Path(action, 2).name
            draft.keys = [k for k in draft.keys if k.name != name]
        elif len(flat) > 1:
            column = _Path(action, 2 if flat[1] == "COLUMN" else 1).name
            draft.columns.pop(column, None)
            draft.keys = [k for k in draft.keys if column not in k.parts]

    def _drop(self, words: list[Word]) -> None:
        kind = words[1].upper
        path = _Path(words, 2)
        if kind == "TABLE":
            self.tables.pop(self._place(path), None)
        elif kind == "VIEW":
            self.views.pop(path.name, None)
        elif kind == "INDEX":
            for draft in self.tables.values():
                draft.keys = [k for k in draft.keys if k.name != path.name]

    # -- result ------------------------------------------------------------------------------------------

    def schema(self) -> Schema:
        """What was read; a partition, or a table made like another, has the columns and keys of its parent too."""
        tables: dict[str, list[Table]] = {}
        for draft in self.tables.values():
            columns, keys = dict(draft.columns), list(draft.keys)
            seen = {id(draft)}
            parent = self._parent(draft)
            while parent is not None and id(parent) not in seen:
                seen.add(id(parent))
                columns = {**parent.columns, **columns}
                keys += [k for k in parent.keys if k.parts not in [o.parts for o in keys]]
                parent = self._parent(parent)
            table = Table(name=draft.name, schema=draft.schema, columns=columns, keys=tuple(keys))
            tables.setdefault(draft.name, []).append(table)
        return Schema(
            dialect=self.dialect, tables=tables, views=self.views, routines=frozenset(self.routines),
            sequences=frozenset(self.sequences), literals=frozenset(self.literals),
        )  # fmt: skip

    def _parent(self, draft: _Draft) -> _Draft | None:
        if draft.parent is None:
            return None
        schema, name = draft.parent
        return self.tables.get((schema, name)) or next((d for (_, n), d in self.tables.items() if n == name), None)


_INDEX_WORDS = frozenset("INDEX CONCURRENTLY IF NOT EXISTS CLUSTERED NONCLUSTERED UNIQUE KEY USING BTREE".split())


class _Path:
    """A name with its schema, read from a place; `end` is the place behind it."""

    def __init__(self, words: list[Word], at: int) -> None:
        while at < len(words) and words[at].upper in ("IF", "NOT", "EXISTS", "OF"):
            at += 1
        names: list[str] = []
        while at < len(words) and words[at].is_name:
            names.append(words[at].name)
            at += 1
            if at + 1 < len(words) and words[at].text == "." and words[at + 1].is_name:
                at += 1
            else:
                break
        self.name = names[-1] if names else ""
        self.schema = names[-2] if len(names) > 1 else ""
        self.end = at


def _outside(words: list[Word]) -> list[Word]:
    """The words outside brackets."""
    found: list[Word] = []
    depth = 0
    for word in words:
        if word.text in "([" and word.kind == "mark":
            depth += 1
        elif word.text in ")]" and word.kind == "mark":
            depth -= 1
        elif depth == 0:
            found.append(word)
    return found


def _type_of(entry: list[Word]) -> str:
    found: list[str] = []
    for word in entry[1:]:
        if word.upper in _AFTER_TYPE:
            break
        found.append(word.text.upper())
        if len(found) > 6:
            break
    return "".join(found)


def _query(words: list[Word]) -> list[Word]:
    """A view's query without the check option behind it."""
    flat = [w.upper for w in words]
    for tail in (["CHECK", "OPTION"], ["READ", "ONLY"], ["NO", "DATA"]):
        if flat[-2:] == tail and "WITH" in flat[-4:]:
            cut = len(flat) - 1 - flat[::-1].index("WITH")
            return words[:cut]
    return words


def read_definitions(text: str, dialect: str) -> Schema:
    """The Schema of a text; statements that define nothing, or that cannot be understood, are passed over."""
    definitions = _Definitions(dialect)
    take: Callable[[list[Word]], None] = definitions.take
    for words in statements_in(text, definitions.family):
        take(words)
    return definitions.schema()
