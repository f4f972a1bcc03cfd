"""The headers of every page; `python -m prickle.http.page_headers DIST` writes them for an nginx that serves the build.

Only the standard library: the image of the webapp is built without the server's packages.
"""

import json
import sys
from pathlib import Path


def page_headers(dist: Path) -> dict[str, str]:
    """Return the headers; `csp.json` of the build names, per directive, what the page needs beside its own origin."""
    policy_file = dist / "csp.json"
    extra = json.loads(policy_file.read_bytes()) if policy_file.is_file() else {}
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    for directive, sources in extra.items():
        directives[directive] = [*directives.get(directive, ["'self'"]), *sources]
    return {
        "content-security-policy": "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items()),
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


if __name__ == "__main__":
    for name, value in page_headers(Path(sys.argv[1])).items():
        sys.stdout.write(f'add_header {name} "{value}";\n')
