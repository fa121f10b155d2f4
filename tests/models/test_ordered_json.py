"""What was sent is kept as it was sent, to the order of its keys."""

import pytest

from chat.models import Generation

pytestmark = pytest.mark.django_db

ORDERS = [
    {"model": "m", "messages": [], "a": 1},
    {"z": {"b": None, "a": '\u2028 🙂 \\ "'}, "y": [1.0, 10**30], "x": ""},
    {},
]


@pytest.mark.parametrize("body", ORDERS)
def test_keys_come_back_in_their_order(body: dict[str, object], conversation) -> None:
    made = Generation.objects.create(
        owner=conversation.owner, conversation=conversation, model="m", request=body
    )
    found = Generation.objects.get(pk=made.pk).request
    assert found == body
    assert repr(found) == repr(body)
