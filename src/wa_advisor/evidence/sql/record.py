"""What the classifier says of one statement."""

from __future__ import annotations

from msgspec import Struct

KEY_VALUE, SINGLE, RELATIONAL, NOT_COUNTED, OPAQUE = "key-value", "single-table", "relational", "not-counted", "opaque"


class Statement(Struct, frozen=True, kw_only=True):
    """The class of a statement with its reasons; no literal of the statement is in it.

    `name` is one of the five classes, `key` is "primary", "unique" or empty, `stops` says what stands against the DynamoDB
    `operation`. `confidence` tells how the class is known: "declared" (from the keys in the definitions, or no key matters),
    "observed" (from the rows per call), "assumed" (from the name of a column, or a list of unknown length), "unknown".

    `tables` are the tables referred to, the first first; `key_columns` are the columns of the key that is bound; `bound` are columns set equal to one value, `listed` to one of
    several, `ranged` those compared otherwise. `could_be_keyed` says that the class would be key-value if `bound` held a key.
    """

    name: str
    kind: str
    key: str = ""
    operation: str = ""
    why: str
    confidence: str = "declared"
    stops: str = ""
    tables: tuple[str, ...] = ()
    key_columns: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    ranged: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    is_read: bool = False
    could_be_keyed: bool = False
