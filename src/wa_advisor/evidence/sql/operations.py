"""Kind -> the DynamoDB operation, and what stops it. Sizes and counts are hard limits of the DynamoDB API.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
"""

from __future__ import annotations

_ITEM = "an item holds at most 400 KB"
_UNIQUE = (
    "reads of a global secondary index are eventually consistent and it enforces no uniqueness: "
    "that needs a second item, written in the same TransactWriteItems"
)
_KEY_MADE = (
    "ids are made by the client instead of counted up; each further unique column needs an item of its own in a transaction"
)
_NOT_ATOMIC = "not atomic as a batch, and without order"
_RELATIONAL = "no counterpart: model it as an adjacency list, keep copies, or leave it in a relational store"

_BY_KEY = {
    "get": "GetItem", "update": "UpdateItem", "delete": "DeleteItem", "put": "PutItem", "upsert": "UpdateItem",
    "batch-get": "BatchGetItem", "batch-write": "BatchWriteItem",
}  # fmt: skip
_BY_UNIQUE_KEY = {
    "get": "Query(GSI)", "update": "Query(GSI)+UpdateItem", "delete": "Query(GSI)+DeleteItem",
    "batch-get": "N x Query(GSI)", "batch-write": "N x Query(GSI)+BatchWriteItem",
}  # fmt: skip
_OTHER = {
    "item-collection": "Query", "secondary": "Query(GSI)", "multi-lookup": "N x Query(GSI)", "filter": "Scan", "scan": "Scan",
    "search": "none", "aggregate": "none", "set-update": "Query+N x UpdateItem", "set-delete": "Query+BatchWriteItem",
    "queue": "none", "join-lookup": "none", "join": "none", "self-join": "none", "subquery": "none", "set-op": "none",
    "join-write": "none", "insert-select": "none", "recursive": "none", "join-aggregate": "none",
}  # fmt: skip

_STOPS = {
    "get": _ITEM, "put": _KEY_MADE, "upsert": _KEY_MADE, "update": _ITEM, "delete": "",
    "batch-get": f"at most 100 keys and 16 MB a call; {_NOT_ATOMIC}",
    "batch-write": "at most 25 puts or deletes and 16 MB a call, updates one by one or up to 100 in TransactWriteItems; "
    "not atomic outside a transaction",
    "item-collection": "1 MB a page; the leading key columns become the partition key, the next one the sort key",
    "secondary": "one global secondary index a path, eventually consistent; a column of few values makes a hot partition",
    "multi-lookup": "one Query for each value in the list",
    "filter": "reads every item; a page after a key has no counterpart over a hashed key: give the table a synthetic partition",
    "scan": "reads every item",
    "search": "no counterpart: full text and patterns belong into OpenSearch",
    "aggregate": "no counterpart: counters kept by Streams and a function, or an export to S3 and Athena",
    "set-update": "one write an item, not atomic beyond 100 items",
    "set-delete": "one delete an item, not atomic beyond 100 items",
    "queue": "no counterpart: hand the work over with SQS",
    "join-lookup": "two reads, or embed what is looked up: the price is the fan-out of its updates",
    "join": _RELATIONAL, "self-join": _RELATIONAL, "subquery": _RELATIONAL, "set-op": _RELATIONAL, "join-write": _RELATIONAL,
    "insert-select": _RELATIONAL, "recursive": _RELATIONAL, "join-aggregate": _RELATIONAL,
}  # fmt: skip
_FLAGS = {
    "lock": "no locks: a ConditionExpression on a version instead",
    "conditional-put": "the same table is asked first: a conditional put",
    "queue": "a queue in a table: SQS",
}


def operation_of(kind: str, key: str) -> str:
    """The DynamoDB operation that does the same; "none" where there is none."""
    if key == "unique" and kind in _BY_UNIQUE_KEY:
        return _BY_UNIQUE_KEY[kind]
    return _BY_KEY.get(kind) or _OTHER.get(kind, "")


def stops_of(kind: str, key: str, flags: frozenset[str]) -> str:
    """What stands against the operation, in one sentence."""
    parts = [_STOPS.get(kind, "")]
    if key == "unique" and kind in _BY_UNIQUE_KEY:
        parts.append(_UNIQUE)
    parts += [text for flag, text in _FLAGS.items() if flag in flags and not (flag == "queue" and kind == "queue")]
    return "; ".join(p for p in parts if p)
