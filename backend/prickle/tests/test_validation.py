from typing import Annotated, Any

import pytest
from pydantic import Field

from prickle.contract.errors import InvalidInput
from prickle.contract.payload import Payload
from prickle.validation import payload_from_json


class Note(Payload):
    """A payload that takes anything in one place."""

    text: Annotated[str, Field(max_length=1000)]
    number: Annotated[int, Field(ge=1, le=2**53 - 1)] = 1
    anything: Any = None


@pytest.mark.parametrize("as_bytes", [True, False])
def test_a_valid_payload_is_read(as_bytes: bool) -> None:
    text = '{"text":"\\u00e9 \\ud83e\\udd94 \\\\u0000","number":9007199254740991}'
    note = payload_from_json(Note, text.encode() if as_bytes else text)
    assert (note.text, note.number) == ("\N{LATIN SMALL LETTER E WITH ACUTE} \N{HEDGEHOG} \\u0000", 2**53 - 1)


@pytest.mark.parametrize(
    "text",
    [
        '{"text":"a\\u0000b"}',
        '{"text":"x","anything":["\\u0000"]}',
        '{"text":"x","anything":{"\\u0000":1}}',
        '{"text":"x","anything":[NaN,"\\u0000"]}',
        '{"text":"a\\ud83d"}',
        '{"text":"a\\udd94"}',
        '{"text":"x","anything":"\\udd94"}',
        '{"text":"a\x00b"}',
        '{"text":"x","anything":' + "[" * 20_000,
        '{"text":"x","anything":' + "[" * 20_000 + "]" * 20_000 + "}",
        '{"text":"x","number":1e400}',
        '{"text":"x","number":' + "9" * 5000 + "}",
        '{"text":"x","number":"7"}',
        '{"text":"x","number":true}',
        '{"text":"x","number":1.0}',
        '{"text":{"$ne":1}}',
        '{"text":"x","$where":1}',
        '{"text":"x"}x',
        "",
        " ",
    ],
)
@pytest.mark.parametrize("as_bytes", [True, False])
def test_what_breaks_a_store_or_a_reader_is_refused(text: str, as_bytes: bool) -> None:
    with pytest.raises(InvalidInput) as refused:
        payload_from_json(Note, text.encode() if as_bytes else text)
    told = refused.value.to_wire("trace")
    assert told["code"] in {"core.invalid_payload", "core.unstorable_text"}


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(InvalidInput):
        payload_from_json(Note, b'{"text":"\xff"}')


def test_an_error_names_the_field_and_never_the_value() -> None:
    with pytest.raises(InvalidInput) as refused:
        payload_from_json(Note, '{"text":5551234,"number":"my password"}')
    assert set(refused.value.details["fields"]) == {"text", "number"}
    assert "5551234" not in str(refused.value.details)
    assert "my password" not in str(refused.value.details)


def test_an_error_is_short_and_printable_whatever_the_client_called_its_fields() -> None:
    names = ["x" * 5000, "\N{HEDGEHOG}\\u0000\\u001b[31m", "a", "b", "c", "d", "e"]
    with pytest.raises(InvalidInput) as refused:
        payload_from_json(Note, "{" + ",".join(f'"{name}":1' for name in names) + "}")
    told = refused.value.details["fields"]
    assert len(told) <= 5
    assert all(len(name) <= 100 and name.isascii() and "\x00" not in name for name in told)
