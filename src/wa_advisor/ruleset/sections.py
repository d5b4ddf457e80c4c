"""The sections of a rule file -> drafts in a Book."""

from __future__ import annotations

from wa_advisor.errors import did_you_mean
from wa_advisor.ruleset.drafts import Book, Entry, check_mapping, list_of, pairs_of
from wa_advisor.ruleset.shape import ANYWHERE, HEADS, LISTS, MAPPINGS, SHAPES
from wa_advisor.ruleset.source import Node, Source


def read_file(book: Book, root: Node, source: Source, level: int) -> None:
    """Everything with an id that one file holds, added to the book."""
    if root.kind != "mapping":
        source.add(root, "a rule file is one mapping: start it with `questions:`, `decision:` or another section")
        return
    sections = {key.text: value for key, value in root.pairs}
    head = next((h for h in HEADS if h in sections), "")
    _check_sections(root, head, source)
    if head:
        entry = Entry(HEADS[head], sections[head].text, root, sections[head], source, level)
        _READERS[head](book, entry)
    for kind in MAPPINGS:
        _read_mapping(book, kind, sections.get(kind), source, level)
    if head != "pillar":
        _read_mapping(book, "questions", sections.get("questions"), source, level)
    for kind in LISTS:
        for node in list_of(sections.get(kind), kind, source):
            entry = Entry(kind, "", node, node, source, level)
            if _add_with_id(book, kind, entry) and kind == "costs":
                _read_cost_lines(book, entry)
    book.notes += [(note, source) for note in list_of(sections.get("cost_notes"), "cost_notes", source)]
    _read_gate(book, sections.get("gate"), source, level)
    _read_bans(book, sections.get("ban"), source, level)
    for node in list_of(sections.get("disable"), "disable", source):
        if level:
            book.disable(Entry("disable", node.text, node, node, source, level))
        else:
            source.add(node, "`disable` is for overlays: remove the entry itself")


def _check_sections(root: Node, head: str, source: Source) -> None:
    allowed = {*ANYWHERE, *(SHAPES[HEADS[head]] if head else HEADS), "override", "extend"}
    if not head:
        allowed -= {"override", "extend"}
    for key, value in root.pairs:
        if key.text not in allowed:
            known = allowed if not head or key.text not in HEADS else {head}
            source.add(key, f'unknown section "{key.text[:40]}"{did_you_mean(key.text, known, what="sections here")}')
        elif value.is_null and key.text != "gate":
            source.add(key, f"`{key.text}` is empty: fill it or remove it")


def _read_mapping(book: Book, kind: str, node: Node | None, source: Source, level: int) -> None:
    for key, value in pairs_of(node, kind, source):
        if not value.is_null:
            book.add(kind, Entry(kind, key.text, value, key, source, level))
        else:
            source.add(key, f'"{key.text[:60]}" is empty: write its properties below it')


def _add_with_id(book: Book, kind: str, entry: Entry) -> bool:
    """Whether the entry has an id of its own, by which it was added."""
    ident = entry.fields.get("id")
    if entry.node.kind != "mapping" or ident is None or ident.kind != "scalar" or ident.is_null:
        entry.source.add(entry.node, "this entry has no `id`: give it one that names the pattern")
        return False
    entry.id, entry.at = ident.text, ident
    book.add(kind, entry)
    return True


def _read_cost_lines(book: Book, cost: Entry) -> None:
    """The lines of a cost, each known by its place."""
    for place, node in enumerate(list_of(cost.fields.get("lines"), "lines", cost.source)):
        line = Entry("cost_lines", f"{cost.id}/{place}", node, node, cost.source, cost.level, (cost.id,))
        book.kind("cost_lines")[line.id] = line


def _read_header(book: Book, entry: Entry) -> None:
    if entry.kind == "ruleset" and entry.level:
        entry.problem("an overlay says `overlay: NAME`; `ruleset:` names the shipped set")
    known = book.headers.setdefault(entry.level, entry)
    if known is not entry:
        entry.problem(f"a second header (first in {known.source.file}:{known.at.line}): keep one for each set")


def _read_decision(book: Book, entry: Entry) -> None:
    known = book.kind("decisions")
    if not entry.flag("extend"):
        book.add("decisions", entry)
    elif entry.id not in known:
        entry.problem(f'no decision "{entry.id[:60]}" to extend{did_you_mean(entry.id, known)}')
    else:
        book.extensions.setdefault(entry.id, []).append(entry)
    for kind in ("constraints", "arguments", "rows"):
        for node in list_of(entry.fields.get(kind), kind, entry.source):
            _add_with_id(book, "rules", Entry(kind, "", node, node, entry.source, entry.level, (entry.id, "")))
    for option, body in pairs_of(entry.fields.get("options"), "options", entry.source):
        if not body.is_null:
            _read_option(book, entry, option, body)


def _read_option(book: Book, entry: Entry, option: Node, body: Node) -> None:
    if body.kind != "mapping":
        entry.source.add(body, "an option is a mapping: write `constraints:` and `arguments:` below it")
        return
    check_mapping(body, option, option.text, SHAPES["option"], entry.source)
    for kind in ("constraints", "arguments"):
        for node in list_of(body.get(kind), kind, entry.source):
            _add_with_id(book, "rules", Entry(kind, "", node, node, entry.source, entry.level, (entry.id, option.text)))


def _read_pillar(book: Book, entry: Entry) -> None:
    known = book.kind("pillars")
    if not entry.flag("extend"):
        book.add("pillars", entry)
    elif entry.id not in known:
        entry.problem(f'no pillar "{entry.id[:60]}" to extend{did_you_mean(entry.id, known)}')
    for node in list_of(entry.fields.get("questions"), "questions", entry.source):
        _read_lens_question(book, Entry("lens", "", node, node, entry.source, entry.level, (entry.id,)))


def _read_lens_question(book: Book, entry: Entry) -> None:
    if entry.flag("extend"):
        ident = entry.fields.get("id")
        entry.id, entry.at = (ident.text, ident) if ident is not None else ("", entry.node)
        if entry.id not in book.kind("lens"):
            entry.problem(f'no lens question "{entry.id[:60]}" to extend{did_you_mean(entry.id, book.kind("lens"))}')
        allowed = {key: one for key, one in SHAPES["lens"].items() if key in ("id", "practices")}
        check_mapping(entry.node, entry.at, entry.id, allowed, entry.source)
    elif not _add_with_id(book, "lens", entry):
        return
    for node in list_of(entry.fields.get("practices"), "practices", entry.source):
        _add_with_id(book, "practices", Entry("practices", "", node, node, entry.source, entry.level, (entry.id,)))


def _read_gate(book: Book, node: Node | None, source: Source, level: int) -> None:
    """What fails a gate; a later set speaks last."""
    for key, value in pairs_of(node, "gate", source):
        book.kind("gate")[key.text] = Entry("gate", key.text, value, key, source, level)


def _read_bans(book: Book, node: Node | None, source: Source, level: int) -> None:
    for one in list_of(node, "ban", source):
        if one.kind != "mapping":
            source.add(one, "a ban is written as {service: .., because: ..}")
            continue
        service = one.get("service")
        entry = Entry("ban", service.text if service else "ban", one, service or one, source, level)
        check_mapping(one, one, entry.id, SHAPES["ban"], source)
        book.bans[entry.id] = entry


_READERS = {"ruleset": _read_header, "overlay": _read_header, "decision": _read_decision, "pillar": _read_pillar}
