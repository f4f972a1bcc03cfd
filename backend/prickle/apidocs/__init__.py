"""Documents of the HTTP API (OpenAPI 3.1) and the socket API (AsyncAPI 3), made from what the plugins declare."""

from prickle.apidocs.asyncapi import asyncapi_document
from prickle.apidocs.declarations import Declarations
from prickle.apidocs.openapi import openapi_document
from prickle.apidocs.routes import documentation_routes

__all__ = ["Declarations", "asyncapi_document", "documentation_routes", "openapi_document"]
