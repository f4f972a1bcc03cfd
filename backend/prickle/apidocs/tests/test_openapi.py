from openapi_spec_validator import OpenAPIV31SpecValidator

from prickle.apidocs import Declarations
from prickle.apidocs.openapi import openapi_document


def test_the_document_is_valid_openapi_3_1(declared: Declarations) -> None:
    document = openapi_document(declared)
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == "1.2.3"


def test_a_path_name_becomes_a_required_parameter(declared: Declarations) -> None:
    change = openapi_document(declared)["paths"]["/api/rooms/{room}"]["patch"]
    assert change["parameters"] == [{"name": "room", "in": "path", "required": True, "schema": {"type": "string"}}]
    assert "members of `room`" in change["description"].lower()


def test_a_query_is_described_field_by_field(declared: Declarations) -> None:
    listing = openapi_document(declared)["paths"]["/api/rooms"]["get"]
    found = {parameter["name"]: parameter for parameter in listing["parameters"]}
    assert set(found) == {"before", "limit"}
    assert found["limit"]["schema"]["default"] == 50
    assert not found["limit"]["required"]


def test_a_body_is_required_and_its_limit_told(declared: Declarations) -> None:
    paths = openapi_document(declared)["paths"]
    body = paths["/api/rooms/{room}"]["patch"]["requestBody"]
    assert body["required"]
    assert body["x-max-bytes"] == 65536
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/RoomChange"}
    assert "*/*" in paths["/api/rooms/{room}/files"]["post"]["requestBody"]["content"]


def test_each_route_tells_its_good_answer_and_the_error_object(declared: Declarations) -> None:
    paths = openapi_document(declared)["paths"]
    assert set(paths["/api/rooms/{room}"]["delete"]["responses"]) == {"204", "default"}
    assert set(paths["/api/rooms/{room}/files"]["post"]["responses"]) == {"201", "default"}
    assert set(paths["/health"]["get"]["responses"]) == {"200", "default"}


def test_only_an_open_route_is_without_a_token(declared: Declarations) -> None:
    paths = openapi_document(declared)["paths"]
    assert paths["/health"]["get"]["security"] == []
    assert paths["/api/rooms"]["get"]["security"] == [{"guest": []}]
