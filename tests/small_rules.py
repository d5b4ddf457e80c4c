"""A small rule set of its own, with every kind of entry: what the engine does is tested on it and not on shipped rules."""

from __future__ import annotations

from collections.abc import Iterable

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Assessment, evaluate
from wa_advisor.model import RuleSet
from wa_advisor.ruleset.compile import compile_ruleset
from wa_advisor.ruleset.source import parse_yaml

HEADER = """\
ruleset: small
version: "1"
as_of: 2026-11-01
lens_risk: {required: HIGH, good: MEDIUM, best: NONE, because: By tier.}
history: {key-value: 70, single-table: 20, relational: 10, because: As told., source: "https://example.org/history"}
"""

FACTS = """\
facts:
  shelf.item.max_size:
    {name: Largest item of a shelf, value: 400, unit: KB, adjustable: false, source: "https://example.org/shelf", as_of: 2026-H2}
  runner.duration.max:
    {name: Longest run, value: 15, unit: min, adjustable: false, source: "https://example.org/runner", as_of: 2026-08}
  runner.copies.quota:
    {name: Copies at once, value: 1000, unit: count, adjustable: true, source: "https://example.org/runner", as_of: 2026-08-20}
  judgement.busy:
    {name: Busy from here, value: 100, unit: /s, adjustable: false, basis: judgement, because: A round number., as_of: 2026}
services:
  shelf: {name: Shelf, family: key-value store, serverless: operations}
  ledger: {name: Ledger, family: relational database, relational: true}
  pile: {name: Pile, family: object store, serverless: operations}
  runner: {name: Runner, family: functions, serverless: operations}
  crew: {name: Crew, family: containers}
"""

QUESTIONS = """\
questions:
  region_scope:
    {scope: workload, ask: Where?, type: choice, choices: {single: One., several: More.}}
  lookup:
    {scope: access_pattern, ask: How is it found?, type: choice, choices: {full-key: By key., range: A range., any-fields: By anything.}}
  combines: {scope: access_pattern, ask: Is it combined?, type: yes-no, when: lookup is not full-key}
  item_size: {scope: access_pattern, ask: How large?, type: size, max: 5 TB, example: 4 KB}
  average_rate: {scope: access_pattern, ask: How often?, type: rate}
  records: {scope: access_pattern, ask: How many records?, type: count, min: "1", max: "5000"}
  features: {scope: access_pattern, ask: What is needed?, type: choices, choices: {joins: Joins., expiry: Expiry., streams: Streams.}}
  remark: {scope: access_pattern, ask: Anything else?, type: text}
  duration: {scope: component, ask: How long?, type: duration}
  peak_rate: {scope: component, ask: How often at peak?, type: rate}
  steady: {scope: component, ask: Is it steady?, type: yes-no}
conditions:
  keyed: {scope: access_pattern, when: "lookup in [full-key, range]"}
derived:
  copies: {scope: component, type: count, value: peak_rate * duration, name: Copies at once}
  any_large: {scope: workload, type: yes-no, value: any(access_patterns where item_size > 1 MB)}
"""

CLASS = """\
decision: class
name: Class of the pattern
scope: access_pattern
outcomes: {key-value: One record., single-table: A set of records., relational: Several tables.}
rows:
  - {id: class-combined, when: combines, then: relational, because: Records are combined., basis: judgement, before: [class-range]}
  - {id: class-key, when: lookup is full-key, then: key-value, because: Found by key., basis: judgement}
  - {id: class-range, when: lookup is range, then: single-table, because: A range is read., basis: judgement}
else: {then: relational, because: Nothing narrower fits.}
"""

STORE = """\
decision: data_store
name: Data store
scope: access_pattern
preference: [shelf, pile, ledger]
options:
  shelf:
    constraints:
      - {id: shelf-item-too-large, out: item_size > shelf.item.max_size, because: It does not fit., basis: documented}
    arguments:
      - {id: shelf-by-key, when: "class in [key-value, single-table]", for: strong, because: Keys are its trade., basis: judgement}
      - {id: shelf-streams, when: features includes streams, for: slight, because: It has streams., basis: judgement}
      - {id: shelf-busy, when: average_rate >= judgement.busy, for: slight, because: Any rate is fine., basis: judgement}
  ledger:
    arguments:
      - {id: ledger-relational, when: class is relational, for: strong, because: It joins., basis: judgement}
      - {id: ledger-joins, when: features includes joins, for: moderate, because: It joins on demand., basis: judgement}
  pile:
    arguments:
      - {id: pile-large, when: item_size > 100 KB, for: moderate, because: Large things pile well., basis: judgement}
constraints:
  - {id: no-store-alone-in-several-regions, options: [ledger], out: region_scope is several, because: One writer only., basis: judgement}
arguments:
  - {id: many-records-cost, options: [shelf, pile], when: records > 100, against: slight, because: Each is paid for., basis: judgement}
"""

COMPUTE = """\
decision: compute
name: Compute
scope: component
preference: [runner, crew]
options:
  runner:
    constraints:
      - {id: runner-too-long, out: duration > runner.duration.max, because: It is stopped there., basis: documented}
    arguments:
      - {id: runner-first, when: not steady, for: moderate, because: Nothing idles., basis: judgement}
      - {id: runner-many-copies, when: copies > runner.copies.quota, against: slight, because: Ask for more., basis: judgement}
  crew:
    arguments:
      - {id: crew-steady, when: steady, for: moderate, because: It is always there., basis: judgement}
      - {id: crew-several, when: any_large, for: slight, because: It reads in parts., basis: judgement}
"""

HOLDING = """\
risks:
  - id: large-items-travel
    scope: access_pattern
    when: item_size > 1 MB and data_store is not pile
    risk: HIGH
    practice: SERVREL01-BP01
    name: Large items travel
    because: They are read whole.
    improve: Keep them in the pile.
    basis: judgement
policies:
  sign-for-relational:
    decision: data_store
    services: relational
    approver: head of data
    must_name: [what forces it]
    because: It is the exception.
    basis: judgement
gate: {unsigned-store: fail, unanswered: ignore}
"""

LENS = """\
pillar: reliability
name: Reliability
questions:
  - id: SERVREL01
    ask: How is traffic held?
    url: https://example.org/rel1
    practices:
      - {id: SERVREL01-BP01, name: Set limits, tier: required, because: Floods., improve: Set them., effort: low, source: "https://example.org/bp1"}
      - {id: SERVREL01-BP02, name: Queue, tier: good, because: Peaks., improve: Queue., effort: medium, source: "https://example.org/bp2"}
  - id: SERVREL02
    ask: How do Regions fail over?
    practices:
      - id: SERVREL02-BP01
        name: Rehearse
        tier: best
        because: Surprise.
        improve: Do it.
        effort: high
        source: https://example.org/bp3
        touches: {workload: region_scope is several}
        away: It runs in one Region only.
"""

FILES = (HEADER, FACTS, QUESTIONS, CLASS, STORE, COMPUTE, HOLDING, LENS)


def compile_texts(texts: Iterable[str], *overlays: Iterable[str]) -> RuleSet:
    """The RuleSet of rule files given as text, `a.yaml`, `b.yaml` ..; overlays are `own/a.yaml` and so on."""
    sets = []
    for number, files in enumerate((texts, *overlays)):
        folder = "" if not number else f"own{number}/"
        sets.append((folder or "rules", [parse_yaml(t, f"{folder}{chr(97 + i)}.yaml") for i, t in enumerate(files)]))
    return compile_ruleset(sets)


def small() -> RuleSet:
    return compile_texts(FILES)


def assess(ruleset: RuleSet, text: str, as_of: str = "") -> Assessment:
    """The Assessment of an answers file given without its first two lines."""
    head = "answers: 1\n" if "workload:" in text else "answers: 1\nworkload: {name: w}\n"
    return evaluate(ruleset, parse_answers(head + text, "answers.yaml", ruleset), as_of=as_of)
