"""Strings that try to leave the place they are printed in, and a Markdown reader to see whether they did."""

from __future__ import annotations

import html
import random
import re

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

NASTY = (
    "a|b", "|---|---|", "a | b | c", "\\|", "\\\\|", "trailing\\", "`code`", "```", "~~~", "``` python\nx\n```", "a`b", "``a`b``",
    "<!--", "<!-- x", "-->", "<script>alert(1)</script>", "<b>", "</details>", "<details>", "<img src=x onerror=1>", "<br/>",
    "<a href='x'>y</a>", "<http://x.example>", "<x@y.example>", "<![CDATA[", "<?php", "<!DOCTYPE html>", "&lt;b&gt;", "&amp;lt;",
    "&#64;team", "&nbsp;", "[x](y)", "[x](javascript:alert(1))", "![", "![x](http://x.example/y.png)", "![x][y]", "[x]: y", "[^1]",
    "[^1]: note", "[ ] task", "[x] done", "@team", "@org/team", "hello @team!", "(@a)", "a@b.example", "mailto:a@b.example", "#123",
    "org/repo#1", "GH-12", "gh-7", "!12", "$1", "$$x^2$$", "$x$", "$`x`$", "~label", "%1", '%"a b"', "&12", "[vulnerability:1]",
    "{+ new +}", "{- old -}", "[+ new +]", "[[_TOC_]]", "[[page]]", "http://x.example", "https://x.example/a?b=c&d=e", "www.x.example",
    "WWW.X.COM", "www.;", "www. x", "ftp://x.example", "irc://x.example/y", "//localhost/x", "//x.example", "x.com", "пример.рф", "a.b.c.io", ":smile:",
    ":+1:", "x :smile", ":8ball", "12:30:15", "# heading", "###### six", "#", "text #", "- item", "+ item", "* item", "-item", "1. item", "1) item", "1986. A year",
    "1.", "> quote", ">quote", "---", "***", "___", "===", "=", "==mark==", "++ins++", "-", "--", "--- | ---", ":---", ":-:", ": def",
    "    code", "\tcode", "Title\n===", "Title\n---", "a\n\nb", "a\nb", "a\r\nb", "a  \nb", "\n", "\n# x", "\u2028# x", "\u2029- x", "\x85# x",
    "\x0b# x", "\x0c# x", "\u202eevil", "\u2066x\u2069", "\u200fx", "\u200e", "\u200b", "a\u200bb", "\ufeffx", "\x00x", "\x1b[31mred", "\x7f",
    "**bold**", "*x*", "_x_", "__init__", "snake_case_name", "_", "__", "*", "**", "~x~", "~~x~~", "^x^", "H~2~O", "a*b*c", "\\*x\\*",
    "%%{init: {}}%%", "end", "graph TD", "subgraph x", '"', '"]', 'x"] --> y["', "A-->B", "A[x]", "A((x))", "A{x}", "#quot;", "#35;", "click A",
    ";", "%% x", "style A fill:#f00", "{{7*7}}", "{% raw %}", "{# x #}", "{{", "${x}", "$(x)", "'; DROP TABLE x;--", "\\", "\\\\", "\\n",
    "👩‍👩‍👧", "é", "e\u0301", "日本語", "עברית", "نام\u200cها", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A", "ﬁ", "…", "—", "“quoted”", "½", "٣. x", "1\u0660. x", "İ", "ß",
    "x" * 390, "`" * 50, "|" * 50, "[" * 100, "*" * 99, "\\" * 51, "<" * 60, "![[" * 30,
)  # fmt: skip

_PIECES = (
    "|", "\\", "`", "```", "*", "**", "_", "__", "~", "~~", "[", "]", "(", ")", "<", ">", "<!--", "-->", "&", "&lt;", "#", "@", "!", "$",
    "$$", "^", "{", "}", "=", "==", "+", "-", "--", ".", ":", "/", "//", "://", "http", "www", "com", "a", "b", "x1", "1", "42", " ", "  ",
    "\n", "\t", "\r", "\u2028", "\u202e", "\u200b", "\u200d", "'", '"', ";", "%", ",", "?", "é", "日", "😀", "</td>", "<b", "script", "[^1]", "](", "![",
    "smile", "team", "GH", "mailto:", "\\|", "\x00", "\xa0",
)  # fmt: skip


def hostile_strings(count: int, seed: int) -> list[str]:
    """The nasty ones by hand, then `count` made of dangerous pieces; the same for the same seed."""
    chance = random.Random(seed)
    made = ["".join(chance.choice(_PIECES) for _ in range(chance.randint(1, 14))) for _ in range(count)]
    return [*NASTY, *made]


def reader() -> MarkdownIt:
    """A reader with all that GitHub and GitLab read: tables, strike-through, HTML, links, footnotes, maths."""
    return MarkdownIt("gfm-like").use(footnote_plugin).use(dollarmath_plugin, double_inline=True)


def structure(text: str, markdown: MarkdownIt) -> list[str]:
    """The tags and raw HTML of the rendered text, in order, without the text between them."""
    return re.findall(r"<[^>]*>", markdown.render(text))


def visible(text: str, markdown: MarkdownIt) -> str:
    """What is seen of the rendered text, zero-width breaks included."""
    return html.unescape(re.sub(r"<[^>]*>", "", markdown.render(text)))


# What GitHub and GitLab turn into references, links and pictures after rendering, wherever it stands in a text.
AFTERWARDS = re.compile(
    r"(?<!\w)@\w | \#\d | (?<!\w)[!$&~%]\d | [a-z][a-z0-9+.-]+://\S | :[\w+-]*[a-z+-][\w+-]*: | \bgh-\d | [\w.+-]+@[\w-]+\.\w | [\[{][+-] | \[\[",
    re.I | re.X,
)
