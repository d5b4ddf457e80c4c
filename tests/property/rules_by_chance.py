"""Rule sets and answers made by chance, for the product as YAML and for the reference as records."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import plain_reference as ref

WORDS = ("ash", "birch", "cedar", "doum")
OPTIONS = ("anchor", "beacon", "canal", "dock")
OPERATORS = (">", ">=", "<", "<=")


def make_rules(chance: Random) -> ref.Rules:
    """A rule set with two kinds of items, relevance, named conditions, derived values, a table and choices."""
    rules = ref.Rules(facts={"hull.limit": chance.randint(1, 3)})
    _question(rules, chance, "workload", "mode", "choice")
    if chance.random() < 0.4:
        _question(rules, chance, "workload", "shared", "yes-no")
    kinds = ["choice", "yes-no", "choices", "duration", "duration", "count"]
    for number in range(chance.randint(2, 5)):
        _question(rules, chance, "access_pattern", f"about_{number}", chance.choice(kinds))
    for number in range(chance.randint(1, 3)):
        _question(rules, chance, "component", f"part_{number}", chance.choice(["choice", "yes-no", "duration"]))
    _derived(rules, chance)
    for number in range(chance.randint(0, 2)):
        rules.conditions[f"named_{number}"] = ("access_pattern", _condition(rules, chance, "access_pattern"))
    if chance.random() < 0.7:
        rows = [
            ref.Rule(
                f"row-{n}", "row", _condition(rules, chance, "access_pattern"), outcome=chance.choice(["small", "large", "odd"])
            )
            for n in range(chance.randint(1, 3))
        ]
        rules.tables["kind"] = ref.Decision("kind", "access_pattern", ("small", "large", "odd"), rows, otherwise="odd")
    _choice(rules, chance, "store", "access_pattern", OPTIONS[: chance.randint(2, 4)], chance.randint(4, 10))
    _choice(rules, chance, "engine", "component", OPTIONS[:2], chance.randint(2, 5))
    if chance.random() < 0.4:
        names = _comparisons(rules, "access_pattern")
        pair = [_comparison(rules, chance, name) for name in chance.sample(names, min(2, len(names)))]
        rules.assumed["never-both"] = ("access_pattern", ("and", pair))
    if chance.random() < 0.1:
        rules.banned = (OPTIONS[0],)
    return rules


def _question(rules: ref.Rules, chance: Random, scope: str, ident: str, kind: str) -> None:
    choices = {"choice": WORDS[: chance.randint(2, 4)], "choices": WORDS[:3], "yes-no": ("yes", "no")}.get(kind, ())
    when = None
    if chance.random() < 0.3 and _comparisons(rules, scope):
        when = _condition(rules, chance, scope, 1)
    rules.questions[ident] = ref.Question(ident, scope, kind, choices, when, 4 if kind in ("duration", "count") else 0)


def _amounts(rules: ref.Rules, scope: str, kind: str) -> list[str]:
    found = [q.id for q in rules.questions.values() if q.type == kind and q.scope == scope]
    return found + [d.id for d in rules.derived.values() if d.type == kind and d.scope in (scope, "workload")]


def _derived(rules: ref.Rules, chance: Random) -> None:
    if chance.random() < 0.5:
        scope = chance.choice(["access_pattern", "component"])
        names = _amounts(rules, scope, "duration")
        if names:
            rules.derived["span"] = ref.Derived("span", scope, "duration", _expression(rules, chance, scope, names))
    if chance.random() < 0.6:
        group = chance.choice(["access_pattern", "component"])
        function = chance.choice(["any", "all", "count", "sum", "max"])
        condition = _condition(rules, chance, group, 1) if function in ("any", "all") or chance.random() < 0.4 else None
        name = chance.choice(_amounts(rules, group, "duration") or [""]) if function in ("sum", "max") else ""
        if name or function in ("any", "all", "count"):
            kind = "yes-no" if function in ("any", "all") else "count" if function == "count" else "duration"
            rules.derived["over_all"] = ref.Derived("over_all", "workload", kind, ("over", function, group, name, condition))


def _expression(rules: ref.Rules, chance: Random, scope: str, names: list[str]) -> Any:
    left = ("name", chance.choice(names))
    counts = _amounts(rules, scope, "count")
    op = chance.choice(["+", "-", "min", "max", "*", "*", "/"])
    if op in ("*", "/"):
        return (
            op,
            left,
            ("name", chance.choice(counts)) if counts and chance.random() < 0.6 else ("num", chance.randint(2, 3), ""),
        )
    others = [n for n in names if n != left[1]]
    right = ("name", chance.choice(others)) if others and chance.random() < 0.7 else ("num", chance.randint(1, 3), " s")
    return (op, left, right)


def _comparisons(rules: ref.Rules, scope: str) -> list[str]:
    """The names that a condition of a scope may compare."""
    found = [q.id for q in rules.questions.values() if q.scope in (scope, "workload")]
    found += [d.id for d in rules.derived.values() if d.scope in (scope, "workload")]
    return found + [t.id for t in rules.tables.values() if t.scope == scope]


def _comparison(rules: ref.Rules, chance: Random, name: str) -> Any:
    if name in rules.tables:
        return ("is", name, tuple(chance.sample(rules.tables[name].options, chance.randint(1, 2))))
    known = rules.questions.get(name) or rules.derived[name]
    if known.type == "choices":
        return ("has", name, chance.choice(rules.questions[name].choices))
    if known.type == "yes-no":
        is_derived = name in rules.derived
        return ("true", name, ("yes",)) if is_derived else ("is", name, (chance.choice(["yes", "no"]),))
    if known.type in ("duration", "count"):
        limit: Any = chance.randint(1, 3)
        if known.type == "duration" and chance.random() < 0.2:
            limit = "hull.limit"
        return ("cmp", name, chance.choice(OPERATORS), limit)
    choices = rules.questions[name].choices
    return ("is", name, tuple(sorted(chance.sample(choices, chance.randint(1, len(choices) - 1)))))


def _condition(rules: ref.Rules, chance: Random, scope: str, depth: int = 2) -> Any:
    dice = chance.random()
    if depth and dice < 0.15:
        return ("not", _condition(rules, chance, scope, depth - 1))
    if depth and dice < 0.45:
        parts = [_condition(rules, chance, scope, depth - 1) for _ in range(2)]
        return (chance.choice(["and", "or"]), parts)
    names = [n for n, (where, _) in rules.conditions.items() if where == scope]
    if names and dice < 0.55:
        return ("named", chance.choice(names))
    return _comparison(rules, chance, chance.choice(_comparisons(rules, scope)))


def _choice(rules: ref.Rules, chance: Random, ident: str, scope: str, options: tuple[str, ...], count: int) -> None:
    preference = tuple(chance.sample(options, len(options)))
    made: list[ref.Rule] = []
    for number in range(count):
        chosen = tuple(sorted(chance.sample(options, chance.randint(1, min(2, len(options))))))
        when = _condition(rules, chance, scope)
        if chance.random() < 0.15:
            made.append(ref.Rule(f"{ident}-{number}", "constraint", when, chosen))
        else:
            direction = chance.choice(["for", "for", "for", "against"])
            strength = chance.choice(["strong", "moderate", "moderate", "slight", "slight"])
            made.append(ref.Rule(f"{ident}-{number}", "argument", when, chosen, direction, strength))
    rules.choices[ident] = ref.Decision(ident, scope, options, made, preference)


# -- as rule files -----------------------------------------------------------------------------------


def sentence(rules: ref.Rules, tree: Any) -> str:
    """The text of a condition or expression."""
    kind = tree[0]
    if kind == "not":
        return f"not ({sentence(rules, tree[1])})"
    if kind in ("and", "or"):
        return f" {kind} ".join(f"({sentence(rules, part)})" for part in tree[1])
    if kind in ("named", "true", "name"):
        return str(tree[1])
    if kind == "is":
        return f"{tree[1]} is {tree[2][0]}" if len(tree[2]) == 1 else f"{tree[1]} in [{', '.join(tree[2])}]"
    if kind == "has":
        return f"{tree[1]} includes {tree[2]}"
    if kind == "cmp":
        known = rules.questions.get(tree[1]) or rules.derived[tree[1]]
        unit = " s" if known.type == "duration" and tree[3] not in rules.facts else ""
        return f"{tree[1]} {tree[2]} {tree[3]}{unit}"
    if kind == "num":
        return f"{tree[1]}{tree[2]}"
    if kind in ("min", "max"):
        return f"{kind}({sentence(rules, tree[1])}, {sentence(rules, tree[2])})"
    if kind == "over":
        where = f" where {sentence(rules, tree[4])}" if tree[4] is not None else ""
        return f"{tree[1]}({tree[2]}s{', ' + tree[3] if tree[3] else ''}{where})"
    return f"{sentence(rules, tree[1])} {kind} {sentence(rules, tree[2])}"


_ASKED = "because: So it is., basis: judgement"


def rule_files(rules: ref.Rules) -> list[str]:
    """The rule set as the texts of its files."""
    head = 'ruleset: made\nversion: "1"\nas_of: 2026-11-01\n'
    facts = ["facts:"] + [
        f"  {ident}: {{name: A limit, value: {value}, unit: s, adjustable: false, "
        'source: "https://example.org/hull", as_of: 2026-11-01}'
        for ident, value in rules.facts.items()
    ]
    services = ["services:"] + [f"  {option}: {{name: {option.title()}}}" for option in OPTIONS]
    if rules.banned:
        services += ["ban:"] + [f"  - {{service: {option}, because: Not here.}}" for option in rules.banned]
    parts = ["\n".join(facts), "\n".join(services), _asking(rules), *(_table(rules, t) for t in rules.tables.values())]
    return [head, *parts, *(_decision(rules, d) for d in rules.choices.values())]


def _asking(rules: ref.Rules) -> str:
    lines = ["questions:"]
    for question in rules.questions.values():
        kind = question.type
        more = f", choices: {{{', '.join(f'{c}: Yes.' for c in question.choices)}}}" if kind in ("choice", "choices") else ""
        if question.most:
            more = f", max: {question.most} s" if kind == "duration" else f', max: "{question.most}"'
        when = f', when: "{sentence(rules, question.when)}"' if question.when is not None else ""
        lines.append(f"  {question.id}: {{scope: {question.scope}, ask: What?, type: {kind}{more}{when}}}")
    for title, key, entries in (
        ("conditions", "when", rules.conditions), ("assume", "never", rules.assumed),
        ("derived", "value", {d.id: (d.scope, d.value) for d in rules.derived.values()}),
    ):  # fmt: skip
        lines += [f"{title}:"] if entries else []
        for ident, (scope, tree) in entries.items():
            more = f", type: {rules.derived[ident].type}" if title == "derived" else ""
            lines.append(f'  {ident}: {{scope: {scope}{more}, because: So., {key}: "{sentence(rules, tree)}"}}')
    return "\n".join(lines)


def _table(rules: ref.Rules, table: ref.Decision) -> str:
    lines = [f"decision: {table.id}", "name: Kind", f"scope: {table.scope}", "outcomes: {small: S., large: L., odd: O.}", "rows:"]
    lines += [f'  - {{id: {r.id}, when: "{sentence(rules, r.when)}", then: {r.outcome}, {_ASKED}}}' for r in table.rules]
    return "\n".join([*lines, f"else: {{then: {table.otherwise}, because: Nothing else.}}"])


def _decision(rules: ref.Rules, decision: ref.Decision) -> str:
    lines = [f"decision: {decision.id}", "name: A choice", f"scope: {decision.scope}"]
    lines += [f"preference: [{', '.join(decision.preference)}]", "options:"]
    lines += [f"  {option}:" for option in decision.options]
    for kind in ("constraint", "argument"):
        found = [r for r in decision.rules if r.kind == kind]
        lines += [f"{kind}s:"] if found else []
        for rule in found:
            word = "out" if kind == "constraint" else "when"
            more = f"{rule.direction}: {rule.strength}, " if rule.direction else ""
            options = ", ".join(rule.options)
            lines.append(f'  - {{id: {rule.id}, options: [{options}], {word}: "{sentence(rules, rule.when)}", {more}{_ASKED}}}')
    return "\n".join(lines)


# -- answers -----------------------------------------------------------------------------------------


def make_answers(rules: ref.Rules, chance: Random, known: float = 0.6) -> ref.Answers:
    answers: ref.Answers = {"workload": [_given(rules, chance, "workload", known)]}
    for scope in ("access_pattern", "component"):
        count = chance.choice([1, 1, 2]) if scope == "access_pattern" else chance.choice([0, 1, 2])
        answers[scope] = [_given(rules, chance, scope, known) for _ in range(count)]
    if chance.random() < 0.25:
        answers["component"] = None
    return answers


def _given(rules: ref.Rules, chance: Random, scope: str, known: float) -> dict[str, tuple[Any, ...]]:
    found = {}
    for question in rules.questions.values():
        if question.scope == scope:
            dice = chance.random()
            if dice < known:
                found[question.id] = make_value(question, chance)
            elif dice < known + 0.1:
                found[question.id] = ("na",)
            elif dice < known + 0.2:
                found[question.id] = ("unknown",)
    return found


def make_value(question: ref.Question, chance: Random) -> tuple[Any, ...]:
    if question.type in ("choice", "yes-no"):
        return ("is", chance.choice(question.choices))
    if question.type == "choices":
        return ("list", tuple(c for c in question.choices if chance.random() < 0.4))
    values = ref.grid(question)
    low = chance.choice(values)
    dice = chance.random()
    if dice < 0.2:
        high = chance.choice([v for v in values if v >= low])
        return ("range", low, high)
    if dice < 0.3:
        return ("range", low / 2, min(low * 2, Fraction(question.most)), "about", low)
    return ("range", low, low)


def answers_file(rules: ref.Rules, answers: ref.Answers) -> str:
    """The answers as the text of a file."""
    lines = ["answers: 1", "workload:", "  name: w"]
    lines += [f"  {k}: {_text(rules.questions[k], v)}" for k, v in (answers["workload"] or [{}])[0].items()]
    for scope in ("access_pattern", "component"):
        items = answers[scope]
        if items is not None:
            lines.append(f"{scope}s:" if items else f"{scope}s: []")
        for number, item in enumerate(items or ()):
            lines.append(f"  - name: {scope} {number}")
            lines += [f"    {k}: {_text(rules.questions[k], v)}" for k, v in item.items()]
    return "\n".join(lines) + "\n"


def _text(question: ref.Question, answer: tuple[Any, ...]) -> str:
    kind = answer[0]
    if kind == "unknown":
        return "unknown"
    if kind == "na":
        return "{not_applicable: not here}"
    if kind == "is":
        return str(answer[1])
    if kind == "list":
        return f"[{', '.join(answer[1])}]"
    unit = " s" if question.type == "duration" else ""
    if len(answer) > 3:
        return f"about {float(answer[4]):g}{unit}"
    low, high = (f"{float(v):g}" for v in answer[1:3])
    return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"
