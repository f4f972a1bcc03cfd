"""The OpenAPI 3.1 document of the declared routes, put together from sanic-ext's definitions."""

import re
from typing import Any

from sanic_ext.extensions.openapi import definitions

from prickle.apidocs.declarations import HTTP_DESCRIPTION, Declarations
from prickle.apidocs.schemas import Mode, SchemaCollection, reference
from prickle.contract.http import Route

openapi: Any = definitions  # half of sanic-ext's constructors are untyped, the other half too narrow for JSON schemas

PATH_NAME = re.compile(r"<(\w+)(?::\w+)?>")


def openapi_document(declared: Declarations) -> dict[str, Any]:
    """Return the whole document as plain JSON values."""
    schemas = SchemaCollection(_models(declared))
    paths: dict[str, dict[str, Any]] = {}
    for plugin, route in declared.routes:
        operations = paths.setdefault(path_template(route.path), {})
        operations[route.method.lower()] = _operation(plugin, route, schemas)
    document: dict[str, Any] = openapi.OpenAPI(
        openapi.Info("Prickle", declared.version, description=HTTP_DESCRIPTION, license=openapi.License("MIT")),
        {path: openapi.PathItem(**operations) for path, operations in paths.items()},
        tags=[openapi.Tag(plugin) for plugin in dict.fromkeys(plugin for plugin, _ in declared.routes)],
        components=_components(schemas),
    ).serialize()
    # sanic-ext writes 3.0.3, in which the JSON schemas of pydantic 2 are not valid; in 3.1 they are.
    return {**document, "openapi": "3.1.0"}


def path_template(path: str) -> str:
    """Return `/api/rooms/{room}` for `/api/rooms/<room>`."""
    return PATH_NAME.sub(r"{\1}", path)


def success_status(route: Route) -> int:
    """Return the status of a good answer; a handler without a result says 204, unless it streams what was asked for."""
    return 204 if route.result is None and route.status == 200 and route.method != "GET" else route.status


def _models(declared: Declarations) -> list[tuple[Any, Mode]]:
    models: list[tuple[Any, Mode]] = []
    for _, route in declared.routes:
        models += [(model, "validation") for model in (route.query, route.body) if model is not None]
        if route.result is not None:
            models.append((route.result, "serialization"))
    return models


def _components(schemas: SchemaCollection) -> Any:
    bearer = openapi.SecurityScheme("http", scheme="bearer", bearerFormat="JWT", description="A guest's token.")
    error = openapi.Response(
        {"application/json": {"schema": reference("Error")}}, description="Refused: the error object."
    )
    return openapi.Components(
        schemas=schemas.definitions, securitySchemes={"guest": bearer}, responses={"Error": error}
    )


def _operation(plugin: str, route: Route, schemas: SchemaCollection) -> Any:
    fields: dict[str, Any] = {
        "tags": [plugin],
        "operationId": re.sub(r"\W+", "_", f"{route.method.lower()}_{path_template(route.path)}").strip("_"),
        "parameters": [*_path_parameters(route), *_query_parameters(route, schemas)],
        "responses": {
            str(success_status(route)): _answer(route, schemas),
            "default": {"$ref": "#/components/responses/Error"},
        },
        "security": [{"guest": []}] if route.auth == "guest" else [],
        "x-rate-limit": {"per_s": route.rate.per_s, "burst": route.rate.burst},
    }
    if route.summary:
        fields["summary"] = route.summary
    if route.member_of:
        fields["description"] = f"For members of `{route.member_of}` only; to everybody else it does not exist."
    if route.body is not None:
        fields["requestBody"] = _body(schemas.of(route.body, "validation"), "application/json", route)
    elif route.stream:
        fields["requestBody"] = _body({"type": "string", "format": "binary"}, "*/*", route)
    return openapi.Operation(**fields)


def _body(schema: dict[str, Any], media_type: str, route: Route) -> Any:
    limit = {"x-max-bytes": route.max_body_bytes}
    return openapi.RequestBody({media_type: openapi.MediaType(schema)}, required=True, **limit)


def _path_parameters(route: Route) -> list[Any]:
    return [
        openapi.Parameter(name, {"type": "string"}, "path", required=True) for name in PATH_NAME.findall(route.path)
    ]


def _query_parameters(route: Route, schemas: SchemaCollection) -> list[Any]:
    if route.query is None:
        return []
    schema = schemas.of(route.query, "validation")
    schema = schemas.definitions[schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    required = schema.get("required", ())
    return [
        openapi.Parameter(name, field, "query", required=name in required, description=field.get("description"))
        for name, field in schema.get("properties", {}).items()
    ]


def _answer(route: Route, schemas: SchemaCollection) -> dict[str, Any]:
    if route.result is not None:
        schema = schemas.of(route.result, "serialization")
        return {"description": "Done.", "content": {"application/json": {"schema": schema}}}
    if success_status(route) == 204:
        return {"description": "Done; there is nothing to say."}
    return {"description": "The content itself.", "content": {"*/*": {}}}
