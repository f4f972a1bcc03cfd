import aiohttp
import pytest

from loadtest.faults.client import ChatClient, Unsent
from loadtest.faults.sight import EDITED, Sight
from loadtest.faults.verdict import judge

HISTORY = {"room": {2: "hello", 3: "there"}}


@pytest.fixture
async def client() -> ChatClient:
    async with aiohttp.ClientSession() as http:
        client = ChatClient(http, "http://127.0.0.1:1", "token", "room")
    client.started_at_seq = 1
    client.sight.start_at(1)
    for seq, text in HISTORY["room"].items():
        client.sight.see(seq, text)
    client.acknowledged = {"hello": 2}
    return client


def test_a_client_that_knows_the_whole_history_is_clean(client: ChatClient) -> None:
    assert judge([client], HISTORY, [0.1]).is_clean


def test_a_round_in_which_nothing_was_acknowledged_is_not_clean(client: ChatClient) -> None:
    client.acknowledged = {}
    assert not judge([client], HISTORY, [0.1]).is_clean


def test_an_acknowledged_text_that_is_not_in_the_history_is_lost(client: ChatClient) -> None:
    client.acknowledged["gone"] = 4
    verdict = judge([client], HISTORY, [])
    assert (verdict.lost, verdict.is_clean) == (1, False)


def test_a_text_that_stands_twice_is_doubled(client: ChatClient) -> None:
    verdict = judge([client], {"room": {2: "hello", 3: "hello"}}, [])
    assert verdict.doubled == 1


def test_a_text_under_another_seq_is_out_of_order(client: ChatClient) -> None:
    client.acknowledged = {"hello": 3}
    client.sight.entries[3] = "hello"
    assert judge([client], HISTORY, []).out_of_order == 2


def test_two_texts_under_one_seq_are_out_of_order(client: ChatClient) -> None:
    client.sight.see(3, "another")
    assert judge([client], HISTORY, []).out_of_order == 1


def test_a_client_that_misses_an_entry_disagrees(client: ChatClient) -> None:
    del client.sight.entries[3]
    assert judge([client], HISTORY, []).disagreeing == 1


def test_a_client_with_something_unacknowledged_disagrees(client: ChatClient) -> None:
    client.outbox["c1"] = Unsent("hello?")
    assert judge([client], HISTORY, []).disagreeing == 1


def test_an_acknowledged_edit_that_is_not_in_the_history_is_lost(client: ChatClient) -> None:
    client.acknowledged = {"hello" + EDITED: 2}
    client.sight.see(2, "hello" + EDITED)
    assert judge([client], HISTORY, []).lost == 1
    assert judge([client], {"room": {**HISTORY["room"], 2: "hello" + EDITED}}, []).is_clean


def test_a_client_that_misses_an_edit_is_not_clean(client: ChatClient) -> None:
    client.acknowledged = {}
    history = {"room": {**HISTORY["room"], 2: "hello" + EDITED}}
    assert judge([client], history, []).out_of_order == 1


def test_an_edit_stays_though_the_first_text_comes_again() -> None:
    sight = Sight()
    for text in ("first", "first" + EDITED, "first"):
        sight.see(1, text)
    assert (sight.entries, sight.conflicts) == ({1: "first" + EDITED}, 0)


def test_a_refusal_that_does_not_say_when_to_try_again_is_not_clean(client: ChatClient) -> None:
    client._refused({"kind": "unavailable", "details": {"retry_after_s": 2.0}})
    assert judge([client], HISTORY, []).is_clean
    client._refused({"kind": "internal", "details": {}})
    verdict = judge([client], HISTORY, [])
    assert (verdict.unexplained, verdict.is_clean) == (1, False)
    assert verdict.errors == {"unavailable": 1, "internal": 1}


def test_a_replica_that_told_its_health_wrongly_is_not_clean(client: ChatClient) -> None:
    assert not judge([client], HISTORY, [], ["/health did not answer 200"]).is_clean


def test_a_hole_is_seen_and_closes_when_the_missing_entry_comes() -> None:
    sight = Sight()
    sight.see(2, "second")
    assert (sight.last_seq, sight.has_hole) == (0, True)
    sight.see(1, "first")
    assert (sight.last_seq, sight.has_hole) == (2, False)


def test_the_same_entry_may_come_twice() -> None:
    sight = Sight()
    sight.see(1, "first")
    sight.see(1, "first")
    assert (sight.last_seq, sight.conflicts) == (1, 0)
