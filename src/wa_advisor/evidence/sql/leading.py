"""What the first words of a statement decide, without a parser: what is not counted, and routines whose work is not seen."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from wa_advisor.evidence.sql.record import NOT_COUNTED, OPAQUE
from wa_advisor.evidence.sql.words import Word

PARSED = frozenset("SELECT WITH INSERT REPLACE UPDATE DELETE MERGE TABLE VALUES UPSERT DECLARE SEL".split())
_KINDS = {
    "transaction": "COMMIT ROLLBACK ABORT SAVEPOINT RELEASE XA START",
    "session": "SET SHOW USE DISCARD DEALLOCATE PREPARE LISTEN UNLISTEN NOTIFY RESET DESCRIBE DESC HELP PRAGMA ATTACH DETACH DELIMITER "
    "PRINT WAITFOR GO RAISERROR",
    "cursor": "FETCH CLOSE MOVE OPEN",
    "admin": "EXPLAIN ANALYZE ANALYSE VACUUM LOCK UNLOCK KILL FLUSH OPTIMIZE CHECK CHECKSUM REPAIR CHECKPOINT CLUSTER REINDEX PURGE CHANGE "
    "STOP INSTALL UNINSTALL BINLOG CACHE SHUTDOWN BACKUP RESTORE DBCC RECOVER CLONE SIGNAL RESIGNAL GET",
    "ddl": "CREATE ALTER DROP TRUNCATE RENAME COMMENT GRANT REVOKE REFRESH SECURITY IMPORT REASSIGN DENY",
    "bulk": "COPY LOAD BULK UNLOAD",
}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_WHY = {
    "transaction": "rule 1: it controls a transaction", "session": "rule 1: it sets or asks the session",
    "cursor": "rule 1: its query was counted where the cursor was declared", "admin": "rule 1: administration",
    "ddl": "rule 1: it defines data, it does not use it", "bulk": "rule 1: bulk loading or unloading",
}  # fmt: skip
_AFTER_BEGIN = frozenset(
    "WORK TRANSACTION TRAN ISOLATION READ DEFERRED IMMEDIATE EXCLUSIVE CONCURRENT DEFERRABLE NOT DISTRIBUTED".split()
)


class Decided(Struct, frozen=True):
    """A class that needs no tree."""

    name: str
    kind: str
    why: str


def decide_by_first_words(words: Sequence[Word], family: str) -> Decided | None:
    """The class, or None for a statement that has to be parsed."""
    first = words[0].upper
    second = words[1].upper if len(words) > 1 else ""
    if first in ("CALL", "EXEC", "EXECUTE") or (first == "{" and "CALL" in [w.upper for w in words[1:5]]):
        return _routine(first, second, words)
    if first == "BEGIN":
        return _begin([w.upper for w in words[1:3]])
    if first == "END":
        return _not_counted("transaction")
    if first == "DO":
        return _not_counted("admin") if family == "mysql" else _block()
    if first == "SAVE" and second in ("TRAN", "TRANSACTION"):
        return _not_counted("transaction")
    if first == "PREPARE" and second == "TRANSACTION":
        return _not_counted("transaction")
    if first == "START" and second not in ("TRANSACTION", ""):
        return _not_counted("admin")
    if first == "SET" and second == "TRANSACTION":
        return _not_counted("session")
    if first == "DECLARE" and len(words) > 1 and words[1].text.startswith("@"):
        return _not_counted("session")
    if first == "DECLARE":
        return None if _declares_cursor(words) else _block()
    if first == "HANDLER":
        return Decided(OPAQUE, "unparsed", "rule 4: rows read through a handler, not a statement over a table")
    kind = _BY_WORD.get(first)
    if kind and words[0].kind == "word":
        return _not_counted(kind)
    return None


def _not_counted(kind: str) -> Decided:
    return Decided(NOT_COUNTED, kind, _WHY[kind])


def _routine(first: str, second: str, words: Sequence[Word]) -> Decided:
    if first == "EXECUTE" and second != "IMMEDIATE" and not any(w.upper in ("PROCEDURE", "FUNCTION") for w in words[:2]):
        return Decided(OPAQUE, "unresolved", "rule 4: a prepared statement whose text is not known")
    return Decided(OPAQUE, "routine", "rule 4: a routine, what it does is not seen")


def _block() -> Decided:
    return Decided(OPAQUE, "routine", "rule 4: a block of code, its statements are not split")


def _begin(further: Sequence[str]) -> Decided:
    if not further or (further[0] in _AFTER_BEGIN and further[:2] != ["NOT", "ATOMIC"]):
        return _not_counted("transaction")
    return _block()


def _declares_cursor(words: Sequence[Word]) -> bool:
    return any(w.upper == "CURSOR" for w in words[1:8])
