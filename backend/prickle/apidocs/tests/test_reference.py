from prickle.apidocs.reference import field_rows, outline
from prickle.contract.payload import IdField, Payload, SeqField


class Author(Payload):
    id: IdField
    nickname: str | None = None


class Message(Payload):
    seq: SeqField
    author: Author
    tags: tuple[str, ...] = ()


def test_an_outline_marks_what_may_be_left_out() -> None:
    assert outline(Message, "validation") == "{seq, author, tags?}"
    assert outline(list[Message], "serialization") == "[{seq, author, tags?}]"


def test_a_row_tells_type_bounds_and_whether_it_is_required() -> None:
    seq, author, tags = field_rows(Message, "validation")
    assert (seq.kind, seq.required) == ("whole number", True)
    assert seq.note == "1 to 9007199254740991."
    assert author.kind == "{id, nickname?}"
    assert (tags.kind, tags.required) == ("list of string", False)


def test_a_choice_with_null_is_told_as_such() -> None:
    _, nickname = field_rows(Author, "validation")
    assert nickname.kind == "string or null"
