import math
from collections import Counter

import pytest

from chat.demo.ngram import Language
from tests.demo import events
from tests.demo.conftest import Client

NO_END = {"0": -100}  # token 0 ends the text


def test_it_goes_on_from_a_word_of_the_question(client: Client) -> None:
    answer = client.chat("Tell me about inheritance, please", echo=True, max_tokens=5).json()
    assert answer["prompt"][0]["text"].endswith(" inheritance")


def test_a_question_of_unknown_words_is_answered_too(client: Client) -> None:
    assert client.said("Qwertz uiop", max_tokens=5, seed=1)


def test_an_unfinished_answer_is_continued(client: Client) -> None:
    messages = [{"role": "user", "content": "Go"}, {"role": "assistant", "content": 'The "while'}]
    assert client.said(messages=messages, temperature=0, max_tokens=2).startswith('" statement')


def test_usage_counts_the_tokens_of_its_tokenizer(client: Client, language: Language) -> None:
    answer = client.chat(echo=True, seed=3, temperature=0.3, max_tokens=40, logit_bias=NO_END).json()
    usage = answer["usage"]
    assert usage["prompt_tokens"] == len(language.tokenizer.encode(answer["prompt"][0]["text"]))
    assert usage["completion_tokens"] == 40
    assert usage["total_tokens"] == usage["prompt_tokens"] + 40


def test_the_limit_ends_with_length_and_the_model_with_stop(client: Client) -> None:
    assert client.chat(max_tokens=2, logit_bias=NO_END).json()["choices"][0]["finish_reason"] == "length"
    forced = client.chat(logit_bias={"0": 100}).json()
    assert forced["choices"][0] | {"seed": 0} == {
        "index": 0,
        "message": {"role": "assistant", "content": ""},
        "logprobs": None,
        "finish_reason": "stop",
        "seed": 0,
    }
    assert forced["usage"]["completion_tokens"] == 0


def test_256_tokens_are_the_usual_limit(client: Client) -> None:
    assert client.chat(logit_bias=NO_END).json()["usage"]["completion_tokens"] == 256


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_both_names_of_the_limit_work(client: Client, name: str) -> None:
    assert client.chat(**{name: 7}, logit_bias=NO_END).json()["usage"]["completion_tokens"] == 7


def test_the_same_seed_says_the_same(client: Client) -> None:
    first = client.said(seed=1, temperature=1.2)
    assert first == client.said(seed=1, temperature=1.2)
    assert first != client.said(seed=2, temperature=1.2)


def test_the_seed_of_an_answer_repeats_it(client: Client) -> None:
    answer = client.chat(temperature=1.2, max_tokens=30).json()["choices"][0]
    assert client.said(seed=answer["seed"], temperature=1.2, max_tokens=30) == answer["message"]["content"]


def test_at_temperature_zero_the_seed_does_not_matter(client: Client) -> None:
    assert client.said(seed=1, temperature=0) == client.said(seed=2, temperature=0)


def test_top_k_one_says_what_temperature_zero_says(client: Client) -> None:
    assert client.said(top_k=1, temperature=2) == client.said(temperature=0)


def test_choices_differ_and_each_repeats_by_its_seed(client: Client) -> None:
    answers = client.chat(n=3, seed=5, temperature=1.2, max_tokens=30).json()["choices"]
    assert [answer["index"] for answer in answers] == [0, 1, 2]
    assert len({answer["message"]["content"] for answer in answers}) == 3
    assert client.said(seed=7, temperature=1.2, max_tokens=30) == answers[2]["message"]["content"]


def test_a_higher_temperature_makes_answers_more_varied(client: Client) -> None:
    def first_words(temperature: float) -> int:
        answer = client.chat(n=64, seed=1, temperature=temperature, max_tokens=1).json()
        return len(Counter(choice["message"]["content"] for choice in answer["choices"]))

    assert first_words(0.2) < first_words(1) < first_words(2)


def test_penalties_lower_repetition(client: Client, language: Language) -> None:
    def variety(**controls: float) -> int:
        body = {"temperature": 0, "max_tokens": 200, "logit_bias": NO_END, **controls}
        return len(set(language.tokenizer.encode(client.said("hello", **body))))

    plain = variety()
    for penalty in ({"repetition_penalty": 1.3}, {"presence_penalty": 1.5}, {"frequency_penalty": 1}):
        assert variety(**penalty) > plain * 1.2


def test_a_banned_token_is_never_said(client: Client, language: Language) -> None:
    banned = {str(language.tokenizer.encode(text)[0]): -100 for text in (" the", "The", " The")}
    assert " the" in client.said(seed=1)
    said = client.said(seed=1, logit_bias=banned)
    assert all(token not in banned for token in map(str, language.tokenizer.encode(said)))


def test_stop_cuts_before_itself_and_across_tokens(client: Client) -> None:
    whole = client.said(seed=4, temperature=0.3)
    end = whole[25:32]
    cut = client.chat(seed=4, temperature=0.3, stop=end).json()["choices"][0]
    assert cut["message"]["content"] == whole[: whole.index(end)]
    assert cut["finish_reason"] == "stop"
    assert client.said(seed=4, temperature=0.3, stop=["\x00", end]) == whole[: whole.index(end)]


def test_a_stream_says_what_a_whole_answer_says(client: Client) -> None:
    body = {"seed": 9, "temperature": 1, "n": 2, "stop": [" of"]}
    whole = client.chat(**body).json()["choices"]
    stream = client.chat(**body, stream=True)
    for index in (0, 1):
        assert events.content(stream, index) == whole[index]["message"]["content"]
        finishes = [choice["finish_reason"] for choice in events.choices(stream, index)]
        assert finishes == [None] * (len(finishes) - 1) + [whole[index]["finish_reason"]]


def test_choices_of_a_stream_are_interleaved(client: Client) -> None:
    """With a seed: a token that is half a character makes no chunk of its own."""
    stream = client.chat(n=2, stream=True, max_tokens=5, seed=1, logit_bias=NO_END)
    order = [choice["index"] for chunk in events.chunks(stream) for choice in chunk["choices"]]
    assert order == [0, 1] * 7


def test_usage_of_a_stream_comes_last_when_asked_for(client: Client) -> None:
    body = {"seed": 1, "max_tokens": 5, "stream": True}
    *before, last = events.chunks(client.chat(**body, stream_options={"include_usage": True}))
    assert last["choices"] == []
    assert last["usage"] == client.chat(**body | {"stream": False}).json()["usage"]
    assert all(chunk["usage"] is None for chunk in before)
    assert all("usage" not in chunk for chunk in events.chunks(client.chat(**body)))


def test_all_chunks_share_id_model_and_time(client: Client) -> None:
    chunks = events.chunks(client.chat(stream=True, max_tokens=5))
    assert len({(chunk["id"], chunk["model"], chunk["created"], chunk["object"]) for chunk in chunks}) == 1


def test_logprobs_in_openais_form(client: Client) -> None:
    choice = client.chat(logprobs=True, top_logprobs=3, max_tokens=8, temperature=0).json()["choices"][0]
    tokens = choice["logprobs"]["content"]
    assert "".join(token["token"] for token in tokens) == choice["message"]["content"]
    for token in tokens:
        assert bytes(token["bytes"]).decode() == token["token"]
        assert len(token["top_logprobs"]) == 3
        assert token["top_logprobs"][0]["logprob"] == token["logprob"] <= 0  # greedy takes the first


def test_logprobs_in_togethers_form(client: Client, language: Language) -> None:
    choice = client.chat(logprobs=2, max_tokens=8, temperature=0, logit_bias=NO_END).json()["choices"][0]
    scores = choice["logprobs"]
    assert "".join(scores["tokens"]) == choice["message"]["content"]
    assert language.tokenizer.decode(scores["token_ids"]) == choice["message"]["content"]
    assert len(scores["token_logprobs"]) == len(scores["top_logprobs"]) == 8
    for logprob, top in zip(scores["token_logprobs"], scores["top_logprobs"], strict=True):
        assert max(top.values()) == logprob


def test_logprobs_are_the_models_own_whatever_the_controls(client: Client, language: Language) -> None:
    answer = client.chat(logprobs=0, echo=True, temperature=2, seed=1, max_tokens=1).json()
    context = language.tokenizer.encode(answer["prompt"][0]["text"])
    scores = answer["choices"][0]["logprobs"]
    probability = language.next_token(context).probability(scores["token_ids"][0])
    assert math.isclose(math.exp(scores["token_logprobs"][0]), probability)


@pytest.mark.parametrize("stop", [None, ["\x00"], [" the"]])
def test_streamed_logprobs_in_openais_form_cover_the_text(client: Client, stop: list[str] | None) -> None:
    stream = client.chat(logprobs=True, seed=1, stop=stop, stream=True, max_tokens=60)
    tokens = [
        token["token"]
        for choice in events.choices(stream)
        if choice["logprobs"]
        for token in choice["logprobs"]["content"]
    ]
    assert "".join(tokens) == events.content(stream)


def test_streamed_logprobs_in_togethers_form_are_numbers(client: Client, language: Language) -> None:
    stream = client.chat(logprobs=1, seed=1, stream=True, max_tokens=9, logit_bias=NO_END, stop=["\x00"])
    scored = [choice for choice in events.choices(stream) if choice["logprobs"] is not None]
    assert len(scored) == 9
    assert all(isinstance(choice["logprobs"], float) and choice["top_logprobs"] for choice in scored)
    assert language.tokenizer.decode(choice["delta"]["token_id"] for choice in scored) == events.content(
        stream
    )


def test_echo_with_logprobs_scores_the_prompt(client: Client) -> None:
    prompt = client.chat(echo=True, logprobs=1, max_tokens=1).json()["prompt"][0]
    assert "".join(prompt["logprobs"]["tokens"]) == prompt["text"]
    first, *others = prompt["logprobs"]["token_logprobs"]
    assert first is None
    assert all(logprob < 0 for logprob in others)


def test_what_it_goes_on_with_depends_on_the_text_and_not_on_where_it_was_cut(client: Client) -> None:
    """Greedy, so that there is one way to go on: the whole answer and one in two pieces are the same text."""
    greedy = {"temperature": 0, "logit_bias": NO_END}
    question = {"role": "user", "content": "Tell me about inheritance"}
    start = " inheritance is not"
    whole = client.said(messages=[question, {"role": "assistant", "content": start}], max_tokens=12, **greedy)
    first = client.said(messages=[question, {"role": "assistant", "content": start}], max_tokens=6, **greedy)
    rest = client.said(
        messages=[question, {"role": "assistant", "content": start + first}], max_tokens=6, **greedy
    )
    assert first + rest == whole
