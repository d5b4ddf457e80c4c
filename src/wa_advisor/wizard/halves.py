"""What was given at a place and not taken: it stands there again, to be mended or given once more, and is not typed twice."""

from __future__ import annotations

from msgspec.structs import replace

from wa_advisor.wizard.screen import Away, GiveForm, GiveSeveral, Reply, Row, Screen


def with_half(screen: Screen, half: Reply | None) -> Screen:
    """The Screen with what was given before in its lines, its rows or as its reason."""
    if isinstance(half, GiveForm) and len(half.values) == len(screen.fields):
        fields = tuple(replace(f, value=v) for f, v in zip(screen.fields, half.values, strict=True))
        return replace(screen, fields=fields)
    if isinstance(half, GiveSeveral) and screen.kind == "several":
        return replace(screen, rows=_rows(screen, half))
    if isinstance(half, Away) and screen.can_away:
        return replace(screen, reason=half.reason)
    return screen


def _rows(screen: Screen, half: GiveSeveral) -> tuple[Row, ...]:
    reasons = dict(half.away)
    states = {**dict.fromkeys(half.on, "on"), **dict.fromkeys(half.unknown, "unknown"), **dict.fromkeys(reasons, "away")}
    listed = [r.value for r in screen.rows]
    named = [Row(value=v, label=v) for v in half.on if v not in listed] if screen.other else []
    return tuple(replace(r, state=states.get(r.value, ""), reason=reasons.get(r.value, "")) for r in (*screen.rows, *named))
