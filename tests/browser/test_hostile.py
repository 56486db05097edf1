"""Somebody who wants to do harm, in a real browser: by an address, by what a page holds, by another site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from sweeper.records import SweepState
from tests.browser.bench import Visitor, injected
from tests.browser.conftest import Reports, Sites, Visit
from tests.browser.hostile import NAME, PAGE

NONSENSE = {
    "keys": "__proto__",
    "markup": "javascript:window.hacked=1//<img src=x onerror=window.hacked=1>\u202e\u2028%00\ud7ff",
    "numbers": "NaN,-1,1e999," + "9" * 400,
    "filter": ";;;:::..;__proto__:1..2;constructor:a,b;%;,:..",
    "long": "x" * 5000,
}
PLACES = {
    "sweep": ("f", "m", "t", "sort", "cols", "axes", "x", "curve"),
    "run": ("metric",),
    "compare": ("metric", "x"),
    "home": ("q", "state", "experiment"),
}
REFUSED = r"Content.Security.Policy|content security policy|violates|Refused|ERR_BLOCKED_BY"
TRIES = {
    "script": "<script>window.hacked=1</script>",
    "handler": "<img src='/static/x/none.png' onerror='window.hacked=1'>",
    "frame": "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "frame of a file": "<iframe src='FILE'></iframe>",
    "object": "<object data='FILE'></object><embed src='FILE'>",
    "style": "<style>body{--hacked:1}</style><p style='--hacked:1'>",
    "base": "<base href='http://127.0.0.1:9/'>",
    "refresh": "<meta http-equiv=refresh content='0;url=javascript:window.hacked=1'>",
}


@pytest.mark.parametrize("kind", NONSENSE)
@pytest.mark.parametrize("place", PLACES)
def test_an_address_may_say_anything(visit: Visit, site: Sites, place: str, kind: str) -> None:
    found = site("hostile")
    addresses = {
        "sweep": found.sweep_page(NAME),
        "run": found.trial_page(NAME, 2),
        "compare": f"/compare?s={','.join(sweep.id for sweep in found.store.sweeps()[:2])}",
        "home": "/",
    }
    word = quote(NONSENSE[kind], safe="")
    query = "&".join(f"{key}={word}" for key in PLACES[place])
    page = visit(found, f"{addresses[place]}{'&' if '?' in addresses[place] else '?'}{query}")

    assert page.locator("main [role=alert]").all_inner_texts() == []
    assert not (out := injected(page)), "\n".join(out)


@pytest.mark.parametrize("kind", TRIES)
def test_markup_that_got_in_would_do_nothing(visit: Visit, site: Sites, kind: str) -> None:
    found = site("hostile")
    page = visit(found, "/experiments", [REFUSED, "none.png"])
    file = f"/api/v1{found.trial_page(NAME, 2).replace('/t/', '/trials/')}/artifact?path=page.html&inline=1"

    page.evaluate(
        """(html) => {
          const made = document.createElement("div");
          made.innerHTML = html;
          for (const old of made.querySelectorAll("script")) {
            const script = document.createElement("script");
            script.textContent = old.textContent;
            old.replaceWith(script);
          }
          document.body.append(made);
        }""",
        TRIES[kind].replace("FILE", file),
    )
    page.wait_for_timeout(300)

    assert page.evaluate("window.hacked === undefined")
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--hacked')") == ""
    assert page.evaluate("document.baseURI === location.href")
    for frame in page.frames[1:]:
        assert "chrome-error" in frame.url or frame.evaluate("window.hacked === undefined")


def test_scripts_from_elsewhere_are_refused_and_so_is_sending(browser: Browser, site: Sites) -> None:
    found, visitor = site("hostile"), Visitor(browser, service_workers="allow")
    page = visitor.open(f"{found.url}/experiments", [REFUSED, "asked elsewhere", "Failed to", "ERR_", "MIME type"])
    trial = found.trial_page(NAME, 2).replace("/t/", "/api/v1/trials/")
    sources = (
        "data:text/javascript,window.hacked=1", "https://127.0.0.1:9/x.js", f"{trial}/artifact?path=page.html",
        f"{trial}/artifact?path=__proto__", "/api/v1/meta",
    )  # fmt: skip

    done = page.evaluate(
        """async (sources) => {
          const done = [];
          const load = (src, type) => new Promise((end) => {
            const script = Object.assign(document.createElement("script"), { src, type });
            script.onload = () => end(`ran ${src}`);
            script.onerror = () => end("");
            document.head.append(script);
          });
          for (const src of sources) for (const type of ["", "module"]) done.push(await load(src, type));
          const worker = navigator.serviceWorker?.register(sources[2]).then(() => "worker", () => "");
          done.push(await Promise.race([worker, new Promise((end) => setTimeout(end, 2000, ""))]));
          done.push(await fetch("http://localhost:9/", { mode: "no-cors" }).then(() => "sent", () => ""));
          return done;
        }""",
        sources,
    )

    assert [each for each in done if each] == []
    assert page.evaluate("window.hacked === undefined")
    visitor.close()
    visitor.context.close()


def test_what_a_run_logged_is_saved_and_never_shown(visit: Visit, site: Sites) -> None:
    found = site("hostile")
    page = visit(found, "/experiments")
    trial = found.trial_page(NAME, 2).replace("/t/", "/api/v1/trials/")
    for name in ("page.html", "picture.svg"):
        with page.expect_download() as saved:
            page.evaluate("(href) => { location.assign(href); }", f"{trial}/artifact?path={name}&inline=1")
        assert saved.value.suggested_filename == name
    assert page.url.endswith("/experiments")
    assert page.evaluate("window.hacked === undefined")


@contextmanager
def elsewhere(content: bytes) -> Iterator[str]:
    """Another site on this machine: to a browser the same site at another port, the nearest that an attacker gets."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_another_site_frames_reads_and_changes_nothing(visitor: Visitor, own_site: Sites) -> None:
    found = own_site("running")
    sweep = found.sweep("running")
    control = f"{found.url}/api/v1/sweeps/{sweep.id}/control"
    with elsewhere(f"<iframe src='{found.url}/'></iframe>".encode()) as url:
        page = visitor.open(url, [".*"], drawn=False)
        page.wait_for_timeout(500)
        assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"]
        read = page.evaluate(
            """async ([origin, control]) => {
              const told = [], no = () => "";
              told.push(await fetch(`${origin}/api/v1/meta`).then((answer) => answer.text(), no));
              told.push(await fetch(`${origin}/api/v1/meta`, { mode: "no-cors" }).then((answer) => answer.text(), no));
              const body = JSON.stringify({ wanted: "cancel" });
              for (const type of ["application/json", "text/plain"])
                for (const mode of ["cors", "no-cors"])
                  await fetch(control, { method: "POST", mode, body, headers: { "content-type": type } }).catch(no);
              navigator.sendBeacon(control, new Blob([body], { type: "text/plain" }));
              const opened = window.open(`${origin}/`);
              await new Promise((end) => setTimeout(end, 500));
              try { told.push(opened?.document?.title ?? ""); } catch { told.push(""); }
              return told;
            }""",
            [found.url, control],
        )
        assert read == ["", "", ""]
        page.set_content(
            f'<form method=post enctype=text/plain action=\'{control}\'><input name=\'{{"wanted":"cancel","a":"\' '
            "value='\"}'></form>"
        )
        page.evaluate("document.forms[0].submit()")
        expect(page.locator("body")).to_contain_text(re.compile("Cross-origin request blocked"))
        visitor.close()

    assert found.store.find_sweep(sweep.id).state is SweepState.RUNNING
    assert found.store.control(sweep.id) is None


def test_a_name_that_turns_the_direction_turns_nothing_after_it(visit: Visit, site: Sites) -> None:
    """The end of an id beside a name is what people type."""
    page = visit("hostile", "/")
    page.locator("tr", has_text="<img").first.wait_for()

    lefts = page.evaluate(
        """() => {
          const row = document.querySelector("td.name");
          row.querySelector("a").textContent = "name\\u202egnp.exe";
          const text = row.querySelector(".mono").firstChild, range = document.createRange();
          return [...text.data].map((_, at) => {
            range.setStart(text, at);
            range.setEnd(text, at + 1);
            return range.getBoundingClientRect().left;
          });
        }"""
    )

    assert len(lefts) == 8
    assert lefts == sorted(lefts)


def test_a_report_with_an_address_of_nonsense(visitor: Visitor, report: Reports) -> None:
    file = report("hostile", NAME)
    for word in NONSENSE.values():
        query = "&".join(f"{key}={quote(word, safe='')}" for key in PLACES["sweep"])
        page: Page = visitor.open(f"{file.as_uri()}#{query}", ["asked elsewhere: file:"])
        assert page.locator("main [role=alert]").all_inner_texts() == []
        assert page.evaluate("window.hacked === undefined && !document.querySelector('[data-hostile], [onerror]')")
        expect(page.locator("[data-panel=curves]")).to_have_count(1)
    visitor.close()


def test_markup_in_a_report_would_do_nothing(visitor: Visitor, report: Reports) -> None:
    """Its policy lets modules with ``data:`` addresses in; that no text becomes markup, it sees to as well."""
    file = report("hostile", NAME)
    page = visitor.open(file.as_uri(), [REFUSED, "Trusted", "trusted", "ERR_", "asked elsewhere: http://127.0.0.1:9/x"])

    refused = page.evaluate(
        """(html) => {
          const tries = [
            () => { document.body.innerHTML += html; },
            () => { document.body.insertAdjacentHTML("beforeend", html); },
            () => { document.write(html); },
            () => { document.createElement("script").src = "data:text/javascript,window.hacked=1"; },
            () => { document.createElement("iframe").srcdoc = html; },
          ];
          return tries.map((attempt) => { try { attempt(); return false; } catch { return true; } });
        }""",
        PAGE.decode(),
    )
    page.evaluate("document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/x' }))")
    page.wait_for_timeout(200)

    assert refused == [True] * 5
    assert page.evaluate("window.hacked === undefined")
    visitor.close()
