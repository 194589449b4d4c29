"""Descent of a group: what it came from and what became of it, generation by generation."""

from __future__ import annotations

from dataclasses import dataclass

from data.model import Atlas

GENERATIONS = 3
"""How far the family goes, before and after the group."""


@dataclass(frozen=True)
class Step:
    """One split, merger or change of name that leads from one group to another."""

    from_id: str
    to_id: str
    year: int
    kind: str
    note: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """A group of the family and the steps that join it to the generation nearer to the group in question."""

    group_id: str
    name: str
    first_year: int
    last_year: int
    ended: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Generation:
    """Members at one distance: below 0 before the group, above 0 after it."""

    distance: int
    members: tuple[Member, ...]


def _side(steps: list[Step], group_id: str, sign: int) -> list[tuple[int, dict[str, list[Step]]]]:
    """Generations of one side as (distance, group to its steps); a group stands where it is met first."""
    met, near, found = {group_id}, {group_id}, []
    for distance in range(1, GENERATIONS + 1):
        reached: dict[str, list[Step]] = {}
        for step in steps:
            here, there = (step.from_id, step.to_id) if sign > 0 else (step.to_id, step.from_id)
            if here in near and there not in met:
                reached.setdefault(there, []).append(step)
        if not reached:
            break
        found.append((sign * distance, reached))
        near = set(reached)
        met |= near
    return found


def family(atlas: Atlas, group_id: str) -> tuple[Generation, ...]:
    """Return the generations about a group, the earliest first, without the group itself.

    A group that is reached by two ways stands in the nearer generation, with every step that leads there.
    """
    rows = atlas.lineage.sort_values(["year", "from_id", "to_id"]).to_dict("records")
    steps = [Step(r["from_id"], r["to_id"], int(r["year"]), r["kind"], r["note"], tuple(r["source_ids"])) for r in rows]
    columns = ["name", "first_year", "last_year", "ended"]
    groups = atlas.groups.drop(columns="geometry").set_index("group_id")[columns].to_dict("index")

    def member(id_: str, ways: list[Step]) -> Member:
        g = groups[id_]
        return Member(id_, g["name"], int(g["first_year"]), int(g["last_year"]), bool(g["ended"]), tuple(ways))

    found = [*_side(steps, group_id, -1), *_side(steps, group_id, 1)]
    return tuple(
        Generation(distance, tuple(member(id_, ways) for id_, ways in reached.items()))
        for distance, reached in sorted(found, key=lambda one: one[0])
    )
