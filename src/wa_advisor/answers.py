"""Answers-file text -> Answers, or every problem in it.

What a scalar means is decided by the question that it answers: `no` is an answer to a yes-no question and
text elsewhere, and `12:30` is never a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from wa_advisor.amounts import parse_amount
from wa_advisor.errors import AnswersError, Problem, Span, cut, did_you_mean, nearest
from wa_advisor.model import GROUP_OF, GROUPS, QUANTITY_TYPES, Answer, Answers, Item, LensAnswer, Question, RuleSet, SignOff
from wa_advisor.numerals import QuantityError
from wa_advisor.quantity import EXAMPLES, NO_UPPER_END, Interval, format_magnitude, range_of, tidy
from wa_advisor.ruleset.compile import canonical, digest_of
from wa_advisor.ruleset.source import Node, Source, parse_yaml

TOP = ("answers", "ruleset", "ruleset_version", "workload", *GROUPS, "lens", "sign_offs")
LINKS: dict[str, dict[str, str]] = {
    "access_patterns": {"used_by": "components"},
    "components": {},
    "interfaces": {"served_by": "components"},
    "hand_overs": {"from": "", "to": "", "process": ""},
    "processes": {},
}
PROPOSED = {
    "access_patterns": "data_store",
    "components": "compute",
    "interfaces": "api",
    "hand_overs": "integration",
    "processes": "orchestration",
}
_WHOLE = ("name", "owner", "stage", "description")
_ANSWER_KEYS = ("value", "unknown", "not_applicable", "note", "evidence")


class Remarked(Struct, frozen=True):
    """The node of a value, and what was written beside it."""

    node: Node
    note: str
    evidence: str


def names_of(answer: Answer) -> tuple[str, ...]:
    """The names that a link leads to."""
    return answer.value if isinstance(answer.value, tuple) else ()


def parse_answers(text: str, file: str, ruleset: RuleSet) -> Answers:
    """The Answers in a file's text; AnswersError with all problems, in the order of the file."""
    return read_answers(*parse_yaml(text, file), ruleset)


def read_answers(root: Node | None, source: Source, ruleset: RuleSet) -> Answers:
    """The Answers in the nodes of a file; AnswersError with all problems, those that the source has before too."""
    result = _Reader(source, ruleset).read(root) if root is not None else None
    if root is None and not source.problems:
        source.add_line(1, 1, "the file is empty: start it with `answers: 1` and `workload:`")
    faults = [p for p in source.problems if not p.warning]
    if faults or result is None:
        raise AnswersError(sorted(faults, key=lambda p: (p.span.line, p.span.column)))
    contradictions = [Problem(span, message, source.line(span.line)) for span, message in contradicted(ruleset, result)]
    if contradictions:
        raise AnswersError(contradictions)
    return replace(result, notices=tuple(p for p in source.problems if p.warning))


def contradicted(ruleset: RuleSet, answers: Answers) -> Iterator[tuple[Span, str]]:
    """Where the answers say what a declared assumption says cannot occur."""
    if not ruleset.assumptions:
        return
    from wa_advisor.engine.world import Base, World, instances_of, processes_of

    processes = processes_of(answers)
    world = World(ruleset, Base(ruleset, answers, processes))
    for scope, index, item in instances_of(answers, processes):
        for one in ruleset.assumptions.values():
            if one.scope == scope and world.judge(one.never, scope, index):
                given = [a.span for n in sorted(one.needs) if (a := world.base.answer(world.place(n, scope, index))) is not None]
                at = min(given, key=lambda s: (s.line, s.column), default=item.span)
                yield at, f'these answers cannot all be right ("{one.id}": never {one.text}). {one.because} Correct one of them'


class _Reader:
    def __init__(self, source: Source, ruleset: RuleSet) -> None:
        self.source = source
        self.ruleset = ruleset

    def read(self, root: Node) -> Answers | None:
        if root.kind != "mapping":
            self.source.add(root, "an answers file is a mapping: start it with `answers: 1` and `workload:`")
            return None
        self.keys(root, TOP, "key")
        version = root.get("answers")
        if version is None:
            self.source.add(root, "`answers: 1` is missing: it names the format of this file")
        elif version.kind != "scalar" or version.text != "1":
            what = f'"{cut(version.text, 20)}" is not known here' if version.kind == "scalar" else "is one number"
            self.source.add(version, f"the format {what}: write `answers: 1`")
        named = root.get("ruleset")
        if named is not None and named.text != self.ruleset.name:
            self.source.add(named, f'rule set "{cut(named.text, 40)}" is not loaded: write {self.ruleset.name}')
        workload = self.workload(root.get("workload"), root)
        groups = {g: self.group(g, node) for g in GROUPS if (node := root.get(g)) is not None}
        self.check_links(groups, root)
        whole = workload[0]
        below = root.get("workload")
        return Answers(
            name=whole.get("name", ""), owner=whole.get("owner", ""), stage=whole.get("stage", ""),
            description=whole.get("description", ""), workload=workload[1],
            groups=groups, lens=self.lens(root.get("lens")), sign_offs=self.sign_offs(root.get("sign_offs"), groups),
            digest=digest_of(canonical(root)), file=self.source.file,
            observed=self.observed(below) if below is not None else {},
        )  # fmt: skip

    def keys(self, node: Node, allowed: Iterable[str], what: str) -> None:
        names = list(allowed)
        for key, _ in node.pairs:
            if key.text in names or key.kind != "scalar" or key.text == "<<":
                continue  # what is no plain key was told when the text was read
            gone = self.gone(key.text, names)
            if gone:
                self.source.add(key, gone)
            else:
                self.source.add(key, f'unknown {what} "{cut(key.text, 60)}"{did_you_mean(key.text, names, what="known here")}')

    def gone(self, key: str, names: list[str]) -> str:
        """What became of a question that an earlier version of the rules had; "" if there was none."""
        now = next((q.id for q in self.ruleset.questions.values() if key in q.was and q.id in names), "")
        if now:
            return f'"{cut(key, 60)}" is called {now} now: rename it'
        why = self.ruleset.retired.get(key, "")
        return f'"{cut(key, 60)}" is not asked any more: {why.rstrip(".")}; take the line out' if why else ""

    def workload(self, node: Node | None, root: Node) -> tuple[dict[str, str], dict[str, Answer]]:
        if node is None or node.kind != "mapping":
            what = "is missing" if node is None or node.is_null else "is a mapping"
            self.source.add(node or root, f"`workload:` {what}: give at least its `name`")
            return {}, {}
        questions = {q.id: q for q in self.ruleset.scope_questions("workload")}
        self.keys(node, [*_WHOLE, "note", "observed", *questions], "workload key")
        whole = {k: self.text(v, k) for k in _WHOLE if (v := node.get(k)) is not None}
        if not whole.get("name"):
            self.source.add(node, "the workload has no name: write `name:`")
        return whole, self.answered(node, questions)

    def text(self, node: Node, what: str) -> str:
        if node.kind != "scalar":
            self.source.add(node, f"`{what}` is text: write one value")
            return ""
        if node.is_null or not node.text.strip():
            self.source.add(node, f"`{what}` is empty: write it or remove the line")
        return node.text

    def remark(self, entry: Node, key: str) -> str:
        """The text of a key that may be left out or left empty."""
        node = entry.get(key)
        return "" if node is None or node.is_null else self.text(node, key)

    def answered(self, node: Node, questions: dict[str, Question]) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        for key, value in node.pairs:
            question = questions.get(key.text)
            if question is not None and not (value.is_null):
                answer = self.answer(value, question)
                if answer is not None:
                    found[key.text] = answer
        return found

    def group(self, group: str, node: Node) -> tuple[Item, ...]:
        if node.is_null:
            return ()
        if node.kind != "sequence":
            self.source.add(node, f"`{group}` is a list: start each entry with `- name:`")
            return ()
        questions = {q.id: q for q in self.ruleset.scope_questions(GROUPS[group])}
        items: list[Item] = []
        taken: set[str] = set()
        for entry in node.items:
            if entry.kind != "mapping":
                self.source.add(entry, "an entry starts with `name:`")
                continue
            self.keys(entry, ["name", "note", "proposed", "observed", *LINKS[group], *questions], "question")
            name_node = entry.get("name")
            name = self.text(name_node, "name") if name_node else ""
            if name_node is None:
                self.source.add(entry, f"this entry of `{group}` has no name: write `name:`")
            elif name in taken:
                self.source.add(name_node, f'the name "{cut(name, 60)}" is used twice in `{group}`: rename one')
            taken.add(name)
            links = self.links(entry, group)
            items.append(
                Item(
                    name=name, answers=self.answered(entry, questions), proposed=self.proposed(group, entry),
                    links={k: names_of(a) for k, a in links.items() if a.state != "unknown"}, link_answers=links,
                    note=self.remark(entry, "note"), observed=self.observed(entry), span=self.source.span(entry),
                )
            )  # fmt: skip
        return tuple(items)

    def observed(self, entry: Node) -> dict[str, str]:
        """What evidence saw, as text under its names; nothing is judged from it."""
        node = entry.get("observed")
        if node is None or node.is_null:
            return {}
        if node.kind != "mapping":
            self.source.add(node, "`observed` is a mapping that evidence writes: remove it or let `workload --answers` write it")
            return {}
        return {key.text: self.text(value, key.text) for key, value in node.pairs}

    def links(self, entry: Node, group: str) -> dict[str, Answer]:
        """The links of an entry as Answers; the value of one is a tuple of names."""
        found: dict[str, Answer] = {}
        for key in LINKS[group]:
            node = entry.get(key)
            answer = self.link(node, key) if node is not None else None
            if answer is not None:
                found[key] = answer
        return found

    def link(self, node: Node, key: str) -> Answer | None:
        """A link: a name or a list of names, or what any answer may be."""
        if node.kind == "mapping" and not {*_ANSWER_KEYS} & {*node.keys()}:
            self.source.add(node, f"`{key}` is a name or a list of names: write [{', '.join(node.keys()) or 'name'}]")
            return None
        said = self.said(node, key)
        if not isinstance(said, Remarked):
            return said
        names: tuple[str, ...] = ()
        if said.node.kind == "sequence":
            names = tuple(self.text(n, key) for n in said.node.items)
        elif said.node.kind == "mapping":
            self.source.add(said.node, f"`{key}` is a name or a list of names")
            return None
        elif not said.node.is_null:
            names = (self.text(said.node, key),)
        return Answer(
            state="value", value=names, text=", ".join(names) or "none", note=said.note, evidence=said.evidence,
            span=self.source.span(node),
        )  # fmt: skip

    def proposed(self, group: str, entry: Node) -> str:
        node = entry.get("proposed")
        decision = self.ruleset.decisions.get(PROPOSED[group])
        if node is None or node.is_null or decision is None:
            return ""
        if node.kind != "scalar":
            self.source.add(node, f"`proposed` takes one option: write one of {', '.join(decision.options[:12])}")
            return ""
        if node.text not in decision.options:
            self.source.add(
                node,
                f'"{cut(node.text, 40)}" is no option of {decision.id}{did_you_mean(node.text, decision.options, what="options")}',
            )
            return ""
        return node.text

    def check_links(self, groups: dict[str, tuple[Item, ...]], root: Node) -> None:
        for group, items in groups.items():
            for key, target in LINKS[group].items():
                known = [i.name for i in groups.get(target, ())] if target else None
                if known is None:
                    continue
                for index, item in enumerate(items):
                    for name in item.links.get(key, ()):
                        if name not in known:
                            node = root.get(group)
                            assert node is not None
                            at = node.items[index].get(key) or node
                            hint = did_you_mean(name, known, what="components") if known else "; add it under `components:`"
                            self.source.add(at, f'no component is named "{cut(name, 60)}"{hint}')

    # -- one answer --------------------------------------------------------------------------------

    def answer(self, node: Node, question: Question) -> Answer | None:
        said = self.said(node, question.id)
        return self.value(said.node, question, said.note, said.evidence) if isinstance(said, Remarked) else said

    def said(self, node: Node, key: str) -> Answer | Remarked | None:
        """An Answer that has no value, or the node of the value with what stands beside it; None after a problem."""
        note = evidence = ""
        if node.kind == "mapping":
            self.keys(node, _ANSWER_KEYS, "key of an answer")
            note, evidence = (self.remark(node, k) for k in ("note", "evidence"))
            said = [k for k in ("value", "unknown", "not_applicable") if node.get(k) is not None]
            if len(said) > 1:
                self.source.add(node, f"this answer says {' and '.join(f'`{k}`' for k in said)} at once: keep one")
                return None
            reason = node.get("not_applicable")
            if reason is not None:
                if reason.kind != "scalar" or reason.is_null or not reason.text.strip() or reason.text == "true":
                    self.source.add(reason, '`not_applicable` needs a reason: write not_applicable: "why"')
                return Answer(state="not_applicable", reason=reason.text, note=note, span=self.source.span(node))
            if (node.get("unknown") or Node("scalar", 0, 0, 0)).text == "true":
                return Answer(state="unknown", note=note, span=self.source.span(node))
            inner = node.get("value")
            if node.get("unknown") is not None:
                self.source.add(node, "`unknown` in an answer is true: write {unknown: true}, or a value")
                return None
            if inner is None:
                self.source.add(node, "an answer is a value, `unknown`, or {value: .., note: ..} / {not_applicable: reason}")
                return None
            node = inner
        if node.kind == "scalar" and node.text == "unknown":
            return Answer(state="unknown", note=note, span=self.source.span(node))
        if node.kind == "scalar" and node.text in ("not_applicable", "not-applicable", "n/a"):
            self.source.add(node, f'say why it does not apply: write {key}: {{not_applicable: "reason"}}')
            return None
        return Remarked(node, note, evidence)

    def value(self, node: Node, question: Question, note: str, evidence: str) -> Answer | None:
        if question.type == "choices":
            return self.several(node, question, note, evidence)
        if node.kind != "scalar":
            what = "list" if node.kind == "sequence" else "mapping"
            self.source.add(node, f"`{question.id}` takes one value, not a {what}: write {_example_of(question)}")
            return None
        text = node.text.strip()
        span = self.source.span(node)
        if question.type in ("choice", "yes-no"):
            choices = list(question.choices) if question.type == "choice" else ["yes", "no"]
            if question.type == "yes-no" and text in ("true", "false"):
                text = "yes" if text == "true" else "no"
            if text not in choices:
                self.source.add(
                    node,
                    f'{question.id} has no choice "{cut(text, 60)}"{did_you_mean(text, [*choices, "unknown"], what="choices")}',
                )
                return None
            return Answer(state="value", value=text, text=text, note=note, evidence=evidence, span=span)
        if question.type in QUANTITY_TYPES:
            interval = self.quantity(node, text, question)
            if interval is None:
                return None
            return Answer(state="value", value=interval, text=text, note=note, evidence=evidence, span=span)
        return Answer(state="value", value=text, text=text, note=note, evidence=evidence, span=span)

    def several(self, node: Node, question: Question, note: str, evidence: str) -> Answer | None:
        nodes = node.items if node.kind == "sequence" else [node]
        values: list[str] = []
        for one in nodes:
            if one.kind != "scalar":
                self.source.add(one, f"`{question.id}` is a list of choices: write [{', '.join(list(question.choices)[:2])}]")
            elif one.text == "unknown":
                self.source.add(one, f"unknown stands for the whole answer: write {question.id}: unknown")
            elif one.text not in question.choices:
                self.source.add(
                    one,
                    f'{question.id} has no choice "{cut(one.text, 60)}"{did_you_mean(one.text, question.choices, what="choices")}',
                )
            elif one.text in values:
                self.source.add(one, f'"{one.text}" stands twice: keep one')
            else:
                values.append(one.text)
        return Answer(
            state="value", value=tuple(values), text=", ".join(values) or "none", note=note, evidence=evidence,
            span=self.source.span(node),
        )  # fmt: skip

    def quantity(self, node: Node, text: str, question: Question) -> Interval | None:
        def problem(message: str) -> None:
            self.source.add(node, f'"{question.id}" {message}')

        try:
            amount = parse_amount(text, question.type, question.example)
        except QuantityError as error:
            problem(str(error))
            return None
        top = question.high.magnitude if question.high else None
        if amount.high is None and top is None:
            problem(f'is "{cut(text)}", {NO_UPPER_END}, such as {range_of(amount.written)}')
            return None
        ends = (amount.low, amount.high if amount.high is not None else max(top or 0, amount.low))
        low, high = ends
        if amount.about:
            factor = self.ruleset.about_factor
            low, high = tidy(Fraction(low) / factor), tidy(Fraction(high) * factor)
        floor = question.low.magnitude if question.low else 0
        if ends[1] < floor or (ends[0] < floor and not amount.is_limit) or (top is not None and ends[1] > top):
            to = f" to {format_magnitude(top, question.type)}" if top is not None else " or more"
            problem(f'is "{cut(text)}", out of range: write {format_magnitude(floor, question.type)}{to}')
            return None
        if question.type == "count" and not amount.about and any(isinstance(v, Fraction) for v in ends):
            problem(f'is "{cut(text)}", but a whole number is needed: write {round(ends[0])}')
            return None
        return Interval(max(low, floor), low_or(high, question))

    # -- lens and sign-offs ---------------------------------------------------------------------------

    def lens(self, node: Node | None) -> dict[str, LensAnswer]:
        found: dict[str, LensAnswer] = {}
        if node is None or node.is_null:
            return found
        if node.kind != "mapping":
            self.source.add(node, "`lens` is a mapping of question id to answer")
            return found
        self.keys(node, self.ruleset.lens, "lens question")
        for key, value in node.pairs:
            question = self.ruleset.lens.get(key.text)
            if question is None:
                continue
            if value.kind != "mapping":
                if value.text == "unknown":
                    found[key.text] = LensAnswer(done=None, is_unknown=True, span=self.source.span(key))
                else:
                    self.source.add(value, "a lens answer is {practices: [..]} or {not_applicable: reason}")
                continue
            self.keys(value, ("practices", "unknown", "not_applicable", "note"), "key of a lens answer")
            ids = [p.id for p in question.practices]
            done = value.get("practices")
            unknown = value.get("unknown")
            away = value.get("not_applicable")
            reasons: dict[str, str] = {}
            if away is not None and away.kind == "mapping":
                self.keys(away, ids, "practice")
                reasons = {k.text: self.text(v, "not_applicable") for k, v in away.pairs}
            elif away is not None and away.kind == "sequence":
                self.source.add(away, f"each practice needs its reason: write not_applicable: {{{ids[0]}: why}}")
            self.once_each((done, unknown, away))
            found[key.text] = LensAnswer(
                done=None if done is None else self.practices(done, ids),
                unknown=() if unknown is None else self.practices(unknown, ids), not_applicable=reasons,
                reason=self.text(away, "not_applicable") if away is not None and away.kind == "scalar" else "",
                note=self.remark(value, "note"), span=self.source.span(key),
            )  # fmt: skip
        return found

    def once_each(self, parts: Iterable[Node | None]) -> None:
        """A practice is done, unknown or not applicable: a problem where it is said to be two of them, or said twice."""
        seen: set[str] = set()
        for part in parts:
            named = [*part.items, *(k for k, _ in part.pairs)] if part is not None else []
            for one in named:
                if one.text in seen:
                    self.source.add(one, f'"{cut(one.text, 40)}" stands twice in this answer: keep one')
                seen.add(one.text)

    def practices(self, node: Node, ids: list[str]) -> tuple[str, ...]:
        if node.kind != "sequence":
            self.source.add(node, "a list of practices is written [SERVREL01-BP01, ..]")
            return ()
        for one in node.items:
            if one.text not in ids:
                self.source.add(
                    one, f'unknown practice "{cut(one.text, 40)}"{did_you_mean(one.text, ids, what="practices here")}'
                )
        return tuple(n.text for n in node.items)

    def sign_offs(self, node: Node | None, groups: dict[str, tuple[Item, ...]]) -> tuple[SignOff, ...]:
        if node is None or node.is_null:
            return ()
        if node.kind != "sequence":
            self.source.add(node, "`sign_offs` is a list: start each entry with `- decision:`")
            return ()
        found: list[SignOff] = []
        keys = ("decision", "item", "choice", "lens", "risk", "approver", "date", "reason", "expires")
        for entry in node.items:
            if entry.kind != "mapping":
                self.source.add(entry, "a sign-off starts with `decision:` or `lens:`")
                continue
            self.keys(entry, keys, "key of a sign-off")
            values = {k: self.text(v, k) if (v := entry.get(k)) is not None else "" for k in keys}
            is_lens = bool(values["lens"])
            both = [k for k in ("decision", "choice") if is_lens and entry.get(k) is not None]
            if both:
                self.source.add(entry, f"a sign-off is for a choice or for a risk, not both: remove `{both[0]}` or `lens`")
                continue
            for key in (
                ("lens", "risk", "approver", "date", "reason")
                if is_lens
                else ("decision", "item", "choice", "approver", "date", "reason")
            ):
                if entry.get(key) is None:
                    self.source.add(entry, f"the sign-off has no `{key}`: write it")
            for key in ("date", "expires"):
                self.date(entry.get(key), key)
            if values["date"] and values["expires"] and values["expires"] <= values["date"]:
                self.source.add(entry.get("expires") or entry, "the sign-off expires before it begins: correct a date")
            self.check_target(entry, values, groups)
            one = SignOff(**values, span=self.source.span(entry))
            same = (one.decision, one.item, one.choice, one.lens, one.risk)
            if any((o.decision, o.item, o.choice, o.lens, o.risk) == same for o in found):
                self.source.add(entry, "a second sign-off for the same thing: keep one")
            found.append(one)
        return tuple(found)

    def date(self, node: Node | None, key: str) -> None:
        if node is None or node.is_null:
            return
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", node.text):
                raise ValueError
            date.fromisoformat(node.text)
        except ValueError:
            self.source.add(node, f'`{key}` is "{cut(node.text, 30)}", which is no date: write it as 2026-11-20')

    def check_target(self, entry: Node, values: dict[str, str], groups: dict[str, tuple[Item, ...]]) -> None:
        if values["lens"]:
            self.check_risk(entry, values, groups)
            return
        decision = self.ruleset.decisions.get(values["decision"])
        if decision is None:
            if values["decision"]:
                self.source.add(
                    entry.get("decision") or entry,
                    f'unknown decision "{cut(values["decision"], 40)}"{did_you_mean(values["decision"], self.ruleset.decisions)}',
                )
            return
        if values["choice"] and values["choice"] not in decision.options:
            self.source.add(
                entry.get("choice") or entry,
                f'"{cut(values["choice"], 40)}" is no option of {decision.id}{did_you_mean(values["choice"], decision.options)}',
            )
        self.check_item(entry, values["item"], decision.scope, groups)

    def check_risk(self, entry: Node, values: dict[str, str], groups: dict[str, tuple[Item, ...]]) -> None:
        """A risk is that of a lens question or of a risk rule; of a rule it may be accepted for one item alone."""
        rule = self.ruleset.risks.get(values["lens"])
        if rule is None and values["lens"] not in self.ruleset.lens:
            hint = did_you_mean(values["lens"], [*self.ruleset.lens, *self.ruleset.risks])
            self.source.add(entry.get("lens") or entry, f'unknown lens question or risk "{cut(values["lens"], 40)}"{hint}')
        if values["risk"] and values["risk"] not in ("HIGH", "MEDIUM"):
            self.source.add(entry.get("risk") or entry, "a risk that is accepted is HIGH or MEDIUM: write one of them")
        if rule is not None:
            self.check_item(entry, values["item"], rule.scope, groups)
        elif values["item"]:
            self.source.add(
                entry.get("item") or entry, "the risk of a lens question is that of the whole workload: remove `item`"
            )

    def check_item(self, entry: Node, item: str, scope: str, groups: dict[str, tuple[Item, ...]]) -> None:
        if scope == "workload":
            return
        group = GROUP_OF[scope]
        known = [i.name for i in groups.get(group, ())]
        if scope == "process":
            known += [n for i in groups.get("hand_overs", ()) for n in i.links.get("process", ())]
        if item and item not in known:
            # A name that is nearly another is a slip; a sign-off of something that is no longer there does no harm.
            hint = did_you_mean(item, known, what="items") or f"; list it under `{group}:`"
            slip = nearest(item, known) is not None
            about = "" if slip else "; as it stands, this sign-off is about nothing"
            message = f'no item "{cut(item, 60)}" in `{group}`{hint}{about}'
            self.source.add(entry.get("item") or entry, message, warning=not slip)


def low_or(high: int | Fraction, question: Question) -> int | Fraction:
    """An estimate may reach past the question's upper bound; the answer does not."""
    return min(high, question.high.magnitude) if question.high else high


def _example_of(question: Question) -> str:
    """What one value looks like, for a message."""
    if question.choices:
        return f"one of {', '.join(list(question.choices)[:8])}"
    return question.example or EXAMPLES.get(question.type, "yes or no" if question.type == "yes-no" else "the text")
