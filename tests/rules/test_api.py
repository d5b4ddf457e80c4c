"""The front for callers: short answers and what they lead to, limits at their edge, every option reachable."""

from __future__ import annotations

import pytest

from wa_advisor.answers import parse_answers
from wa_advisor.engine.evaluate import Verdict, evaluate
from wa_advisor.model import RuleSet

FUNCTIONS = "interaction: request-response, answered_by: functions"
CONTAINERS = "interaction: request-response, answered_by: containers"


def front(ruleset: RuleSet, answers: str, workload: str = "") -> Verdict:
    text = f"answers: 1\nworkload: {{name: w{workload}}}\ninterfaces:\n  - {{name: i, {answers}}}\n"
    verdicts = evaluate(ruleset, parse_answers(text, "answers.yaml", ruleset)).verdicts
    return next(v for v in verdicts if v.decision == "api")


def reasons(verdict: Verdict) -> set[str]:
    """Ids of the arguments that are true now, of every option left."""
    return {a.rule.id for option in verdict.ranking if option.state != "eliminated" for a in option.arguments if a.truth}


def eliminating(verdict: Verdict, option: str) -> list[str]:
    found = verdict.option(option)
    assert found is not None
    return [c.rule.id for c in found.constraints if c.truth] if found.state == "eliminated" else []


# answers, the first choice, one reason that has to be among those true
CHOICES = [
    ("interaction: request-response", "apigw-http", "http-api-plain-requests"),
    (FUNCTIONS, "apigw-http", "http-api-calls-functions"),
    (f"{FUNCTIONS}, routes: 8, callers: browsers, front_needs: []", "apigw-http", "http-api-calls-functions"),
    (f"{FUNCTIONS}, routes: 8, front_needs: [token-login]", "apigw-http", "http-api-checks-tokens"),
    (f"{FUNCTIONS}, routes: 8, front_needs: [client-certificates]", "apigw-http", "http-api-calls-functions"),
    ("interaction: request-response, answered_by: both, front_needs: []", "apigw-http", "http-api-calls-functions"),
    (f"{FUNCTIONS}, callers: partners, front_needs: [consumer-keys]", "apigw-rest", "rest-api-plans-for-consumers"),
    (f"{CONTAINERS}, callers: partners, front_needs: [consumer-keys]", "apigw-rest", "rest-api-plans-for-consumers"),
    (f"{FUNCTIONS}, front_needs: [body-checks]", "apigw-rest", "rest-api-checks-bodies"),
    (f"{FUNCTIONS}, front_needs: [response-cache]", "apigw-rest", "rest-api-keeps-answers"),
    (f"{FUNCTIONS}, front_needs: [private-only], callers: own-services", "apigw-rest", "rest-api-private-to-functions"),
    (f"{FUNCTIONS}, front_needs: [web-filter], callers: browsers", "apigw-rest", "front-with-firewall"),
    (f"{FUNCTIONS}, front_needs: [web-filter, token-login], callers: browsers", "apigw-rest", "front-with-firewall"),
    (f"{FUNCTIONS}, routes: 8, front_needs: [streaming], callers: browsers", "apigw-rest", "front-streams-answers"),
    ("interaction: request-response, answered_by: aws-service", "apigw-rest", "rest-api-calls-services"),
    (f"{FUNCTIONS}, routes: 1, callers: own-services, front_needs: []", "lambda-function-url", "function-url-one-function"),
    (f"{FUNCTIONS}, routes: 1, callers: partners, front_needs: []", "apigw-http", "function-url-no-throttle"),
    (f"{FUNCTIONS}, routes: 1, callers: own-services, answer_time: 5 min", "lambda-function-url", "function-url-long-answers"),
    (f"{FUNCTIONS}, routes: 1, callers: own-services, front_needs: [streaming]", "lambda-function-url", "front-streams-answers"),
    (f"{FUNCTIONS}, routes: 1, callers: browsers, front_needs: []", "apigw-http", "function-url-no-name-of-its-own"),
    (f"{CONTAINERS}, front_needs: [token-login]", "alb", "alb-signs-users-in"),
    (f"{CONTAINERS}", "alb", "alb-containers-answer"),
    (f"{CONTAINERS}, callers: browsers, front_needs: [web-filter]", "alb", "front-with-firewall"),
    (f"{CONTAINERS}, callers: own-services, front_needs: [private-only]", "alb", "alb-private-to-containers"),
    (f"{CONTAINERS}, answer_time: 2 min", "alb", "alb-answers-many-seconds-from-containers"),
    (f"{FUNCTIONS}, routes: 8, average_requests: 3000/s", "alb", "alb-volume-beats-price-per-request"),
    (f"{FUNCTIONS}, routes: 8, average_requests: 450/s, front_needs: [web-filter]", "alb", "front-priced-by-request"),
    (f"{FUNCTIONS}, routes: 8, average_requests: 299/s", "apigw-http", "http-api-calls-functions"),
    ("interaction: request-response, answered_by: both, average_requests: 3000/s", "alb", "alb-functions-and-containers"),
    ("interaction: graph-query, answered_by: functions", "appsync", "appsync-chosen-fields"),
    ("interaction: graph-query", "appsync", "appsync-chosen-fields"),
    ("interaction: server-push, callers: browsers", "appsync", "appsync-pushes-to-subscribers"),
    ("interaction: server-push, answered_by: functions, body_size: 2 KB", "appsync", "appsync-pushes-to-subscribers"),
    ("interaction: two-way, callers: browsers", "apigw-websocket", "websocket-both-ways"),
    ("interaction: two-way, answered_by: functions, body_size: 4 KB", "apigw-websocket", "websocket-both-ways"),
    ("interaction: two-way, answered_by: functions, body_size: 200 KB", "appsync", "appsync-both-ways"),
    ("interaction: two-way, answered_by: containers, callers: browsers", "alb", "alb-sockets-to-containers"),
    ("interaction: two-way, callers: devices", "iot-core", "iot-connected-devices"),
    ("interaction: device-messages", "iot-core", "iot-device-messages"),
    ("interaction: device-messages, callers: devices, body_size: 300 B", "iot-core", "iot-device-messages"),
    ("interaction: own-protocol", "nlb", "nlb-own-protocol"),
    ("interaction: own-protocol, answered_by: containers, callers: devices", "nlb", "nlb-own-protocol"),
    ("interaction: device-messages, front_needs: [pass-through, fixed-addresses]", "nlb", "nlb-below-the-protocol"),
    ("interaction: own-protocol, front_needs: [fixed-addresses]", "nlb", "nlb-below-the-protocol"),
    (f"{CONTAINERS}, front_needs: [fixed-addresses]", "alb", "nlb-below-the-protocol"),
    ("interaction: static-content", "cloudfront", "cloudfront-files-near-callers"),
    ("interaction: static-content, callers: browsers, far_callers: yes", "cloudfront", "cloudfront-far-callers"),
    (f"{FUNCTIONS}, callers: browsers, routes: 8, cacheable: 95 %, far_callers: yes", "cloudfront", "cloudfront-mostly-the-same-answers"),
    (f"{FUNCTIONS}, callers: browsers, routes: 8, cacheable: 20 %, far_callers: yes", "apigw-http", "cloudfront-far-callers"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "choice", "reason"), CHOICES)
def test_choice(ruleset: RuleSet, answers: str, choice: str, reason: str) -> None:
    verdict = front(ruleset, answers)
    assert verdict.choice == choice, [(o.option, o.total) for o in verdict.ranking]
    assert reason in reasons(verdict)


def test_every_option_is_a_first_choice_somewhere(ruleset: RuleSet) -> None:
    assert {choice for _, choice, _ in CHOICES} == set(ruleset.decisions["api"].options)


def test_nothing_answered_is_open(ruleset: RuleSet) -> None:
    assert (front(ruleset, "callers: browsers").choice, front(ruleset, "callers: browsers").certainty) == (None, "open")


# option, its constraint, answers with {} for the value, the largest value that is allowed, one beyond
LIMITS = [
    ("apigw-http", "http-api-answer-too-slow", FUNCTIONS + ", answer_time: {}", "30 s", "31 s"),
    ("apigw-http", "http-api-body-too-large", CONTAINERS + ", body_size: {}", "10 MB", "10001 KB"),
    ("apigw-rest", "rest-api-body-too-large", CONTAINERS + ", front_needs: [], body_size: {}", "10 MB", "10001 KB"),
    ("apigw-rest", "gateway-body-too-large-for-functions", FUNCTIONS + ", front_needs: [], body_size: {}", "6 MB", "6001 KB"),
    ("apigw-http", "gateway-body-too-large-for-functions", FUNCTIONS + ", front_needs: [], body_size: {}", "6 MB", "6001 KB"),
    ("apigw-websocket", "websocket-message-too-large", "interaction: two-way, body_size: {}", "128 KB", "129 KB"),
    ("apigw-websocket", "websocket-connection-too-long", "interaction: two-way, connection_time: {}", "2 h", "121 min"),
    ("appsync", "appsync-answer-too-slow", "interaction: graph-query, answer_time: {}", "30 s", "31 s"),
    ("appsync", "appsync-answer-too-large", "interaction: graph-query, body_size: {}", "5 MB", "5001 KB"),
    ("appsync", "appsync-news-too-large", "interaction: server-push, body_size: {}", "240 KB", "241 KB"),
    ("alb", "alb-body-too-large-for-functions", FUNCTIONS + ", body_size: {}", "1 MB", "1001 KB"),
    ("lambda-function-url", "function-url-answer-too-slow", FUNCTIONS + ", answer_time: {}", "15 min", "901 s"),
    ("lambda-function-url", "function-url-body-too-large", FUNCTIONS + ", front_needs: [], body_size: {}", "6 MB", "6001 KB"),
    ("iot-core", "iot-message-too-large", "interaction: device-messages, body_size: {}", "128 KB", "129 KB"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "rule", "answers", "at", "beyond"), LIMITS)
def test_limit_rules_out_beyond_it_and_not_at_it(
    ruleset: RuleSet, option: str, rule: str, answers: str, at: str, beyond: str
) -> None:
    assert rule not in eliminating(front(ruleset, answers.format(at)), option)
    assert rule in eliminating(front(ruleset, answers.format(beyond)), option)


# a need, the fronts that cannot meet it, some that can
NEEDS = [
    ("consumer-keys", {"apigw-http", "alb", "nlb", "cloudfront", "lambda-function-url", "iot-core"}),
    ("body-checks", {"apigw-http", "alb", "nlb", "cloudfront", "lambda-function-url", "iot-core"}),
    ("response-cache", {"apigw-http", "apigw-websocket", "alb", "nlb", "lambda-function-url", "iot-core"}),
    ("private-only", {"apigw-http", "apigw-websocket", "cloudfront", "lambda-function-url"}),
    ("web-filter", {"apigw-http", "apigw-websocket", "nlb", "lambda-function-url", "iot-core"}),
    ("client-certificates", {"apigw-websocket", "appsync", "lambda-function-url"}),
    ("token-login", {"lambda-function-url", "nlb"}),
    ("streaming", {"apigw-http", "appsync"}),
    ("gradual-rollout", set()),
    ("fixed-addresses", set()),
    ("pass-through", {
        "apigw-http", "apigw-rest", "apigw-websocket", "appsync", "alb", "cloudfront", "lambda-function-url", "iot-core",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("need", "without"), NEEDS)
def test_need_rules_out_the_fronts_without_it(ruleset: RuleSet, need: str, without: set[str]) -> None:
    plain = front(ruleset, "front_needs: [], interaction: request-response")
    needed = front(ruleset, f"front_needs: [{need}], interaction: request-response")
    gone = {o.option for o in needed.ranking if o.state == "eliminated"}
    assert gone - {o.option for o in plain.ranking if o.state == "eliminated"} == without


# a way to talk, the fronts that do not speak it
WAYS = [
    ("request-response", set()),
    ("two-way", {"apigw-http", "apigw-rest", "lambda-function-url"}),
    ("server-push", {"apigw-http", "apigw-rest", "lambda-function-url"}),
    ("static-content", {"appsync", "apigw-websocket", "iot-core"}),
    ("own-protocol", {"apigw-http", "apigw-rest", "apigw-websocket", "appsync", "alb", "cloudfront", "lambda-function-url"}),
    ("device-messages", {"apigw-http", "apigw-rest", "apigw-websocket", "appsync", "alb", "cloudfront", "lambda-function-url"}),
]  # fmt: skip


@pytest.mark.parametrize(("way", "without"), WAYS)
def test_way_to_talk_rules_out_what_does_not_speak_it(ruleset: RuleSet, way: str, without: set[str]) -> None:
    assert {o.option for o in front(ruleset, f"interaction: {way}").ranking if o.state == "eliminated"} == without


# what answers, the fronts that do not reach it
ANSWERERS = [
    ("request-response", "functions", {"nlb"}),
    ("request-response", "containers", {"lambda-function-url"}),
    ("request-response", "both", {"lambda-function-url"}),
    ("request-response", "aws-service", {"alb", "nlb", "lambda-function-url"}),
    ("two-way", "functions", {"apigw-http", "apigw-rest", "lambda-function-url", "alb", "nlb"}),
]  # fmt: skip


@pytest.mark.parametrize(("way", "answerer", "without"), ANSWERERS)
def test_front_has_to_reach_what_answers(ruleset: RuleSet, way: str, answerer: str, without: set[str]) -> None:
    verdict = front(ruleset, f"interaction: {way}, answered_by: {answerer}")
    assert {o.option for o in verdict.ranking if o.state == "eliminated"} == without


def test_streaming_lifts_the_size_limit_of_answers(ruleset: RuleSet) -> None:
    verdict = front(ruleset, f"{FUNCTIONS}, routes: 1, callers: own-services, body_size: 50 MB, front_needs: [streaming]")
    assert verdict.choice == "lambda-function-url"


def test_answer_beyond_the_default_of_a_rest_api_is_an_argument_only(ruleset: RuleSet) -> None:
    verdict = front(ruleset, f"{FUNCTIONS}, routes: 8, answer_time: 60 s, front_needs: [consumer-keys]")
    assert verdict.choice == "apigw-rest"
    assert "rest-api-answer-over-default-timeout" in reasons(verdict)


def test_load_balancer_of_an_idle_workload_costs(ruleset: RuleSet) -> None:
    assert "alb-paid-while-idle" in reasons(front(ruleset, CONTAINERS, ", idle_cost: yes"))
    assert "alb-paid-while-idle" not in reasons(front(ruleset, CONTAINERS, ", idle_cost: no"))
