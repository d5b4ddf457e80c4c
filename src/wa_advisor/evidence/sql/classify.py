"""One statement -> its class, by the rules of the definition in their order; the first that holds decides.

1 control, session, definition, bulk; 2 foreign-key probes; 3 catalogs; 4 what cannot be seen or read; 5 no table; 6 several
references; 7 unions of one table; 8 one row written; 9 a key is bound; 10 anything else over one table.
"""

from __future__ import annotations

import re

from sqlglot import exp

from wa_advisor.evidence.fingerprint import family_of, shapes_of
from wa_advisor.evidence.sql.binding import bind
from wa_advisor.evidence.sql.builtins import CATALOGS, is_builtin
from wa_advisor.evidence.sql.columns import is_pseudo
from wa_advisor.evidence.sql.conditions import Binding
from wa_advisor.evidence.sql.kinds import Found, insert_kind, is_existence_probe, is_whole_insert, kind_of, verb_of
from wa_advisor.evidence.sql.leading import decide_by_first_words
from wa_advisor.evidence.sql.operations import operation_of, stops_of
from wa_advisor.evidence.sql.parse import ParseFailure, parse_statement, parser_dialect
from wa_advisor.evidence.sql.prepare import Prepared, prepare, without_locks
from wa_advisor.evidence.sql.record import KEY_VALUE, NOT_COUNTED, OPAQUE, RELATIONAL, SINGLE, Statement
from wa_advisor.evidence.sql.references import Reference, References, find_references
from wa_advisor.evidence.sql.relations import independent_branches, relational_kind
from wa_advisor.evidence.sql.schema import Schema
from wa_advisor.evidence.sql.words import words_of

_QUOTED = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_PROBE = re.compile(  # without ONLY where the table is partitioned
    rf"SELECT \S+ FROM (?:ONLY )?{_QUOTED}(?:\s*\.\s*{_QUOTED})? x WHERE .*\bOPERATOR\s*\(\s*pg_catalog\s*\.\s*=\s*\).*"
    r"\bFOR (?:KEY )?SHARE OF x",
    re.IGNORECASE | re.DOTALL,
)
_NEVER_LAST = frozenset(
    "AND OR NOT WHERE IN EXISTS FROM JOIN ON SET BY LIKE ILIKE BETWEEN SELECT DISTINCT INNER LEFT RIGHT FULL OUTER CROSS NATURAL UNION "
    "INTERSECT EXCEPT AS VALUES INTO USING HAVING GROUP ORDER LIMIT OFFSET WITH CASE WHEN THEN ELSE IS RETURNING CONFLICT DUPLICATE "
    "INSERT , ( [ . = <= >= <> != + - / || :: <=>".split()
)
_OF_SEQUENCES = ("nextval", "currval", "lastval", "setval")
_CLAUSES = {"limit": (exp.Limit, exp.Fetch), "order": (exp.Order,)}
_STATEMENTS = (exp.Query, exp.Values, exp.Insert, exp.Update, exp.Delete, exp.Merge)


def classify_statement(sql: str, schema: Schema | None = None, dialect: str = "postgres") -> Statement:
    """The class of one statement. `dialect` is a name as sqlglot has it; without a `schema` keys are assumed from names.

    Never raises for a text: what cannot be read is opaque, and `why` says so without repeating a literal of it.
    """
    dialect = parser_dialect(dialect)
    family = family_of(dialect)
    if re.match(r"\s*#?\s*administrator command\b", sql, re.IGNORECASE):
        return _plain(NOT_COUNTED, "admin", "rule 1: a command of the protocol")
    if re.fullmatch(r"\s*<[^<>]{1,80}>\s*", sql):
        return _plain(OPAQUE, "unparsed", "rule 4: the text is hidden from the user who exported it")
    shapes = shapes_of(sql, family, schema.literals if schema else frozenset())
    if len(shapes) != 1:
        what = "there is no statement in the text" if not shapes else "several statements in one text"
        return _plain(OPAQUE, "unparsed", f"rule 4: {what}")
    if shapes[0].cut:
        return _plain(OPAQUE, "unparsed", f"rule 4: {shapes[0].cut}")
    try:
        return _classify(shapes[0].sql, schema, dialect, family)
    except (RecursionError, ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
        # a tree of a form that nobody has met yet must not end a run over a million statements
        return _plain(OPAQUE, "unparsed", f"rule 4: it could not be judged ({type(error).__name__})")


def _classify(text: str, schema: Schema | None, dialect: str, family: str) -> Statement:
    words = list(words_of(text, family))
    while words and words[0].text in "(;":
        words = words[1:]
    if not words:
        return _plain(OPAQUE, "unparsed", "rule 4: there is no statement in the text")
    decided = decide_by_first_words(words, family)
    if decided is not None:
        return _plain(decided.name, decided.kind, decided.why)
    if words[-1].upper in _NEVER_LAST and words[-2:][0].upper != "DEFAULT":
        return _plain(OPAQUE, "unparsed", "rule 4: the text ends where no statement ends: it is cut")
    if words[-1].kind == "dots" and (len(words) < 2 or words[-2].text != ","):
        return _plain(OPAQUE, "unparsed", "rule 4: the text ends in dots: it is cut")
    if _PROBE.fullmatch(text.strip().rstrip(";").strip()):
        return _plain(NOT_COUNTED, "fk-check", "rule 2: the server checks a foreign key")
    prepared = prepare(text, family)
    try:
        tree = _parse(prepared, dialect)
    except ParseFailure as failure:
        return _plain(OPAQUE, "unparsed", f"rule 4: {failure.reason}")
    return _Judgement(tree, prepared, schema, dialect, family).statement()


def _parse(prepared: Prepared, dialect: str) -> exp.Expression:
    try:
        tree = parse_statement(prepared.text, dialect)
    except ParseFailure:
        if not without_locks(prepared):  # one of the many locking clauses that the parser may not know
            raise
        tree = parse_statement(prepared.text, dialect)
    if not isinstance(tree, _STATEMENTS):
        raise ParseFailure("the parser does not know this statement")
    return tree


def _plain(name: str, kind: str, why: str) -> Statement:
    return Statement(name=name, kind=kind, why=why, confidence="unknown" if name == OPAQUE else "declared")


class _Judgement:
    """The rules from 3 on, over one tree."""

    def __init__(self, tree: exp.Expression, prepared: Prepared, schema: Schema | None, dialect: str, family: str) -> None:
        self.tree = tree
        self.prepared = prepared
        self.schema = schema
        self.family = family
        self.flags = set(prepared.flags)
        into = tree.find(exp.Into)
        self.makes_table = into is not None and isinstance(into.this, exp.Table)
        self.references: References = find_references(tree, schema, family, dialect)
        if any(lock for lock in tree.find_all(exp.Lock)):
            self.flags.add("lock")
        if any(lock.args.get("wait") is False for lock in tree.find_all(exp.Lock)):
            self.flags.add("queue")

    def statement(self) -> Statement:
        """The class, by the first rule that holds."""
        found = self.references.found
        if self.makes_table:
            return _plain(NOT_COUNTED, "ddl", "rule 1: it makes a table of a query")
        if self.references.catalog:
            return _plain(NOT_COUNTED, "catalog", "rule 3: it asks the server's own tables")
        broken = self._broken()
        if broken:
            return _plain(OPAQUE, "unparsed", f"rule 4: {broken}")
        if not found:
            return self._without_table()
        if len(found) > 1:
            return self._of_several(found)
        return self._of_one(found[0])

    def _broken(self) -> str:
        """Why the tree cannot be the whole statement; a text that was cut may still be one that parses."""
        for insert in self.tree.find_all(exp.Insert):
            if not is_whole_insert(insert):
                return "an INSERT without rows: the text is cut"
        for update in self.tree.find_all(exp.Update):
            if not update.expressions and not isinstance(update.parent, exp.When):
                return "an UPDATE that sets nothing: the text is cut"
        for delete in self.tree.find_all(exp.Delete):
            if not isinstance(delete.this, exp.Expression) and not isinstance(delete.parent, exp.When):
                return "a DELETE of nothing: the text is cut"
        for select in self.tree.find_all(exp.Select):
            if not select.args.get("from_") and not select.args.get("laterals") and self._is_lost(select):
                return "columns without a table: the text is cut"
        return ""

    def _is_lost(self, select: exp.Select) -> bool:
        """Whether a query without FROM asks for columns: it stands alone, in a union or behind INSERT, so they are of no table."""
        holder = select.parent
        while isinstance(holder, exp.Subquery) and not holder.alias:
            holder = holder.parent
        if holder is not None and not isinstance(holder, exp.SetOperation | exp.Insert | exp.CTE):
            return False
        if not select.expressions:
            return True
        own = (n for e in select.expressions for n in e.walk(prune=_is_apart))
        return any(isinstance(n, exp.Star) or (isinstance(n, exp.Column) and not is_pseudo(n)) for n in own)

    # -- no table ----------------------------------------------------------------------------------------

    def _without_table(self) -> Statement:
        routine = self._routine()
        if routine:
            return _plain(OPAQUE, "routine", f"rule 4: {routine} is no function of the engine, what it does is not seen")
        sets = any(a.name.lower() == "set_config" for a in self.tree.find_all(exp.Anonymous))
        asks = any(a.name.lower().startswith("pg_stat") for a in self.tree.find_all(exp.Anonymous))
        kind = "session" if sets else "catalog" if asks else "no-table"
        return _plain(NOT_COUNTED, kind, "rule 5: no table is referred to")

    def _routine(self) -> str:
        """The first function that is not the engine's own; empty when there is none."""
        words = self.prepared.words
        routines = self.schema.routines if self.schema else frozenset()
        unknown = {a.name.casefold() for a in self.tree.find_all(exp.Anonymous, exp.AnonymousAggFunc)}
        for at in range(len(words) - 1):
            if not words[at].is_name or words[at + 1].text != "(":
                continue
            name = words[at].name
            qualifier = words[at - 2].name if at > 1 and words[at - 1].text == "." and words[at - 2].is_name else ""
            if name in routines or (qualifier and qualifier not in CATALOGS and self._is_call(name)):
                return words[at].text
            if name in unknown and not is_builtin(name, self.family):
                return words[at].text
        return ""

    def _is_call(self, name: str) -> bool:
        """Whether the tree has a function of this name, and not a table with a list of columns."""
        named = (f.name if isinstance(f, exp.Anonymous) else f.sql_name() for f in self.tree.find_all(exp.Func))
        return any(n.casefold() == name for n in named)

    # -- several references ------------------------------------------------------------------------------

    def _of_several(self, found: list[Reference]) -> Statement:
        branches = independent_branches(self.tree, found)
        if branches and not self.references.recursive:
            return self._of_union(found)
        kind = relational_kind(self.tree, found, self.references.recursive)
        names = tuple(dict.fromkeys(r.name for r in found))
        if kind == "insert-select" and len(names) == 1:
            self.flags.add("conditional-put")
        why = f"rule 6: {len(found)} references to tables ({', '.join(names[:5])}{', ..' if len(names) > 5 else ''})"
        return self._record(RELATIONAL, kind, why, found)

    def _of_union(self, found: list[Reference]) -> Statement:
        """The branches do not meet each other: the first one tells the kind."""
        binding = bind(found[0], self.family)
        first = kind_of(found[0], self.tree, binding, self.schema is not None, self.flags)
        kind = {"get": "batch-get"}.get(first.kind, first.kind)
        why = f"rule 7: a union of {len(found)} requests to {found[0].name}, which do not match rows with each other"
        return self._record(SINGLE, kind, why, found[:1], binding, first)

    # -- one reference -----------------------------------------------------------------------------------

    def _of_one(self, reference: Reference) -> Statement:
        if self.references.recursive:
            why = f"rule 6: a recursion over {reference.name} meets its rows again and again"
            return self._record(RELATIONAL, "recursive", why, [reference])
        verb = verb_of(reference)
        if isinstance(verb, exp.Insert | exp.Merge):
            kind = insert_kind(verb, self.flags)
            name, rule, what = (SINGLE, 10, "several rows") if kind == "batch-write" else (KEY_VALUE, 8, "one row")
            word = "a MERGE" if isinstance(verb, exp.Merge) else "an INSERT"
            return self._record(name, kind, f"rule {rule}: {word} of {what} into {reference.name}", [reference])
        binding = bind(reference, self.family)
        found = kind_of(reference, self.tree, binding, self.schema is not None, self.flags)
        if found.single and found.key is not None:
            why = f"rule 9: {_key_words(found, reference)} is bound"
            return self._record(KEY_VALUE, found.kind, why, [reference], binding, found)
        return self._record(SINGLE, found.kind, self._why_not(reference, binding, found), [reference], binding, found)

    def _why_not(self, reference: Reference, binding: Binding, found: Found) -> str:
        if found.key is not None:
            count = "a list of unknown length" if binding.unknown_length or "list" in self.flags else "several values"
            return f"rule 10: {_key_words(found, reference)} is set to {count}"
        columns = sorted(c for c in binding.one if not c.startswith("("))
        what = f"{', '.join(columns)} of {reference.name}" if columns else ""
        if self.schema is not None and reference.table is None:
            return f"rule 10: the definitions have no table {reference.name}, so it counts as one without keys"
        if reference.table is None:
            return f"rule 10: no key of {reference.name} is known" + (f"; bound: {what}" if what else "")
        if not reference.table.keys:
            return f"rule 10: {reference.name} has no key"
        return f"rule 10: no key of {reference.name} is bound" + (f", only {', '.join(columns)}" if columns else "")

    # -- record ------------------------------------------------------------------------------------------

    def _record(
        self,
        name: str,
        kind: str,
        why: str,
        references: list[Reference],
        binding: Binding | None = None,
        found: Found | None = None,
    ) -> Statement:
        binding = binding or Binding()
        key = found.key.kind if found is not None and found.key is not None else ""
        verbs = [v for r in references if (v := verb_of(r)) is not None]
        flags = frozenset(
            self.flags - {"list"} - ({"queue"} if name == KEY_VALUE else set())
        )  # a row found by its key is no queue
        if key and not (found and found.single) and (binding.unknown_length or "list" in self.flags):
            flags |= {"unknown-length"}
        flags |= {name for name, kinds in _CLAUSES.items() if self.tree.find(*kinds) is not None}
        return Statement(
            name=name, kind=kind, key=key, operation=operation_of(kind, key), why=why, stops=stops_of(kind, key, flags),
            confidence=self._confidence(name, references, binding, found, flags),
            tables=tuple(dict.fromkeys(r.name for r in references)),
            key_columns=tuple(p for p in found.key.parts if not p.startswith("(")) if found is not None and found.key is not None else (),
            bound=_columns(binding.one), listed=_columns(binding.many - binding.one),
            ranged=_columns(binding.ranged - binding.one - binding.many), flags=flags,
            is_read=not verbs and isinstance(self.tree, exp.Query | exp.Values),
            could_be_keyed=name == SINGLE and found is not None and self._could_be_keyed(references[0], binding, kind),
        )  # fmt: skip

    def _could_be_keyed(self, reference: Reference, binding: Binding, kind: str) -> bool:
        if reference.table is not None or not binding.one or self.references.recursive:
            return False
        return kind != "aggregate" or is_existence_probe(self.tree)

    def _confidence(
        self, name: str, references: list[Reference], binding: Binding, found: Found | None, flags: frozenset[str]
    ) -> str:
        if found is None:
            return "declared"
        if found.assumed and found.key is not None:
            return "assumed"
        if references[0].table is None and (binding.any or self.schema is not None):
            return "unknown"
        return "assumed" if "unknown-length" in flags else "declared"


def _is_apart(node: exp.Expr) -> bool:
    """Whether names within are no columns of the query around: a query within, and the sequence in `nextval(s)`."""
    return isinstance(node, exp.Query | exp.NextValueFor) or (
        isinstance(node, exp.Anonymous) and node.name.lower() in _OF_SEQUENCES
    )


def _columns(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(n for n in names if not n.startswith("(")))


def _key_words(found: Found, reference: Reference) -> str:
    """The key in words: which kind, its columns, its table."""
    assert found.key is not None
    if found.assumed:
        return f"{found.key.columns} of {reference.name}, taken for its key by its name,"
    kind = "the primary key" if found.key.kind == "primary" else "the unique key"
    return f"{kind} ({found.key.columns}) of {reference.name}"
