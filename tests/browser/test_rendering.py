"""Text becomes part of a page: live as stored, hostile text as text only, and no slower with length."""

import hashlib
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .rendering.corpus import HOSTILE, LEAKS, SCRIPTS, SHARDS, cut
from .rendering.meanings import MEANINGS
from .rendering.site import ROOT
from .rendering.stage import Stage, open_stage

pytestmark = pytest.mark.browser

SAMPLE = (Path(__file__).parent / "rendering/sample.md").read_text()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


# What Markdown means


@pytest.mark.parametrize(("text", "html"), MEANINGS.values(), ids=MEANINGS)
def test_markdown_becomes_elements(stage: Stage, text: str, html: str) -> None:
    assert stage.show(text) == html
    assert stage.stream(list(text))["html"] == html


@pytest.mark.parametrize(
    ("text", "formulas", "displayed"),
    [
        ("$x$ and \\(y\\)", ["x", "y"], 0),
        ("so $$x$$ and \\[y\\] hold", ["x", "y"], 2),
        ("text\n$$\na\n= b\n$$\ntext", ["a\n= b"], 1),
        ("- a\n\n  \\[\n  b\n  \\]", ["b"], 1),
        ("$a$b and $c$ d", ["c"], 0),
        ("$$\nnever closed\n\nx", [], 0),
    ],
)
def test_formulas_are_found(stage: Stage, text: str, formulas: list[str], displayed: int) -> None:
    stage.show(text)
    read = "[...document.querySelectorAll('main annotation')].map(node => node.textContent)"
    sources = stage.evaluate(read)
    assert [source.strip() for source in sources] == formulas
    assert stage.evaluate("document.querySelectorAll('.math--block .katex-display').length") == displayed


def test_a_wrong_formula_shows_its_source_and_one_with_an_unknown_command_is_set(stage: Stage) -> None:
    assert "math--source" in stage.show("$\\frac{1}$")
    assert stage.evaluate("document.querySelector('main').textContent") == "\\frac{1}"
    assert "katex-html" in stage.show("$x + \\nosuchthing$")
    assert stage.is_calm()


def test_highlighting_loses_no_letter_and_knows_five_colours(stage: Stage) -> None:
    for language in (
        "bash",
        "c",
        "css",
        "diff",
        "go",
        "html",
        "java",
        "json",
        "md",
        "php",
        "python",
        "rust",
        "sql",
        "x",
    ):
        stage.show(f"````{language}\n{SAMPLE}````")
        assert stage.evaluate("document.querySelector('main code').textContent") == SAMPLE.removesuffix("\n")
    html = stage.show(f"```json\n{{\"a\": [1, true, 'b']}}\n```\n````html\n{SAMPLE}````")
    colours = set(re.findall(r'class="(token-[a-z]+)"', html))
    assert colours <= {f"token-{name}" for name in ("comment", "keyword", "string", "number", "key")}


def test_long_code_stays_plain(stage: Stage) -> None:
    assert "token-" in stage.show("```py\n" + "if 1: 2\n" * 12_000 + "```")
    assert "token-" not in stage.show("```py\n" + "if 1: 2\n" * 13_000 + "```")


# What hostile text can do: nothing


def test_hostile_text_stays_text(stage: Stage) -> None:
    for text in SCRIPTS + LEAKS:
        stage.show(text)
        assert stage.evaluate("stage.findForeign(document.querySelector('main'))") == [], text
    assert stage.is_calm()


def test_hostile_text_stays_text_with_every_single_letter_that_comes(stage: Stage) -> None:
    for text in SCRIPTS + LEAKS:
        assert stage.stream(list(text))["foreign"] == [], text
    assert stage.is_calm()


def test_no_text_at_all_makes_anything_else_than_the_known_elements(stage: Stage) -> None:
    chance = random.Random(1)
    shards = [piece for text in SCRIPTS + LEAKS for piece in re.findall(r"\w+|\W", text)]
    texts = ["".join(chance.choices(shards, k=chance.randint(5, 40))) for _ in range(2000)]
    assert stage.evaluate("texts => stage.foreignIn(texts)", texts) == []
    assert stage.is_calm()


def test_without_the_renderer_the_policy_alone_would_stop_scripts(stage: Stage) -> None:
    browser = stage.page.context.browser
    assert browser
    other = Stage(browser.new_page(), stage.url)
    other.page.goto(stage.url)
    other.evaluate("html => { document.querySelector('main').innerHTML = html }", "\n".join(SCRIPTS + LEAKS))
    other.page.wait_for_load_state("networkidle")
    assert any("script-src" in violation for violation in other.evaluate("violations"))
    assert other.dialogs == []
    other.page.close()


# Live and stored


@pytest.mark.parametrize("text", [SAMPLE, "$$x$$ a formula that was a block until it went on"])
def test_a_live_text_ends_as_the_stored_one(stage: Stage, text: str) -> None:
    html = stage.show(text)
    for longest in (1, 7, 60):
        assert stage.stream(cut(text, longest, seed=longest)) == {"html": html, "foreign": [], "text": text}


def test_any_heap_of_markdown_ends_the_same_however_it_was_cut(stage: Stage) -> None:
    chance = random.Random(7)
    for seed in range(300):
        text = "".join(chance.choices(SHARDS, k=chance.randint(3, 45)))
        pieces = cut(text, chance.choice([1, 3, 8]), seed)
        streamed = stage.stream(pieces)
        assert streamed["html"] == stage.show(text), pieces
        assert streamed["text"] == text


def test_a_definition_that_comes_last_makes_links_of_what_was_before(stage: Stage) -> None:
    text = "[a] and\n\nmore\n\nand more\n\nand [b][a]\n\n[a]: https://a.test/\n"
    streamed = stage.stream(cut(text, 4, seed=1))
    assert streamed["html"].count("<a ") == 2
    assert streamed["html"] == stage.show(text)


def test_settled_blocks_and_a_growing_fence_keep_their_nodes(stage: Stage) -> None:
    assert stage.evaluate(
        """async () => {
          const node = stage.clear()
          const view = new MarkdownView(node, { live: true })
          const write = async (text) => { view.append(text); await stage.drawn() }
          await write("one\\n\\n```py\\nif")
          const [paragraph, code] = [node.firstChild, node.querySelector("code").firstChild]
          for (const piece of [" 1:", "\\n", "  2", "\\n``", "x\\n", "3\\n"]) await write(piece)
          const grown = code.isConnected && code.data
          await write("```\\n\\ntwo\\n\\nthree")
          return [node.firstChild === paragraph, grown, node.querySelector(".token-keyword") !== null]
        }"""
    ) == [True, "if 1:\n  2\n``x\n3", True]


def test_a_selection_survives_the_next_words(stage: Stage) -> None:
    selected = stage.evaluate(
        """async () => {
          const node = stage.clear()
          const view = new MarkdownView(node, { live: true })
          view.append("some *words* here")
          await stage.drawn()
          getSelection().selectAllChildren(node.querySelector("em"))
          view.append(" and more")
          await stage.drawn()
          return getSelection().toString()
        }"""
    )
    assert selected == "words"


def test_a_live_text_has_a_caret_at_its_end_and_a_finished_one_has_none(stage: Stage) -> None:
    after = stage.evaluate(
        """async (texts) => {
          const hosts = []
          for (const text of texts) {
            const node = stage.clear()
            const view = new MarkdownView(node, { live: true })
            view.append(text)
            await stage.drawn()
            hosts.push(node.querySelector(".caret")?.parentNode.localName)
            view.finish()
            if (node.querySelector(".caret") || node.hasAttribute("data-live")) hosts.push("left behind")
          }
          return hosts
        }""",
        ["", "a", "a *b*", "- a\n- b", "- a\n\n  b", "```\na", "|a|\n|-|\n|b|", "> a"],
    )
    assert after == ["div", "p", "p", "li", "p", "code", "td", "p"]


def test_what_the_server_wrote_stays_until_the_first_drawing(stage: Stage) -> None:
    assert stage.evaluate(
        """() => {
          const node = stage.clear()
          node.append("# stored")
          const view = new MarkdownView(node)
          const before = node.textContent
          view.replace("# stored")
          view.finish()
          return [before, node.innerHTML]
        }"""
    ) == ["# stored", "<h3>stored</h3>"]


def test_a_text_can_go_on_after_its_end_and_can_be_replaced(stage: Stage) -> None:
    assert stage.evaluate(
        """async () => {
          const node = stage.clear()
          const view = new MarkdownView(node, { live: true })
          view.append("```py\\nif")
          view.finish()
          view.append(" 1\\n```\\n\\n*a")
          view.finish()
          view.append("*")
          view.finish()
          const html = node.innerHTML
          view.replace("b")
          view.finish()
          return [html.endsWith("<p><em>a</em></p>"), node.innerHTML, view.text]
        }"""
    ) == [True, "<p>b</p>", "b"]


# However much it is, and however hostile


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown(stage: Stage, text: str) -> None:
    taken = stage.time(text)
    assert taken["length"] > 0 or text.startswith("*")  # a line of stars is a rule


def test_a_long_table_is_shown_and_nothing_of_it_is_missing(stage: Stage) -> None:
    taken = stage.time("|a|b|c|\n|-|-:|-|\n" + "|1|*2*|`3`|\n" * 10_000)
    assert taken["length"] == 3 + 3 * 10_000


@pytest.mark.parametrize("name", ["quotes", "deep lists", "deep emphasis"])
def test_what_is_too_deep_is_whole_and_plain(stage: Stage, name: str) -> None:
    taken = stage.time("before\n\n" + HOSTILE[name])
    assert taken["plain"]
    assert taken["length"] == len("beforeToo deep to format; shown as plain text") + len(HOSTILE[name])


def test_a_megabyte_of_an_answer_is_shown(stage: Stage) -> None:
    text = SAMPLE * (1_000_000 // len(SAMPLE))
    assert stage.time(text)["length"]


def test_drawing_leaves_the_main_thread_free(stage: Stage) -> None:
    """A paragraph of 100 kB is read anew with every frame, so the frames become fewer."""
    stage.page.goto(stage.url)
    frames = stage.evaluate("text => stage.countDrawings(text)", "word and *word* " * 6000)
    stage.open()
    assert frames["text"]
    assert 1 <= frames["drawings"] < 40
    assert frames["turns"] > frames["drawings"]


# Vendored files


def test_vendored_files_are_what_they_were_when_they_came() -> None:
    folder = ROOT / "static/vendor"
    text = (folder / "VENDORED.md").read_text()
    listed = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", text, re.MULTILINE))
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in listed} == listed
    served = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert served - {"VENDORED.md"} == {name for name in listed if not name.startswith("..")}
