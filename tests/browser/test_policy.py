"""What a page costs on the wire, and what it lets happen to itself."""

import re

import httpx
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.servers import Server

MOST_REQUESTS = 12
MOST_BYTES = 150_000


def policy_of(server: Server, path: str) -> str:
    return httpx.get(server.url + path, trust_env=False).headers["content-security-policy"]


def test_the_policy_is_strict_on_every_page(server: Server) -> None:
    for path in ("/", "/settings/", "/nowhere/", "/healthz"):
        policy = policy_of(server, path)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy
        assert "style-src 'self';" in policy + ";"
        assert "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy


def test_every_page_has_a_nonce_of_its_own(server: Server) -> None:
    nonces = [found for _ in range(5) for found in re.findall(r"'nonce-([^']+)'", policy_of(server, "/"))]
    assert len(set(nonces)) == 5
    assert all(len(nonce) >= 16 for nonce in nonces)


def test_a_script_that_got_in_does_not_run(visitor: Visitor) -> None:
    visitor.opens()
    visitor.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.ran = true'>")
        document.addEventListener("securitypolicyviolation", () => (window.refused = true))
    }""")
    visitor.page.wait_for_function("() => window.refused || window.ran")
    assert not visitor.evaluate("window.ran")
    visitor.troubles.clear()


def test_the_first_page_is_light(visitor: Visitor, server: Server) -> None:
    httpx.get(server.url, trust_env=False)
    network = visitor.context.new_cdp_session(visitor.page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    bytes_of: dict[str, float] = {}
    network.on(
        "Network.loadingFinished",
        lambda done: bytes_of.update({done["requestId"]: done["encodedDataLength"]}),
    )
    urls: list[str] = []
    visitor.page.on("request", lambda request: urls.append(request.url))
    visitor.opens()
    expect(visitor.message).to_be_focused()
    visitor.page.wait_for_load_state("networkidle")
    blocking = visitor.evaluate("""() => performance.getEntriesByType("resource")
        .filter(({ initiatorType }) => initiatorType === "script")
        .filter(({ renderBlockingStatus }) => renderBlockingStatus === "blocking")
        .map(({ name }) => name)""")
    asked = [url for url in urls if not url.startswith("data:")]
    total = sum(bytes_of.values())
    print(f"First page: {len(asked)} requests, {total:,.0f} bytes on the wire, blocking scripts: {blocking}")  # noqa: T201
    assert len(asked) <= MOST_REQUESTS
    assert total <= MOST_BYTES
    assert blocking == []
