"""The Mermaid pictures of a report, within what GitLab draws without being asked (2,000 characters a page).

Names never become ids, and every label is quoted. When the parts are too many they are drawn by service and not
one by one; when even that is too much, the picture is left out and the tables stand alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from wa_advisor.engine.evaluate import Assessment, Mix
from wa_advisor.model import Item
from wa_advisor.report.escape import Markdown, clean_text, mermaid_label

BUDGET = 1_990
_SHAPES = {
    "interface": ("([", "])"),
    "component": ("[", "]"),
    "store": ("[(", ")]"),
    "hand_over": ("{{", "}}"),
    "party": ("[/", "/]"),
}


class Picture(Struct, frozen=True, kw_only=True):
    """`grouped` when parts were drawn together because there are too many of them.

    `proposed` when something is drawn as the team proposes it where the answers speak for another service.
    """

    text: Markdown
    grouped: bool
    proposed: bool


class Node(Struct, frozen=True):
    kind: str
    name: str
    service: str


Edge = tuple[Node, Node]


def pie(mix: Mix) -> Markdown | None:
    """The shares of the classes, ranges by their middle; None where one class is all there is."""
    middles = {name: float(low + high) / 2 for name, (low, high) in mix.shares.items() if high > 0}
    if len(middles) < 2:
        return None
    of = "requests" if mix.weighted_by == "average_rate" else "patterns"
    slices = "".join(f'  "{mermaid_label(name)}" : {share * 100:.1f}\n' for name, share in middles.items())
    return Markdown(f"```mermaid\npie showData title Share of {of} by class, in percent\n{slices}```")


def flowchart(assessment: Assessment, budget: int) -> Picture | None:
    """Interfaces, components, stores and hand-overs with what links them; None where nothing is linked or fits.

    What nothing links is drawn as well while there is room for it.
    """
    drawing = _Drawing(assessment)
    edges = list(dict.fromkeys(drawing.edges()))
    if not edges:
        return None
    linked = {node for edge in edges for node in edge}
    lone = [node for node in drawing.parts() if node not in linked]
    for grouped, alone, limit in ((False, lone, 40), (False, lone, 24), (False, [], 24), (True, [], 30)):
        text = _drawn(_grouped(edges) if grouped else edges, alone, limit)
        if len(text) <= budget:
            differs = any(v.proposed and v.proposed != v.choice for v in assessment.verdicts)
            return Picture(text=Markdown(text), grouped=grouped, proposed=differs)
    return None


class _Drawing:
    """The parts of the workload and what links them, each with what the team proposes or else our choice."""

    def __init__(self, assessment: Assessment) -> None:
        self.answers = assessment.answers
        services = assessment.ruleset.services
        meant = {(v.decision, v.item): v.proposed or v.choice for v in assessment.verdicts}
        self.chosen = {key: services[option].name if option else "" for key, option in meant.items()}

    def component(self, name: str) -> Node:
        """A component by its name; whoever else hands over or receives is a party outside."""
        known = any(c.name == name for c in self.answers.items("components"))
        return Node("component" if known else "party", name, self.chosen.get(("compute", name), ""))

    def interface(self, item: Item) -> Node:
        return Node("interface", item.name, self.chosen.get(("api", item.name), ""))

    def store(self, item: Item) -> Node:
        service = self.chosen.get(("data_store", item.name), "")
        return Node("store", "" if service else item.name, service)

    def hand_over(self, item: Item) -> Node:
        return Node("hand_over", item.name, self.chosen.get(("integration", item.name), ""))

    def parts(self) -> Iterator[Node]:
        """Everything that the answers name, linked or not."""
        yield from map(self.interface, self.answers.items("interfaces"))
        yield from (self.component(item.name) for item in self.answers.items("components"))
        yield from dict.fromkeys(map(self.store, self.answers.items("access_patterns")))
        yield from map(self.hand_over, self.answers.items("hand_overs"))

    def edges(self) -> Iterator[Edge]:
        for face in self.answers.items("interfaces"):
            yield from ((self.interface(face), self.component(name)) for name in face.links.get("served_by", ()))
        for pattern in self.answers.items("access_patterns"):
            yield from ((self.component(name), self.store(pattern)) for name in pattern.links.get("used_by", ()))
        for handed in self.answers.items("hand_overs"):
            middle = self.hand_over(handed)
            yield from ((self.component(name), middle) for name in handed.links.get("from", ()))
            yield from ((middle, self.component(name)) for name in handed.links.get("to", ()))


def _grouped(edges: Iterable[Edge]) -> list[Edge]:
    """The same picture with one node a kind and service."""
    members: dict[tuple[str, str], dict[str, None]] = {}
    for edge in edges:
        for node in edge:
            members.setdefault((node.kind, node.service), {})[node.name] = None

    def group(node: Node) -> Node:
        names = members[node.kind, node.service]
        many = f"{len(names)} {node.kind.replace('_', '-').replace('party', 'partie')}s"
        return Node(node.kind, node.name if len(names) == 1 else many, node.service)

    return list(dict.fromkeys((group(a), group(b)) for a, b in edges))


def _drawn(edges: Iterable[Edge], alone: Iterable[Node], limit: int) -> str:
    edges = list(edges)
    ids = {node: f"n{i}" for i, node in enumerate(dict.fromkeys([*(n for edge in edges for n in edge), *alone]), 1)}
    lines = [f"{key}{_label(node, limit)}" for node, key in ids.items()]
    lines += [f"{ids[a]}-->{ids[b]}" for a, b in edges]
    return "```mermaid\nflowchart LR\n" + "\n".join(lines) + "\n```"


def _label(node: Node, limit: int) -> str:
    opened, closed = _SHAPES[node.kind]
    name = mermaid_label(clean_text(node.name, 200), limit) if node.name else ""
    service = _short(node.service) or ("" if node.kind == "party" else "not decided")
    return f'{opened}"{"<br/>".join(part for part in (name, service) if part)}"{closed}'


def _short(service: str) -> str:
    """A service's name without its maker, as people say it."""
    return mermaid_label(service.removeprefix("Amazon ").removeprefix("AWS "), 40) if service else ""
