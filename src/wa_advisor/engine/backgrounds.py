"""Which backgrounds the choices call for, and the items that they are about."""

from __future__ import annotations

from collections.abc import Iterator

from wa_advisor.engine.assessment import BackgroundFound
from wa_advisor.engine.world import World, instances_of
from wa_advisor.model import Answers, Item


def backgrounds_found(world: World, answers: Answers, processes: tuple[Item, ...]) -> Iterator[BackgroundFound]:
    """Each background with the items for which its condition is true."""
    for background in world.ruleset.backgrounds.values():
        found = [
            item.name
            for scope, index, item in instances_of(answers, processes)
            if scope == background.scope and world.judge(background.when, scope, index)
        ]
        if found:
            yield BackgroundFound(background=background, items=tuple(found))
