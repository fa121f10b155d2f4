"""A provider as somebody fills in its form."""

from chat.models import Provider

KEY = "sk-0123456789abcdef"
FORM = {"name": "Example", "base_url": "https://api.example.com/v1", "key": KEY, "dialect": ""}


async def only() -> Provider:
    return await Provider.objects.aget()
