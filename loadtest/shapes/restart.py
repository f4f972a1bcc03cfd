"""What if a replica dies? Steady, and at half-time whoever started the cluster kills one; everybody has to come back."""

from collections.abc import Iterator

from loadtest.shapes import Step, View, drain, gather, stay

KILLING_PHASE = "measure restart"


def restart(view: View) -> Iterator[Step]:
    people, options = view.options.people, view.options
    yield from gather(view, people, options.arrive_per_s)
    yield from stay(people, "warm-up", options.warm_s)
    yield from stay(people, "measure before", options.measure_s / 2)
    yield from stay(people, KILLING_PHASE, options.measure_s / 2)
    yield from drain(view, people)
