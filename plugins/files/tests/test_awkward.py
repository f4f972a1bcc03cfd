"""Every awkward file is what it is by its content, is shown only where it cannot run, and tells nobody where it was taken."""

import io
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image

from plugins.files.tests.awkward import AWKWARD, DOWNLOAD, SECRET, SIZE
from plugins.files.tests.conftest import SETTINGS, House, open_house

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    few = ["plugins.enabled=auth,rooms,messages,files", "plugins.files.max_waiting_files=1000"]
    async with open_house(tmp_path_factory.mktemp("house"), [*SETTINGS, *few]) as house:
        yield house


@pytest.mark.parametrize("kind", AWKWARD)
async def test_an_awkward_file_is_what_it_is_and_cannot_run(house: House, kind: str) -> None:
    given = AWKWARD[kind]
    file = await house.uploaded(given.body, given.name)
    assert (file["type"], file["name"]) == (given.type, given.name)
    shown = await house.download(file["id"], house.ann)
    assert shown.headers["Content-Type"] == (given.type if given.is_inline else DOWNLOAD)
    assert shown.headers["Content-Disposition"].partition(";")[0] == ("inline" if given.is_inline else "attachment")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    if given.size is None:
        assert "width" not in file
        assert shown.body == given.body


@pytest.mark.parametrize("kind", [kind for kind, given in AWKWARD.items() if given.size])
async def test_a_picture_is_upright_small_and_silent(house: House, kind: str) -> None:
    given = AWKWARD[kind]
    file = await house.uploaded(given.body, given.name)
    assert (file["width"], file["height"]) == given.size
    shown = await house.download(file["id"], house.ann)
    small = await house.raw("GET", f"/api/files/{file['id']}/thumbnail", house.ann, {})
    assert Image.open(io.BytesIO(small.body)).format == "WEBP"
    assert SECRET not in shown.body + small.body
    original, seen = Image.open(io.BytesIO(given.body)), Image.open(io.BytesIO(shown.body))
    assert seen.convert("RGBA").tobytes() == original.convert("RGBA").tobytes()
    assert (getattr(seen, "n_frames", 1), seen.info.get("icc_profile")) == (
        1 if original.format == "MPO" else getattr(original, "n_frames", 1),
        original.info.get("icc_profile"),
    )
    if given.size == SIZE[::-1]:
        assert dict(seen.getexif()).keys() == {0x0112}


async def test_what_pictures_would_have_told_was_in_them() -> None:
    telling = {kind for kind, given in AWKWARD.items() if given.size and SECRET in given.body}
    assert len(telling) >= 15, "need files that tell something for this to mean anything"
