"""The check that everything else relies on: it must notice what it is there to notice."""

from loadtest.common.sight import Sight


def begun(last_seq: int = 5) -> Sight:
    sight = Sight()
    sight.begin(last_seq)
    return sight


def test_entries_in_order_are_no_violation() -> None:
    sight = begun()
    assert [sight.live(seq) for seq in (6, 7, 8)] == ["", "", ""]
    assert (sight.last_seq, sight.missing(8)) == (8, 0)


def test_an_entry_twice_on_one_connection_is_doubled() -> None:
    sight = begun()
    assert [sight.live(6), sight.live(6)] == ["", "doubled"]


def test_an_older_entry_after_a_newer_one_is_out_of_order() -> None:
    sight = begun()
    assert [sight.live(7), sight.live(6)] == ["", "out_of_order"]
    assert not sight.has_hole


def test_what_was_there_before_one_came_is_out_of_order_when_it_comes() -> None:
    assert begun(5).live(4) == "out_of_order"


def test_what_never_came_is_missing_before_and_behind_what_came() -> None:
    sight = begun()
    sight.live(8)
    assert sight.has_hole
    assert sight.missing(8) == 2
    assert sight.missing(10) == 4


def test_an_ack_and_a_catch_up_fill_a_hole() -> None:
    sight = begun()
    sight.live(8)
    sight.learn(6)
    sight.learn(7)
    assert not sight.has_hole
    assert sight.missing(8) == 0


def test_ones_own_ack_before_ones_own_notice_is_no_double() -> None:
    sight = begun()
    sight.learn(6)
    assert sight.live(6) == ""
    assert sight.last_seq == 6


def test_a_notice_that_overtakes_the_answer_to_the_join_is_kept() -> None:
    sight = Sight()
    sight.live(6)
    sight.begin(5)
    assert sight.last_seq == 6
    assert not sight.has_hole


def test_a_catch_up_and_live_notices_may_overlap_after_a_reconnect() -> None:
    sight = begun()
    sight.live(6)
    sight.reconnected()
    sight.learn(7)
    assert sight.live(7) == ""
