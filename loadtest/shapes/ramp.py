"""How many people fit? More at each step, until a promise is broken: finds the knee, and compares nothing."""

from collections.abc import Iterator

from loadtest.shapes import Step, View, drain, gather, stay

STEP_ARRIVES_S = 20.0
"""Who comes costs some 4 KB; on a link that is nearly full a step that comes at once would measure that."""


def ramp(view: View) -> Iterator[Step]:
    options, people = view.options, view.options.people
    per_s = options.arrive_per_s
    while people <= options.max_people and not view.is_over:
        yield from gather(view, people, per_s)
        yield from stay(people, f"warm-up {people}", options.warm_s)
        yield from stay(people, f"measure {people}", options.measure_s)
        people += options.people_per_step
        per_s = min(per_s, options.people_per_step / STEP_ARRIVES_S)
    yield from drain(view, people - options.people_per_step)
