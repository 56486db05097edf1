"""The pages' HTML: what it holds for scripts, who gets it, and what a stranger is told."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from sweeper.artifacts import open_artifacts
from sweeper.server.app import make_app
from sweeper.server.security import tokens
from sweeper.server.security.access import Access
from sweeper.server.security.hosts import HostPolicy
from sweeper.server.security.sessions import StartKey
from sweeper.server.security.tokens import Tokens
from sweeper.server.security.tries import TRIES
from sweeper.server.shell import PAGES, Shell
from sweeper.store.store import SqlStore

from .conftest import API, BASE

SECRET = "a-token-of-sixteen-characters"
BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
OWN = {"origin": BASE}
HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "' x='",
    "</title><svg onload=alert(1)>",
    "{{7*7}}",
    "&lt;",
]


class Read(HTMLParser):
    """A page taken apart: its elements with their attributes, and its text by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._last = ""
        self.feed(text)
        self.texts = {tag: said.strip() for tag, said in self.texts.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._last = tag

    def handle_data(self, data: str) -> None:
        self.texts[self._last] = self.texts.get(self._last, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def one(self, tag: str) -> dict[str, str | None]:
        (found,) = self.all(tag)
        return found


class Site:
    """An application with pages; ``key`` is that of its start address."""

    def __init__(self, store: SqlStore, *, ui: bool = False, token: str = "", read_only: bool = False) -> None:
        known = [tokens.kept("anna", token, SECRET)] if token else []
        self.key = StartKey()
        self.access = Access(Tokens(known), HostPolicy("127.0.0.1"), closed=ui, read_only=read_only)
        shell = Shell(self.access, self.key if ui else None)
        app = make_app(store, open_artifacts(store.artifacts), self.access, shell=shell)
        self.http = TestClient(app, base_url=BASE, headers=BROWSER, follow_redirects=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(path, headers=headers)

    def page(self, path: str) -> Read:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Read(answer.text)

    def start(self) -> Any:
        return self.get(f"/start?key={self.key.renew()}")

    def sign_in(self, token: str = SECRET, path: str = "/") -> Any:
        return self.http.post(path, data={"token": token}, headers=OWN)

    def write(self, **headers: str) -> int:
        answer = self.http.post(f"{API}/runs/create", json={"experiment_id": "0"}, headers=headers)
        return int(answer.status_code)


@pytest.fixture
def open_site(store: SqlStore) -> Site:
    return Site(store)


@pytest.fixture
def ui(store: SqlStore) -> Site:
    return Site(store, ui=True)


@pytest.fixture
def team(store: SqlStore) -> Site:
    return Site(store, token="write")


# -- the shell --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "page", "ref"),
    [
        ("/", "home", ""), ("/s/digits", "sweep", "digits"), ("/s/a/b", "sweep", "a/b"), ("/s/a%2Fb", "sweep", "a/b"),
        ("/t/0198", "run", "0198"), ("/compare?s=a,b", "compare", ""), ("/ranges", "ranges", ""),
        ("/models", "models", ""), ("/models/resnet", "model", "resnet"), ("/models/resnet/3", "model", "resnet"),
        ("/runs", "runs", ""), ("/experiments", "experiments", ""),
    ],
)  # fmt: skip
def test_each_page_is_a_shell_that_says_which(open_site: Site, path: str, page: str, ref: str) -> None:
    read = open_site.page(path)
    html = read.one("html")
    assert (html["lang"], html["data-page"], html["data-ref"]) == ("en", page, ref)
    assert html.get("data-version") == ("3" if path.endswith("/3") else None)
    assert read.one("main")["id"] == "main"
    assert [link["href"] for link in read.all("a") if link.get("class") == "skip"] == ["#main"]
    assert len([each for each in read.all("a") if each.get("aria-current")]) == 1
    assert read.texts["title"].endswith("· sweeper")


def test_all_pages_of_the_table_are_there(open_site: Site) -> None:
    for page in PAGES:
        path = page.path.replace("{ref:path}", "x").replace("{ref}", "x").replace("{version}", "1")
        assert open_site.page(path).one("html")["data-page"] == page.name


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["/s/{}", "/t/{}", "/models/{}", "/models/a/{}", "/models/{}/1"])
def test_hostile_names_stay_text(open_site: Site, place: str, text: str) -> None:
    if "/" in text and place != "/s/{}":
        text = text.replace("/", "")
    known = {name for name, _ in open_site.page("/s/x").elements}
    read = open_site.page(place.format(quote(text, safe="")))
    html = read.one("html")
    assert text in (html["data-ref"], html.get("data-version"))
    assert set(html) <= {"lang", "data-page", "data-ref", "data-version", "data-store", "data-writable"}
    assert {name for name, _ in read.elements} == known
    assert text in read.texts["title"]


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(open_site: Site) -> None:
    answer = open_site.get("/s/x")
    read = Read(answer.text)
    assert "style" not in {name for name, _ in read.elements}
    for name, attributes in read.elements:
        assert not [key for key in attributes if key.startswith("on") or key == "style"], name
        for key in ("src", "href", "action"):
            assert (attributes.get(key) or "/").startswith(("/", "#"))
            assert not (attributes.get(key) or "").startswith("//")
    assert all(script["src"] for script in read.all("script"))
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data: blob:",
        "connect-src": "'self'", "font-src": "'self'", "base-uri": "'none'", "form-action": "'self'",
        "frame-ancestors": "'none'",
    }  # fmt: skip
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_an_answer_of_the_api_runs_nothing_either(open_site: Site) -> None:
    headers = open_site.get(f"{API}/experiments/get?experiment_id=0").headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "no-referrer"


def test_what_is_not_there_is_a_page_for_browsers_and_plain_for_programs(open_site: Site) -> None:
    answer = open_site.get("/nothing")
    assert answer.status_code == 404
    assert "No such page" in Read(answer.text).texts["h1"]
    for accept in ("*/*", "application/json"):
        plain = open_site.get("/nothing", accept=accept)
        assert (plain.status_code, plain.text) == (404, "Not Found")
    posted = open_site.http.post("/nothing", json={})
    assert (posted.status_code, posted.text) == (404, "Not Found")


def test_where_no_token_is_asked_everybody_sees_the_pages(open_site: Site) -> None:
    read = open_site.page("/")
    assert read.one("html")["data-writable"] == "true"
    assert not read.all("form")  # nobody has signed in, so nobody signs out
    assert open_site.write() == 200


# -- an address that works once ---------------------------------------------------------------------------------------


def test_the_start_address_lets_one_browser_in_once(ui: Site, store: SqlStore) -> None:
    # given a browser that nobody knows
    key = ui.key.renew()
    assert ui.get("/").status_code == 401
    assert ui.get("/api/v1/meta").status_code == 401
    # when it opens the start address
    answer = ui.get(f"/start?key={key}")
    # then it is led on at once, with a cookie that scripts do not see, and the key nowhere
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("sweeper_5000=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert key not in cookie + answer.text
    assert ui.page("/s/x").all("form") == [{"method": "post", "action": "/signout"}]
    # and a second browser is not
    other = TestClient(ui.http.app, base_url=BASE, headers=BROWSER, follow_redirects=False)
    again = other.get(f"/start?key={key}")
    assert again.status_code == 403
    assert "works once" in again.text
    assert "set-cookie" not in again.headers
    assert other.get("/").status_code == 401
    # but who is in already is led on
    assert ui.get(f"/start?key={key}").status_code == 303


@pytest.mark.parametrize("key", ["", "x", "é", "%00", "a" * 5000])
def test_a_wrong_key_lets_nobody_in(ui: Site, key: str) -> None:
    for path in (f"/start?key={key}", "/start", f"/start?key={key}&key={key}"):
        assert ui.get(path).status_code == 403
    assert ui.start().status_code == 303  # and does not use up the right one


def test_to_ask_for_the_headers_of_the_start_address_does_not_use_it(ui: Site) -> None:
    key = ui.key.renew()
    assert ui.http.head(f"/start?key={key}").status_code == 403
    assert ui.get(f"/start?key={key}").status_code == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_file_that_leads_here_gets_a_page_that_leads_on(ui: Site, site: str) -> None:
    """A strict cookie does not go along with what a foreign page is redirected to, but with what our page opens."""
    answer = ui.get(f"/start?key={ui.key.renew()}", **{"sec-fetch-site": site})
    assert answer.status_code == 200
    assert "set-cookie" in answer.headers
    refresh = [each for each in Read(answer.text).all("meta") if each.get("http-equiv")]
    assert [each["content"] for each in refresh] == ["0; url=/"]


def test_a_server_has_no_start_address(team: Site, open_site: Site) -> None:
    assert team.get("/start?key=").status_code == 403
    assert open_site.get("/start?key=").headers["location"] == "/"
    assert "set-cookie" not in open_site.get("/start?key=").headers


def test_a_session_of_a_process_that_ended_is_told_what_to_do(ui: Site) -> None:
    for path in ("/", "/s/x", "/models"):
        answer = ui.get(path, cookie="sweeper_5000=of-a-process-before")
        assert answer.status_code == 401
        assert "is over" in Read(answer.text).texts["h1"]
        assert "sweeper ui" in answer.text
    told = ui.get("/api/v1/meta", cookie="sweeper_5000=of-a-process-before").json()
    assert "Reload the page" in told["message"]


# -- tokens -----------------------------------------------------------------------------------------------------------


def test_a_token_signs_in_where_tokens_are_asked_for(team: Site) -> None:
    # given a server with tokens, and a browser that opens a page of it
    answer = team.get("/s/x?f=lr:1..2")
    assert answer.status_code == 401
    assert [field["type"] for field in Read(answer.text).all("input")] == ["password"]
    # when somebody signs in there, then they get the page that they wanted
    signed = team.sign_in(path="/s/x%20y?f=lr:1..2")
    assert (signed.status_code, signed.headers["location"]) == (303, "/s/x%20y?f=lr:1..2")
    assert SECRET not in signed.headers["set-cookie"]
    assert team.page("/s/x").one("html")["data-writable"] == "true"
    assert team.write(origin=BASE) == 200


def test_a_role_goes_with_the_session(store: SqlStore) -> None:
    site = Site(store, token="read")
    site.sign_in()
    assert site.page("/").one("html")["data-writable"] == "false"
    assert site.write(origin=BASE) == 403


def test_a_wrong_token_is_told_and_after_some_nobody_may_try(team: Site) -> None:
    for _ in range(TRIES):
        answer = team.sign_in("not-the-right-one-at-all")
        assert answer.status_code == 401
        assert "not known" in answer.text
        assert "set-cookie" not in answer.headers
    late = team.sign_in()
    assert late.status_code == 429
    assert late.headers["retry-after"] == "6"
    assert team.get("/").status_code == 401
    # programs with the right token go on
    assert team.write(authorization=f"Bearer {SECRET}") == 200


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"token=" + b"x" * 10_000, "application/x-www-form-urlencoded"),
        (f"token={SECRET}".encode(), "text/plain"),
        (f'{{"token": "{SECRET}"}}'.encode(), "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"", ""),
    ],
)
def test_only_a_form_signs_in(team: Site, content: bytes, kind: str) -> None:
    answer = team.http.post("/", content=content, headers={"content-type": kind, **OWN})
    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/s/x", "/\\evil.example", "/s/x/..//evil.example"])
def test_signing_in_leads_nowhere_else(team: Site, path: str) -> None:
    answer = team.http.post(BASE + path, data={"token": SECRET}, headers=OWN)
    place = answer.headers.get("location", "/")
    assert answer.status_code in (303, 404)
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))


def test_signing_in_again_ends_the_session_before(team: Site) -> None:
    first = team.sign_in().headers["set-cookie"].partition(";")[0]
    second = team.sign_in().headers["set-cookie"].partition(";")[0]
    assert first != second
    team.http.cookies.clear()
    assert team.get("/", cookie=first).status_code == 401
    assert team.get("/", cookie=second).status_code == 200


def test_no_session_is_one_that_a_client_made_up(team: Site) -> None:
    """Nobody can give somebody else a session that is known beforehand."""
    team.http.cookies.set("sweeper_5000", "made-up", domain="127.0.0.1", path="/")
    given = team.sign_in().headers["set-cookie"]
    assert "made-up" not in given
    assert team.get("/", cookie="sweeper_5000=made-up").status_code == 401


def test_signing_out_ends_the_session_and_only_a_page_of_ours_does(team: Site) -> None:
    cookie = team.sign_in().headers["set-cookie"].partition(";")[0]
    assert team.http.post("/signout").status_code == 403
    assert team.http.post("/signout", headers={"origin": "http://evil.example"}).status_code == 403
    assert team.get("/signout").status_code == 404
    assert team.get("/").status_code == 200
    answer = team.http.post("/signout", headers=OWN)
    assert answer.status_code == 303
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert team.get("/", cookie=cookie).status_code == 401


@pytest.mark.parametrize("origin", ["https://127.0.0.1:5000"])
def test_over_https_the_cookie_stays_there(team: Site, origin: str) -> None:
    """Also where another program in front speaks https: the browser says so."""
    answer = team.http.post("/", data={"token": SECRET}, headers={"origin": origin})
    assert "; Secure" in answer.headers["set-cookie"]


# -- what a cookie may do ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{}, {"sec-fetch-site": "none"}, {"sec-fetch-mode": "navigate"}],
)
def test_a_cookie_alone_changes_nothing(ui: Site, headers: dict[str, str]) -> None:
    ui.start()
    assert ui.write(**headers) == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://127.0.0.1:6000"},  # another program of this machine: the same site for a browser
        {"origin": "http://localhost:5000"},
        {"origin": "null"},
        {"origin": BASE, "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_another_page_changes_nothing_with_our_cookie(ui: Site, headers: dict[str, str]) -> None:
    ui.start()
    assert ui.write(**headers) == 403


def test_our_own_page_changes_something(ui: Site) -> None:
    ui.start()
    assert ui.write(origin=BASE) == 200
    assert ui.write(**{"sec-fetch-site": "same-origin"}) == 200


def test_everything_of_the_process_asks_who_it_is(ui: Site) -> None:
    """Other users of this machine reach the port as well: MLflow's protocol is no way round the pages' sessions."""
    for path in (f"{API}/experiments/get?experiment_id=0", "/get-artifact", "/api/v1/store", "/api/v1/sweeps"):
        assert ui.get(path).status_code == 401
    assert ui.write(origin=BASE) == 401
    ui.start()
    assert ui.get(f"{API}/experiments/get?experiment_id=0").status_code == 200


def test_a_cookie_of_another_port_is_not_ours(ui: Site) -> None:
    cookie = ui.start().headers["set-cookie"].partition(";")[0]
    value = cookie.partition("=")[2]
    ui.http.cookies.clear()
    for other in (f"sweeper_6000={value}", f"sweeper={value}", f"session={value}"):
        assert ui.get("/", cookie=other).status_code == 401
    # one that another port put beside ours does not sign us out
    assert ui.get("/", cookie=f"sweeper_5000=of-another; {cookie}").status_code == 200


def test_behind_a_tunnel_the_cookie_has_the_port_that_the_browser_knows(ui: Site) -> None:
    answer = ui.get(f"/start?key={ui.key.renew()}", host="localhost:8080")
    assert answer.headers["set-cookie"].startswith("sweeper_8080=")


def test_no_page_is_called_by_a_foreign_name(ui: Site) -> None:
    for path in ("/", f"/start?key={ui.key.renew()}", "/static/x/app.js"):
        assert ui.get(path, host="evil.example:5000").status_code == 403
    assert ui.start().status_code == 303


def test_a_browser_is_not_asked_for_a_password_in_a_box_of_its_own(ui: Site) -> None:
    assert "www-authenticate" not in ui.get("/api/v1/meta", **{"sec-fetch-site": "same-origin"}).headers
    assert "www-authenticate" in ui.get("/api/v1/meta").headers  # programs are, as MLflow's are used to


def test_a_wrong_token_is_not_made_good_by_a_cookie(team: Site) -> None:
    team.sign_in()
    assert team.get("/api/v1/meta", authorization="Bearer wrong").status_code == 401


# -- read only --------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["everybody", "ui", "admin"])
def reading(request: pytest.FixtureRequest, store: SqlStore) -> tuple[Site, dict[str, str]]:
    """A site that was started with --read-only, and what its caller sends along."""
    kind = request.param
    site = Site(store, ui=kind == "ui", token="admin" if kind == "admin" else "", read_only=True)
    if kind == "ui":
        site.start()
    return site, {"authorization": f"Bearer {SECRET}"} if kind == "admin" else {"origin": BASE}


def test_read_only_changes_nothing_whoever_asks(reading: tuple[Site, dict[str, str]]) -> None:
    site, headers = reading
    answer = site.http.post(f"{API}/runs/create", json={"experiment_id": "0"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["error_code"] == "PERMISSION_DENIED"
    assert "--read-only" in answer.json()["message"]
    assert site.http.post(f"{API}/runs/search", json={}, headers=headers).status_code == 200
    page = Read(site.http.get("/", headers=headers).text)
    assert page.one("html")["data-writable"] == "false"
    assert "read only" in "".join(page.texts.values())
