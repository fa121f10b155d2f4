"""A call as the inspector is asked for it, with what must not leak and what must not be parsed."""

from chat.models import Generation

KEY = "sk-test-inspected-0123456789"
NASTY = "</code></pre><script>alert(1)</script>{% now %} \u2028 \U0001f468\u200d\U0001f469 $&"


def address(call: Generation, more: str = "") -> str:
    return f"/generations/{call.pk}/{more}"
