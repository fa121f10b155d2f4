from tests.demo import events
from tests.demo.conftest import Client

NO_END = {"0": -100}


def test_a_prompt_is_continued(client: Client) -> None:
    answer = client.complete('The "while', temperature=0, max_tokens=2).json()
    assert answer["object"] == "text_completion"
    assert answer["choices"][0]["text"].startswith('" statement')
    assert answer["usage"]["completion_tokens"] == 2


def test_an_empty_prompt_is_a_prompt(client: Client) -> None:
    assert client.complete("", max_tokens=3, logit_bias=NO_END).json()["choices"][0]["text"]


def test_echo_puts_the_prompt_before_the_text(client: Client) -> None:
    plain = client.complete("In Python", seed=1, max_tokens=4).json()["choices"][0]["text"]
    echoed = client.complete("In Python", seed=1, max_tokens=4, echo=True).json()["choices"][0]["text"]
    assert echoed == "In Python" + plain


def test_echo_with_logprobs_covers_the_prompt(client: Client) -> None:
    body = {"echo": True, "logprobs": 2, "max_tokens": 3, "seed": 1, "logit_bias": NO_END}
    choice = client.complete("Ünder the hood", **body).json()["choices"][0]
    scores = choice["logprobs"]
    assert scores["token_logprobs"][0] is None
    assert scores["top_logprobs"][0] is None
    assert scores["text_offset"] == sorted(scores["text_offset"])
    assert choice["text"].endswith(scores["tokens"][-1])
    assert choice["text"][scores["text_offset"][-1] :] == scores["tokens"][-1]
    assert len({len(scores[key]) for key in scores}) == 1


def test_a_part_of_a_character_is_shown_as_its_bytes(client: Client) -> None:
    scores = client.complete("É", echo=True, logprobs=0, max_tokens=1).json()["choices"][0]["logprobs"]
    assert scores["tokens"][:2] == ["bytes:\\xc3", "bytes:\\x89"]


def test_a_stream_says_what_a_whole_answer_says(client: Client) -> None:
    body = {"seed": 2, "max_tokens": 30, "echo": True, "logprobs": 1}
    whole = client.complete(**body).json()["choices"][0]
    stream = client.complete(**body, stream=True)
    assert events.text(stream) == whole["text"]
    scored = [choice["logprobs"] for choice in events.choices(stream) if choice["logprobs"]]
    for key in ("tokens", "token_logprobs", "text_offset"):
        assert [value for part in scored for value in part[key]] == whole["logprobs"][key]


def test_the_showcase_completes_too(client: Client) -> None:
    text = client.complete("A table", model="demo/showcase").json()["choices"][0]["text"]
    assert text.startswith("*This answer is a script, not a model.*")
