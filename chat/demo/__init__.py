"""The built-in provider: an OpenAI-compatible API with two models, so that a first start works without a key.

`demo/ngram` is a real language model, only very small. `demo/showcase` is a script, and says so.
"""

from chat.demo.app import demo_app
from chat.demo.transport import DemoTransport

HOST = "demo.invalid"
BASE_URL = f"http://{HOST}/v1"

__all__ = ["BASE_URL", "HOST", "DemoTransport", "demo_app"]
