"""The form of every entry of a rule file: its keys, what each holds, and what to write when one is missing.

One table for two readers: the compiler checks entries against it, and `schema` prints it as a JSON Schema.
What only the whole rule set can tell (names, units, circles) is not here.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wa_advisor.model import LINKED, QUANTITY_TYPES, QUESTION_TYPES, RISKS, SCOPES
from wa_advisor.quantity import UNITS

BASES = ("documented", "judgement", "history")
STRENGTHS = ("strong", "moderate", "slight")
TIERS = ("required", "good", "best")
TOPICS = ("modelling", "stores", "connections", "operation", "capacity", "availability", "subjects-2018")
GATE_CHECKS = (
    "unsigned-store", "expired-sign-off", "open-high-risk", "limit-exceeded", "undecided", "unanswered", "unused-sign-off",
)  # fmt: skip
GATE_LEVELS = ("fail", "warn", "ignore")
"""What a check does when it finds something: it keeps the answers from passing, it is told, or it is not looked at."""
STATEMENTS = ("text", "yes-no", "date")
UNIT_NAMES = (*(unit for units in UNITS.values() for unit in units), "USD", *STATEMENTS)
EVIDENCE = ("docs", "aws-repo", "paper", "price-list", "price-list-derived", "talk-notes", "derived", "secondary", "not-found")
STRUCTURAL = ("name", "proposed", "note", "observed", "process", *(link for _, link in LINKED))
RESERVED_CHOICES = ("unknown", "not-applicable")
YAML_WORDS = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")

# The forms of an id: (pattern, its name in messages).
KEBAB = (r"[a-z0-9][a-z0-9\-]*", "kebab-case")
SNAKE = (r"[a-z][a-z0-9_]*", "snake_case")
DOTTED = (r"[a-z][a-z0-9_\-]*(\.[a-z0-9_\-]+)+", "dotted, as service.subject")
PRACTICE = (r"[A-Z]{2,}[0-9]{1,3}-BP[0-9]{1,3}", "like SERVREL01-BP01")
LENS = (r"[A-Z]{2,}[0-9]{1,3}", "like SERVREL01")

# Forms of a scalar that have a pattern: (pattern, what to write).
PATTERNS = {
    "number": (r"[0-9][0-9,]*(\.[0-9]+)?", "write digits, as 1000 or 0.25"),
    "whole": (r"[1-9][0-9]{0,5}", "write a whole number from 1"),
    "url": (r"https?://\S+", "a source is a public URL: start it with https://"),
    "version": (r"[0-9]{1,9}(\.[0-9]{1,9}){0,5}", "write a version in numbers, as 0.2.0"),
    "as_of": (r"[0-9]{4}(-H[12]|-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?|unknown", "write 2026-08-20, 2026-08, 2026-H2 or 2026"),
}  # fmt: skip


class Field(Struct, frozen=True):
    """What one key holds.

    `form` is text, loose (text or number), sentence, expression, quantity, flag, word (one of `values`), id, a name
    of PATTERNS, words (a list of text), meanings (id: text), sentences (scope: sentence), or entries (read by their own shape). `needed` says
    what to write, "" if the key may be left out.
    """

    form: str = "text"
    needed: str = ""
    values: tuple[str, ...] = ()
    help: str = ""


Shape = Mapping[str, Field]

_BECAUSE = Field(needed="say in one sentence why", help="Why, as a sentence that stands alone in a report.")
_SOURCE = Field("url", help="The public page it rests on.")
_BASIS = Field("word", "write one of documented, judgement, history", BASES, "What the rule rests on.")
_NOTE = Field(help="A remark for authors; not printed.")
_SCOPE = Field("word", f"write one of {', '.join(SCOPES)}", SCOPES, "What it is about.")
_WHY = {"because": _BECAUSE, "source": _SOURCE, "basis": _BASIS}
_ID = Field("id", "give it one that names the pattern", help="Unique in the whole rule set.")
_WHEN = Field("sentence", help="A condition, for example: lookup is full-key and item_size > 4 KB")
_NEEDED_WHEN = Field("sentence", "write the condition", help=_WHEN.help)

SHAPES: dict[str, Shape] = {
    "facts": {
        "name": Field(needed="say what it limits"),
        "value": Field("loose", "write the number", help="A number; true, false, a date or a text for those units; not-found."),
        "unit": Field("word", "write a unit of the closed list (KB, ms, /s, count, ...)", UNIT_NAMES, "KB is 1,000 B, KiB 1,024 B."),
        "per": Field(help="What a price in USD buys: million requests, GB-month, vCPU-hour."),
        "region": Field("id", help="The Region of the value, where it is not us-east-1."),
        "adjustable": Field("word", values=("true", "false", "unknown"), help="Only a fact with `false` may rule an option out."),
        "service": Field("id", help="The service it belongs to."),
        "source": _SOURCE,
        "as_of": Field("as_of", "write the date it was read, e.g. 2026-08-20 or 2026-H2"),
        "evidence": Field("word", values=EVIDENCE, help="How it was read; `secondary` is a text that is not by AWS."),
        "note": _NOTE,
        "basis": Field("word", values=BASES, help="`judgement` for a threshold of our own, which needs `because`."),
        "because": Field(help="Why this threshold; needed where the basis is judgement."),
    },
    "services": {
        "name": Field(needed="write its name"),
        "family": Field(help="For example: key-value database"),
        "serverless": Field("word", values=("operations", "capacity", "none"), help="What the team has no servers to do for."),
        "relational": Field("flag", help="Whether a sign-off for relational stores covers it."),
        "availability": Field("word", values=("open", "closed", "new"), help="To new customers."),
        "because": Field(), "source": _SOURCE, "note": _NOTE,
    },
    "questions": {
        "scope": _SCOPE, "group": Field(help="The heading in the wizard."), "ask": Field(needed="write the question"),
        "help": Field(help="One or two plain sentences."),
        "type": Field("word", f"write one of {', '.join(QUESTION_TYPES)}", QUESTION_TYPES),
        "choices": Field("meanings", help="id: meaning, for the types choice and choices."), "when": _WHEN,
        "min": Field("quantity", help="The smallest answer, with its unit."),
        "max": Field("quantity", help="The largest answer, with its unit."), "example": Field("loose", help="What people type."),
        "identity": Field("flag", help="Another answer makes it another item: such changes are told in one sentence."),
        "was": Field("words", help="Ids it had in earlier versions: answers files that use them are told."),
        "since": Field("version", help="The version of the rule set that first asked it: older answers files are told."),
        "choices_since": Field("meanings", help="choice: the version that first offered it, where the question is older."),
    },
    "conditions": {"scope": _SCOPE, "when": _NEEDED_WHEN, "name": Field(), "because": Field(), "note": _NOTE},
    "assume": {
        "scope": _SCOPE, "never": Field("sentence", "write the combination that cannot occur", help="A combination that cannot occur."),
        "because": _BECAUSE, "note": _NOTE,
    },
    "derived": {
        "scope": _SCOPE, "type": Field("word", f"write one of yes-no, {', '.join(QUANTITY_TYPES)}", ("yes-no", *QUANTITY_TYPES)),
        "value": Field("expression", "write the expression", help="For example: peak_rate * duration, or any(interfaces where ..)"),
        "shown": Field("sentence", help="When the report prints it; always, if left out."),
        "name": Field(), "because": Field(), "source": _SOURCE, "basis": Field("word", values=BASES), "help": Field(), "note": _NOTE,
    },
    "constraints": {
        "id": _ID, "out": Field("sentence", "write the condition", help="When it holds, the option is ruled out."),
        "options": Field("words", help="The options it rules out; only where it stands outside one option."), **_WHY, "note": _NOTE,
    },
    "arguments": {
        "id": _ID, "when": _NEEDED_WHEN, "for": Field("word", values=STRENGTHS), "against": Field("word", values=STRENGTHS),
        "options": Field("words", help="The options it speaks of; only where it stands outside one option."), **_WHY, "note": _NOTE,
    },
    "rows": {
        "id": _ID, "when": _NEEDED_WHEN, "then": Field("id", "write the outcome"), **_WHY,
        "before": Field("words", help="Later rows with another outcome that may hold at the same time."), "note": _NOTE,
    },
    "else": {"then": Field("id", "write the outcome"), "because": _BECAUSE},
    "option": {"constraints": Field("entries"), "arguments": Field("entries")},
    "decisions": {
        "decision": Field("id", "name it"), "name": Field(needed="write its title"), "scope": _SCOPE,
        "preference": Field("words", help="Every option once, the best first; it only breaks ties."),
        "options": Field("entries"), "constraints": Field("entries"), "arguments": Field("entries"),
        "outcomes": Field("meanings", help="id: meaning, for a table."), "rows": Field("entries"), "else": Field("entries"),
    },
    "risks": {
        "id": _ID, "scope": _SCOPE, "when": _NEEDED_WHEN, "risk": Field("word", f"write one of {', '.join(RISKS)}", RISKS),
        "practice": Field("id", help="The lens practice it belongs to."), "name": Field(needed="give it a short title"), **_WHY,
        "improve": Field(needed="say what to do"), "note": _NOTE,
    },
    "advice": {
        "id": _ID, "scope": _SCOPE, "topic": Field("word", f"write one of {', '.join(TOPICS)}", TOPICS, "The heading it stands under."),
        "when": _NEEDED_WHEN, "name": Field(needed="say in a few words what to do"), **_WHY,
        "improve": Field(needed="say how, naming the setting"), "note": _NOTE,
        "feeds": Field("words", help="The store to feed from the pattern's own, the best first; one that is there already is taken."),
    },
    "costs": {
        "id": _ID, "decision": Field("id", "name the decision it is about"), "name": Field(needed="name the way to pay, as on demand"),
        "options": Field("words", "list the options it prices"),
        "beside": Field("id", help="The cost that this is another way to pay for; it is shown beside and compared with nothing."),
        "lines": Field("entries", help="What is paid for, one line each."),
        "free": Field("flag", help="It costs nothing of its own; `because` says why."),
        "assumes": Field("words", help="What is taken for granted, in words."),
        "leaves_out": Field("words", help="What is not in it."),
        "unpriced": Field("words", help="Facts whose value was not found; with them there is no cost."),
        "because": Field(help="Why it cannot be priced, or costs nothing; needed beside `unpriced` and `free`."), "note": _NOTE,
    },
    "cost_lines": {
        "name": Field(needed="say what is paid for"),
        "value": Field("expression", "write the expression", help="Money in time: average_rate * price.sqs.standard"),
        "when": _WHEN, "shared": Field("flag", help="Paid once for all items on the same option."), "note": _NOTE,
    },
    "loads": {
        "average": Field("id", "name the question for the average rate"),
        "scales": Field("words", help="Rates that grow with it where the load at equal cost is looked for."),
    },
    "quotas": {
        "id": _ID, "scope": _SCOPE, "when": _WHEN, "name": Field(needed="give it a short title"),
        "value": Field("expression", "write the figure of the answers", help="For example: peak_calls * usual_duration"),
        "limit": Field("expression", "write the limit", help="A fact, or an expression over facts."),
        "because": _BECAUSE, "improve": Field(needed="say what to do near the limit"), "source": _SOURCE, "note": _NOTE,
    },
    "backgrounds": {
        "id": _ID, "scope": _SCOPE, "when": _NEEDED_WHEN, "name": Field(needed="give it a title"),
        "text": Field(needed="write a sentence or two"), "facts": Field("words", "list the facts it tells"),
        "figures": Field("words", help="Derived values, printed for each item."), "source": _SOURCE, "note": _NOTE,
    },
    "pillars": {"pillar": Field("id", "name it"), "name": Field(needed="write its title"), "questions": Field("entries")},
    "lens": {
        "id": _ID, "ask": Field(needed="write the question"), "help": Field(), "url": _SOURCE,
        "practices": Field("entries", "list its practices"), "note": _NOTE,
    },
    "practices": {
        "id": _ID, "name": Field(needed="name it"), "tier": Field("word", f"write one of {', '.join(TIERS)}", TIERS),
        "because": Field(needed="say why it matters"), "improve": Field(needed="say what to do"),
        "effort": Field("word", "write one of low, medium, high", ("low", "medium", "high")),
        "source": Field("url", "name a public page"), "note": _NOTE,
        "touches": Field("sentences", help="scope: condition. The items it is about; without any it cannot apply."),
        "away": Field(help="Why it cannot apply where it touches no item, as a sentence for the report."),
    },
    "policies": {
        "decision": Field("id", "name the decision it is about"),
        "services": Field("entries", "write `relational`, or a list of services", help="`relational`, or a list of services."),
        "approver": Field(needed="name the role that signs"), "must_name": Field("words", help="What a sign-off has to say."),
        **_WHY, "note": _NOTE,
    },
    "ban": {"service": Field("id", "name the service"), "because": _BECAUSE, "note": _NOTE},
    "ruleset": {
        "ruleset": Field("id", "name it"), "name": Field(), "version": Field("loose", "write a version"),
        "as_of": Field("as_of", "write a date"), "changes": Field("entries"),
        "about_factor": Field("whole", help="`about x` means x / factor to x * factor."), "strengths": Field("entries"),
        "lens_risk": Field("entries"), "history": Field("entries"), "consolidation": Field("entries"),
        "retired": Field("meanings", help="Ids of questions that are gone: why, and where their subject went."),
    },
    "overlay": {"overlay": Field("id", "name it"), "name": Field(), "version": Field("loose"), "changes": Field("entries")},
    "consolidation": {
        "margin": Field("whole", "write how many points a pattern may give up"),
        "in_family": Field("whole", "write how many points it may give up for a store of the same family"), "because": _BECAUSE,
        "once": Field("words", help="Questions about running a store at all, whose arguments do not count again where it is there anyway."),
        "copies": Field("words", help="Classes of pattern whose store holds a copy of the record."),
    },
    "strengths": {strength: Field("whole") for strength in STRENGTHS},
    "lens_risk": {**{tier: Field("word", values=RISKS) for tier in TIERS}, "because": _BECAUSE},
    "history": {
        **{name: Field("number") for name in ("key-value", "single-table", "relational")}, "because": _BECAUSE, "source": _SOURCE,
    },
}  # fmt: skip

ID_FORMS = {
    "facts": DOTTED, "services": KEBAB, "questions": SNAKE, "conditions": SNAKE, "assume": KEBAB, "derived": SNAKE, "decisions": SNAKE,
    "constraints": KEBAB, "arguments": KEBAB, "rows": KEBAB, "risks": KEBAB, "advice": KEBAB, "policies": KEBAB, "lens": LENS,
    "practices": PRACTICE, "pillars": KEBAB, "choices": KEBAB, "outcomes": KEBAB, "costs": KEBAB, "quotas": KEBAB,
    "backgrounds": KEBAB, "loads": SNAKE,
}  # fmt: skip

# Sections that stand in any file, and those that only a file with that head has.
MAPPINGS = ("facts", "services", "conditions", "assume", "derived", "policies", "loads")
LISTS = ("risks", "advice", "costs", "quotas", "backgrounds")
ANYWHERE = (*MAPPINGS, *LISTS, "questions", "cost_notes", "gate", "disable", "ban")
HEADS = {"ruleset": "ruleset", "overlay": "overlay", "decision": "decisions", "pillar": "pillars"}
