"""Documents of the HTTP API (OpenAPI 3.1) and the socket API (AsyncAPI 3), made from what the plugins declare."""

from prickle.apidocs.declarations import Declarations
from prickle.apidocs.routes import documentation_routes

__all__ = ["Declarations", "documentation_routes"]
