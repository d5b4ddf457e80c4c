"""Answers -> the plain content of an answers file, so that a saved assessment can be judged again later."""

from __future__ import annotations

from typing import Any

from wa_advisor.model import Answer, Answers, Item, LensAnswer, SignOff

_LISTS = ("used_by", "served_by", "to")


def answers_content(answers: Answers) -> dict[str, Any]:
    """What an answers file with these answers holds; reading it again gives the same answers."""
    whole = {"name": answers.name, "owner": answers.owner, "stage": answers.stage, "description": answers.description}
    content: dict[str, Any] = {
        "answers": 1,
        "workload": _filled(whole) | _given(answers.workload) | _filled({"observed": dict(answers.observed)}),
    }
    content |= {group: [_item(item) for item in items] for group, items in answers.groups.items()}
    lens = {key: _lens(answer) for key, answer in answers.lens.items()}
    return content | _filled({"lens": lens, "sign_offs": [_sign_off(s) for s in answers.sign_offs]})


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", {}, [], ())}


def _item(item: Item) -> dict[str, Any]:
    links = {key: _link(key, names, item.link_answers.get(key)) for key, names in item.links.items()}
    links |= {key: _answer(answer) for key, answer in item.link_answers.items() if answer.state != "value"}
    rest = _filled({"proposed": item.proposed, "note": item.note, "observed": dict(item.observed)})
    return {"name": item.name} | _given(item.answers) | links | rest


def _given(answers: Any) -> dict[str, Any]:
    return {name: _answer(answer) for name, answer in answers.items()}


def _answer(answer: Answer) -> Any:
    beside = _filled({"note": answer.note, "evidence": answer.evidence})
    if answer.state == "not_applicable":
        return {"not_applicable": answer.reason} | beside
    if answer.state == "unknown":
        return {"unknown": True} | beside if beside else "unknown"
    value = list(answer.value) if isinstance(answer.value, tuple) else answer.text
    return {"value": value} | beside if beside else value


def _link(key: str, names: tuple[str, ...], answer: Answer | None) -> Any:
    value = names[0] if key not in _LISTS and len(names) == 1 else list(names)
    beside = _filled({"note": answer.note, "evidence": answer.evidence}) if answer is not None else {}
    return {"value": value} | beside if beside else value


def _lens(answer: LensAnswer) -> dict[str, Any] | str:
    if answer.is_unknown:
        return "unknown"
    content: dict[str, Any] = {} if answer.done is None else {"practices": list(answer.done)}
    away = answer.reason or dict(answer.not_applicable)
    return content | _filled({"unknown": list(answer.unknown), "not_applicable": away, "note": answer.note})


def _sign_off(sign_off: SignOff) -> dict[str, str]:
    keys = ("decision", "item", "choice", "lens", "risk", "approver", "date", "reason", "expires")
    return _filled({key: getattr(sign_off, key) for key in keys})
