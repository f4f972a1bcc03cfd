"""Puts the built webapp into the wheel, so that one package is the whole chat."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebappHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own configuration type is of no use here
    """Adds `webapp/dist` as `prickle/webapp_dist`; an editable install reads it from the checkout instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        dist = Path(self.root) / "webapp" / "dist"
        if not (dist / "index.html").is_file():
            raise FileNotFoundError(f"{dist} holds no built webapp: run `make setup` first")
        build_data["force_include"][str(dist)] = "prickle/webapp_dist"
