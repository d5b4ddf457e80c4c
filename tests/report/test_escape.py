"""What people type is shown as they typed it, and does nothing else."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hostile import AFTERWARDS, NASTY, hostile_strings, reader, structure, visible

from wa_advisor.report.escape import clean_text, code_span, escape_markdown, escape_prose, mermaid_label

PLACES = {
    "paragraph": "{}",
    "sentence": "For {}, and more.",
    "table cell": "| a | b | c |\n|---|---|---|\n| x | {} | y |\n| {} | {} | z |",
    "list item": "- {}\n- For {}: more",
    "numbered item": "1. {}\n2. more",
    "heading": "# {}\n\n## Report: {}\n\ntext",
    "bold": "- **{}**: more",
    "emphasis": "(*{}*)",
    "quote": "> {}",
    "details": "<details><summary>More</summary>\n\n{}\n\n- {}\n\n</details>\n\nafter",
    "definition": "Term\n: {}",
}
READER = reader()
STRINGS = hostile_strings(3_000, seed=20181126)


@pytest.mark.parametrize("index", range(len(PLACES)), ids=list(PLACES))
def test_nothing_typed_changes_the_structure(index: int) -> None:
    """Every nasty string in every place, every generated one in a few."""
    place = list(PLACES.values())[index]
    plain = structure(place.replace("{}", "x"), READER)
    for typed in [*NASTY, *STRINGS[len(NASTY) + index % 4 :: 4]]:
        made = place.replace("{}", escape_markdown(typed))
        assert structure(made, READER) == plain, typed


def test_the_text_seen_is_the_text_typed() -> None:
    for typed in STRINGS:
        seen = visible("For " + escape_markdown(typed) + " more", READER)
        assert seen.replace("\u200b", "").split() == f"For {clean_text(typed, 400)} more".split(), typed


def test_what_is_kept_of_a_text() -> None:
    """Only what cannot be seen is dropped: letters, marks, signs and emoji stay."""
    for typed in STRINGS:
        lost = set(typed) - set(clean_text(typed, 400))
        if len(typed) < 400:
            assert all(c.isspace() or unicodedata.category(c) in ("Cc", "Cf", "Mn") for c in lost), typed
    assert clean_text("👩‍👩‍👧", 10) == "👩‍👩‍👧"
    assert clean_text("a\u200db", 10) == "ab"


def test_nothing_is_left_for_the_filters_that_run_after_rendering() -> None:
    for typed in STRINGS:
        seen = visible("For " + escape_markdown(typed) + " more", READER)
        assert not AFTERWARDS.search(seen), typed


def test_the_filters_pattern_sees_what_it_should() -> None:
    for text in ("@team", "#12", "!12", "irc://x", ":smile:", "GH-1", "a@b.example", "[[x]]", "{+ x"):
        assert AFTERWARDS.search(text), text


PLAIN_TEXTS = (
    "Shopping cart", "cart by owner", "item_size", "two-account transfers with running balance", "20 to 50/s", "about 5/s", "1.5 MB",
    "12:30", "team A (Berlin)", "50 %", "Can't wait, really!", "a/b", "reads; writes", "€ 20", "What? Nothing.",
)  # fmt: skip


@pytest.mark.parametrize("text", PLAIN_TEXTS)
def test_plain_text_stays_readable_in_the_source(text: str) -> None:
    assert escape_markdown(text) == text


def test_a_long_text_is_cut() -> None:
    assert len(clean_text("word " * 400, 100)) <= 100
    assert escape_markdown("word " * 400, 20) == "word word word word…"


def test_code_spans_hold_identifiers_and_nothing_else() -> None:
    assert code_span("item_size") == "`item_size`"
    assert code_span("wa-advisor report answers.yaml") == "`wa-advisor report answers.yaml`"
    for typed in NASTY:
        assert structure(f"- {code_span(typed)}", READER) in (
            structure("- `x`", READER),
            structure("- x", READER),
        ), typed


def test_mermaid_labels_hold_nothing_that_mermaid_reads() -> None:
    for typed in STRINGS:
        label = mermaid_label(typed)
        assert label and len(label) <= 40
        assert not re.search(r"""["<>\[\]{}|;#%&`\\~^=$@*!?\n]""", label), typed


PROSE = [
    ("Set `MaxReceiveCount` to 5, then `a.b`.", "<p>Set <code>MaxReceiveCount</code> to 5, then <code>a.b</code>.</p>"),
    ("One ` alone, and <b>", "<p>One ` alone, and &lt;b&gt;</p>"),
    ("`<b>` and `|`", "<p>&lt;b&gt; and |</p>"),
    ("`@name`", "<p><code>@name</code></p>"),
]


@pytest.mark.parametrize(("text", "html"), PROSE)
def test_code_spans_of_rules_stay_code_spans(text: str, html: str) -> None:
    assert reader().render(escape_prose(text)).strip() == html
