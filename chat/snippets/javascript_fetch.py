"""JavaScript with what the platform has."""

from .javascript_literals import JavaScript, body_as_text
from .request import Request
from .values import is_exact_in_javascript

WRITER = JavaScript()
STEP = WRITER.step

CHECK = """\
if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
"""
STREAMED = """\

let rest = "";
for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + piece).split("\\n");
  rest = lines.pop();
  for (const line of lines) {
    const data = line.startsWith("data:") ? line.slice(5).trim() : "";
    if (!data || data === "[DONE]") continue;
    SHOWN
  }
}
"""
WORDS = 'process.stdout.write(JSON.parse(data).choices[0]?.delta?.content ?? "");'


def write_javascript_fetch(request: Request) -> str:
    exact = is_exact_in_javascript(request.body)
    body = f"body: {_body(request)}" if exact else "body"
    opening = f"const response = await fetch({WRITER.quote(request.url)}, {{"
    call = WRITER.lines(opening, ['method: "POST"', _headers(request), body], "});")
    return f"{'' if exact else body_as_text(request.body)}{call}\n{CHECK}{_reading(request)}"


def _headers(request: Request) -> str:
    headers = ['"Content-Type": "application/json"']
    if request.key_variable:
        headers.append(f"Authorization: `Bearer ${{process.env.{request.key_variable}}}`")
    return WRITER.block("headers: {", headers, "}", STEP)


def _body(request: Request) -> str:
    return WRITER.lines("JSON.stringify({", WRITER.pairs(request.body, STEP * 2), "})", STEP)


def _reading(request: Request) -> str:
    if request.is_streamed:
        return STREAMED.replace("SHOWN", WORDS if request.is_plain else "console.log(data);")
    shown = (
        "(await response.json()).choices[0].message.content" if request.is_plain else "await response.text()"
    )
    return f"console.log({shown});\n"
