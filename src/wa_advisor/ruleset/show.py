"""One rule, question, fact or service as text, with where it is used."""

from __future__ import annotations

from collections.abc import Iterator

from wa_advisor.errors import CommandError, Span, did_you_mean
from wa_advisor.model import Cost, RuleSet
from wa_advisor.ruleset.check import all_rules, trees_of
from wa_advisor.ruleset.compile import names_in


def show_entry(ruleset: RuleSet, ident: str) -> str:
    """The entry's text; CommandError when nothing has the id."""
    lines = list(_entry(ruleset, ident))
    if not lines:
        raise CommandError(f'nothing has the id "{ident[:60]}"{did_you_mean(ident, _ids(ruleset))}')
    return "\n".join(lines) + "\n"


def _ids(ruleset: RuleSet) -> list[str]:
    kinds = (
        ruleset.questions, ruleset.conditions, ruleset.assumptions, ruleset.derived, ruleset.decisions, ruleset.facts, ruleset.services,
        ruleset.risks, ruleset.advice, ruleset.lens, ruleset.policies, ruleset.costs, ruleset.quotas, ruleset.backgrounds,
    )  # fmt: skip
    practices = [p.id for q in ruleset.lens.values() for p in q.practices]
    return [i for kind in kinds for i in kind] + [r.id for _, r in all_rules(ruleset)] + practices


def _where(span: Span) -> str:
    return f"  in {span.file}:{span.line}"


def _entry(ruleset: RuleSet, ident: str) -> Iterator[str]:
    if ident in ruleset.questions:
        question = ruleset.questions[ident]
        yield f"question {ident} ({question.scope}, {question.type})"
        yield f"  {question.ask}"
        if question.help:
            yield f"  {question.help}"
        for choice, meaning in question.choices.items():
            since = question.choices_since.get(choice, "")
            yield f"    {choice}: {meaning}" + (f" (since {since})" if since else "")
        if question.when_text:
            yield f"  asked when {question.when_text}"
        if question.since:
            yield f"  asked since {question.since}"
        yield _where(question.span)
        yield from _used(ruleset, ident)
    elif ident in ruleset.facts:
        fact = ruleset.facts[ident]
        yield f"fact {ident}: {fact.text}"
        yield f"  {fact.name}"
        yield f"  read {fact.as_of}, {fact.source or fact.because}" + (f" ({fact.evidence})" if fact.evidence else "")
        yield _where(fact.span)
        yield from _used(ruleset, ident)
    elif ident in ruleset.conditions or ident in ruleset.derived:
        text, span = (
            (ruleset.conditions[ident].text, ruleset.conditions[ident].span)
            if ident in ruleset.conditions
            else (ruleset.derived[ident].text, ruleset.derived[ident].span)
        )
        yield f"{'condition' if ident in ruleset.conditions else 'derived value'} {ident}: {text}"
        yield _where(span)
        yield from _used(ruleset, ident)
    elif ident in ruleset.assumptions:
        assumption = ruleset.assumptions[ident]
        yield f"assumption {ident} (per {assumption.scope})"
        yield f"  never {assumption.text}"
        yield f"  because {assumption.because}"
        yield _where(assumption.span)
    elif ident in ruleset.decisions:
        decision = ruleset.decisions[ident]
        yield f"decision {ident} ({decision.kind}, per {decision.scope}): {decision.name}"
        yield f"  options: {', '.join(decision.options)}"
        yield _where(decision.span)
        yield from _used(ruleset, ident)
    elif ident in ruleset.services:
        service = ruleset.services[ident]
        yield f"service {ident}: {service.name}, {service.family}" + (", relational" if service.relational else "")
        for decision, rule in all_rules(ruleset):
            if ident in rule.options:
                yield f"  {rule.kind} {rule.id} in {decision.id}: {rule.text}"
        yield from (f"  fact {fact.id}: {fact.text}" for fact in ruleset.facts.values() if fact.service == ident)
    elif ident in ruleset.risks:
        risk = ruleset.risks[ident]
        yield f"risk {ident} ({risk.risk}, per {risk.scope}): {risk.name}"
        yield f"  when {risk.text}"
        yield f"  because {risk.because}"
        yield f"  do: {risk.improve}"
        yield _where(risk.span)
    elif ident in ruleset.advice:
        advice = ruleset.advice[ident]
        yield f"advice {ident} ({advice.topic}, per {advice.scope}): {advice.name}"
        yield f"  when {advice.text}"
        yield f"  because {advice.because}"
        yield f"  do: {advice.improve}"
        yield _where(advice.span)
    elif ident in ruleset.costs:
        yield from _cost(ruleset.costs[ident])
    elif ident in ruleset.quotas:
        quota = ruleset.quotas[ident]
        yield f"quota {ident} (per {quota.scope}): {quota.name}"
        yield f"  {quota.value_text} within {quota.limit_text} ({ruleset.facts[quota.fact].text})"
        yield from ([f"  when {quota.text}"] if quota.text else [])
        yield f"  because {quota.because}"
        yield f"  do: {quota.improve}"
        yield _where(quota.span)
    elif ident in ruleset.backgrounds:
        background = ruleset.backgrounds[ident]
        yield f"background {ident} (per {background.scope}): {background.name}"
        yield f"  when {background.text}"
        yield f"  tells {', '.join(background.facts)}"
        yield _where(background.span)
    elif ident in ruleset.policies:
        policy = ruleset.policies[ident]
        yield f"policy {ident}: {policy.decision} in {', '.join(policy.services)} needs a sign-off by the {policy.approver}"
        yield _where(policy.span)
    for decision, rule in all_rules(ruleset):
        if rule.id == ident:
            what = f"{rule.direction} {rule.strength} " if rule.direction else ""
            yield f"{rule.kind} {ident} of {decision.id}: {what}{', '.join(rule.options) or rule.outcome}"
            yield f"  when {rule.text}"
            yield f"  because {rule.because}"
            yield f"  {rule.basis}" + (f", {rule.source}" if rule.source else "")
            yield _where(rule.span)
    for question_id, lens in ruleset.lens.items():
        for practice in lens.practices:
            if ident in (practice.id, question_id):
                yield f"practice {practice.id} ({practice.tier}): {practice.name}"
                yield f"  because {practice.because}"
                yield f"  do: {practice.improve}"
                for scope, text in practice.touches_text.items():
                    yield f"  about each {scope} where {text}"


def _cost(cost: Cost) -> Iterator[str]:
    yield f"cost {cost.id}: {cost.decision} {', '.join(cost.options)}, {cost.name}"
    for line in cost.lines:
        yield f"  {line.name}: {line.text}" + (f" when {line.when_text}" if line.when_text else "")
    yield from (f"  not found: {fact}" for fact in cost.unpriced)
    yield from ([f"  because {cost.because}"] if cost.because else [])
    yield from (f"  takes for granted: {text}" for text in cost.assumes)
    yield from (f"  leaves out: {text}" for text in cost.leaves_out)
    yield _where(cost.span)


def _used(ruleset: RuleSet, ident: str) -> Iterator[str]:
    users = [holder for holder, tree in trees_of(ruleset) if ident in names_in(tree) or f"'{ident}'" in repr(tree)]
    yield "  used by " + (", ".join(sorted(set(users))) if users else "nothing")
