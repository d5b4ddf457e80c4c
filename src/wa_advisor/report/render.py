"""Assessment -> the Markdown report."""

from __future__ import annotations

import re
from pathlib import Path

from wa_advisor.engine.evaluate import Assessment

_TEMPLATE = Path(__file__).parent / "templates" / "report.md.j2"


def render_report(assessment: Assessment, template: str | None = None, *, file: str = "", as_of: str = "") -> str:
    """The report's text, ending in one line break; `template` is the text of an own one, `file` its name.

    CommandError, with file and line, where an own template cannot be filled.
    """
    from wa_advisor.report.sandbox import SHIPPED, render
    from wa_advisor.report.view import report_view

    view = report_view(assessment, as_of)
    values = {name: getattr(view, name) for name in view.__struct_fields__}
    source = template if template is not None else _TEMPLATE.read_text("utf-8")
    text = render(source, values, file or SHIPPED)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
