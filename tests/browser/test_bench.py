"""The bench itself: it sees what goes wrong on a page, and what is in order passes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.browser.bench import Visitor, injected, unkind
from tests.server.served import serving

GOOD = "<!doctype html><html lang=en data-ready=true><title>x</title><link rel=icon href=data:,><main><h1>x</h1></main>"
BAD = {
    "throws": ("<script>throw Error('oh')</script>", "script threw: oh"),
    "console": ("<script>console.error('oh')</script>", "console: oh"),
    "missing": ("<img src=/gone alt=x>", "console: Failed to load"),
    "elsewhere": ("<img src=http://example.org/x.png alt=x>", "asked elsewhere: http://example.org/x.png"),
    "dialog": ("<script>alert('oh')</script>", "dialog: oh"),
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    async def page(request: Request) -> Response:
        return HTMLResponse(GOOD + BAD.get(request.path_params["name"], ("", ""))[0])

    with serving(Starlette(routes=[Route("/page/{name}", page)])) as found:
        yield found


def test_a_page_in_order_passes(visitor: Visitor, url: str) -> None:
    page = visitor.open(f"{url}/page/good")
    assert not unkind(page)
    assert not injected(page)
    visitor.close()


@pytest.mark.parametrize("name", BAD)
def test_a_page_that_complains_fails(visitor: Visitor, url: str, name: str) -> None:
    visitor.open(f"{url}/page/{name}").wait_for_load_state()
    with pytest.raises(AssertionError, match=BAD[name][1]):
        visitor.close()


def test_what_belongs_to_a_test_is_no_complaint(visitor: Visitor, url: str) -> None:
    visitor.open(f"{url}/page/missing", expected=["404"]).wait_for_load_state()
    visitor.close()


def test_what_keeps_people_out_is_found(visitor: Visitor, url: str) -> None:
    page = visitor.open(f"{url}/page/good")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [line.partition(" ")[0] for line in unkind(page)] == ["button-name"]
    visitor.close()


def test_text_that_became_more_is_found(visitor: Visitor, url: str) -> None:
    page = visitor.open(f"{url}/page/good")
    page.evaluate("""() => {
      document.querySelector("main").insertAdjacentHTML("beforeend",
        '<a href=" javascript:1">x</a><img data-hostile onerror="hacked=1" src=data:,x alt=""><script>0</script>');
      Object.prototype.hacked = 1;
    }""")
    found = {line.partition(":")[0] for line in injected(page)}
    assert found >= {"address", "element", "script", "prototype changed"}
    visitor.close()
