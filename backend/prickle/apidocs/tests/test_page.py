from prickle.apidocs import Declarations
from prickle.apidocs.page import CONTENT_SECURITY_POLICY, STYLE, documentation_page


def test_everything_declared_is_on_the_page(declared: Declarations) -> None:
    page = documentation_page(declared)
    for name in ("GET /api/rooms", "PATCH /api/rooms/&lt;room&gt;", "messages.create", "messages.created"):
        assert name in page


def test_declared_text_cannot_become_markup(declared: Declarations) -> None:
    page = documentation_page(declared)
    assert "Lists &lt;rooms&gt;." in page
    assert "<rooms>" not in page


def test_the_page_needs_no_script_and_its_policy_allows_none(declared: Declarations) -> None:
    assert "<script" not in documentation_page(declared)
    assert f"<style>{STYLE}</style>" in documentation_page(declared)
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "script-src" not in CONTENT_SECURITY_POLICY
