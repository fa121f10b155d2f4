"""Commands about messages: text to the letter, and words about what cannot be."""

import pytest

from chat.forms import LONGEST_TEXT, CommandForm, EditForm, MessageForm, first_error

ID = "b4d4f2c8-6d3f-4ce5-9b58-1f6f0f7c9a11"


def message(text: str | None) -> MessageForm:
    return MessageForm({"command": ID, **({} if text is None else {"message": text})})


def test_text_is_taken_to_the_letter() -> None:
    text = "  leading, \t tabs, \x07 bells, \r alone, \u2028, 😀, trailing  \n\n"
    form = message(text)
    assert form.is_valid()
    assert form.cleaned_data["message"] == text


def test_the_line_ends_of_forms_are_taken_out_again() -> None:
    form = message("one\r\ntwo\r\n")
    assert form.is_valid()
    assert form.cleaned_data["message"] == "one\ntwo\n"


@pytest.mark.parametrize("text", [None, "", "   ", "\n\t\r\n", "\u2003"])
def test_a_message_without_a_word_is_refused(text: str | None) -> None:
    assert first_error(message(text)) == "Write something first."


def test_a_nul_is_refused_in_words() -> None:
    assert "NUL character" in first_error(message("a\x00b"))


def test_a_megabyte_is_taken_and_more_than_the_most_is_refused() -> None:
    assert message("x" * 1_000_000).is_valid()
    assert "2,000,000 are the most" in first_error(message("x" * (LONGEST_TEXT + 1)))


@pytest.mark.parametrize("id", ["", "1", "not-a-uuid", "' or 1=1"])
def test_a_command_needs_an_id(id: str) -> None:
    assert not CommandForm({"command": id}).is_valid()


def test_an_invalid_id_says_what_to_do() -> None:
    assert first_error(CommandForm({"command": "x"})) == "This form has no valid id. Reload the page."


def test_an_empty_edit_says_what_to_do_instead() -> None:
    assert "Delete it instead" in first_error(EditForm({"command": ID, "text": ""}))
