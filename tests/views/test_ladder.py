"""Every address: who may come, by which method, and what everybody else sees."""

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern

from chat.urls import urlpatterns

from .addresses import CASES, CASES_WITH_ID, CLOSED, ROUTES, WITH_ID, address, knock, sign_in
from .one_of_each import rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(alice: Any) -> dict[str, Any]:
    return rows_of(alice, "Secret")


def test_every_address_has_its_row() -> None:
    assert all(isinstance(pattern, URLPattern) for pattern in urlpatterns)
    assert {pattern.name for pattern in urlpatterns} == set(ROUTES)
    with_token = {name for name, route in ROUTES.items() if route.token}
    assert {pattern.name for pattern in urlpatterns if "<" in str(pattern.pattern)} == {*WITH_ID, *with_token}


@pytest.mark.parametrize(("name", "method"), CASES)
def test_who_is_not_signed_in_is_sent_to_sign_in(rows: dict[str, Any], name: str, method: str) -> None:
    route = ROUTES[name]
    response = knock(Client(), method, address(name, rows[route.of].pk if route.of else None))
    if route.public:
        assert response.status_code == (200 if route.found else 404)
    elif name != "logout":
        assert response.status_code == 302
        assert response["Location"].startswith("/login/?next=/")
    assert b"Secret" not in response.content


@pytest.mark.parametrize(("name", "method"), CASES_WITH_ID)
def test_a_strangers_thing_looks_like_one_that_is_not_there(
    rows: dict[str, Any], bob: Any, name: str, method: str
) -> None:
    client = sign_in(bob)
    strange = knock(client, method, address(name, rows[ROUTES[name].of].pk))
    missing = knock(client, method, address(name, uuid4()))
    assert (strange.status_code, missing.status_code) == (404, 404)
    assert readable(strange) == readable(missing)
    assert b"Secret" not in strange.content


def readable(response: Any) -> bytes:
    """The reply without what differs from page to page anyway."""
    content: bytes = response.content
    for line in content.splitlines():
        if b"nonce" in line or b"csrf" in line.lower():
            content = content.replace(line, b"")
    return content


@pytest.mark.parametrize(("name", "method"), CASES_WITH_ID)
def test_a_strangers_knock_changes_nothing(rows: dict[str, Any], bob: Any, name: str, method: str) -> None:
    before = everything()
    knock(sign_in(bob), method, address(name, rows[ROUTES[name].of].pk))
    assert everything() == before


def everything() -> list[Any]:
    tables = apps.get_app_config("chat").get_models(include_auto_created=True)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("id", ["x", "1", "00000000-0000-0000-0000", "01a1fbd3-e8c4-7642-ba49-f1ea415f511g"])
@pytest.mark.parametrize("name", WITH_ID)
def test_what_is_no_id_is_not_found(alice: Any, name: str, id: str) -> None:
    path = address(name, uuid4())
    known = path.strip("/").split("/")
    place = next(number for number, part in enumerate(known) if len(part) == 36)
    known[place] = id
    for method in ROUTES[name].methods.split():
        assert knock(sign_in(alice), method, f"/{'/'.join(known)}/").status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("name", sorted(set(ROUTES) - {"login", "health"}))
def test_a_method_that_an_address_does_not_take_is_refused(
    rows: dict[str, Any], alice: Any, name: str, method: str
) -> None:
    route = ROUTES[name]
    if method in route.methods.split():
        return
    before = everything()
    response = knock(sign_in(alice), method, address(name, rows[route.of].pk if route.of else None))
    assert response.status_code == 405
    assert set(route.methods.split()) <= {word.strip() for word in response["Allow"].split(",")}
    assert everything() == before


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if "GET" in route.methods))
def test_every_page_opens_for_its_owner(rows: dict[str, Any], alice: Any, name: str) -> None:
    if name == "login":
        return
    route = ROUTES[name]
    response = sign_in(alice).get(address(name, rows[route.of].pk if route.of else None))
    assert response.status_code == (200 if route.found else 404)


@pytest.mark.parametrize("name", CLOSED)
def test_nobody_between_may_keep_a_reply(rows: dict[str, Any], bob: Any, name: str) -> None:
    route = ROUTES[name]
    path = address(name, rows[route.of].pk if route.of else None)
    for client in (Client(), sign_in(bob)):
        replies = [client.get(path)]
        if route.of:
            replies.append(knock(client, route.methods.split()[0], path))
        for response in replies:
            assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
