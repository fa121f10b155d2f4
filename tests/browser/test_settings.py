"""Only what was set is sent; what cannot be right is told beside its field; the model can be switched."""

from collections.abc import Callable

from playwright.sync_api import Locator, Response, Route, expect

from tests.browser.visitor import Visitor
from tests.crash.site import wait_for
from tests.servers import Server
from tests.upstream import Upstream


def test_what_is_not_set_is_not_sent(visitor: Visitor, upstream: Upstream) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    assert set(upstream.requests[-1].body) == {"model", "messages", "stream", "stream_options"}
    expect(visitor.settings.get_by_text("none set")).to_be_visible()


def test_what_is_set_is_sent_until_it_is_unset(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.number("Temperature").fill("0")
    visitor.number("Max tokens").fill("256")
    expect(visitor.settings.get_by_text("2 set")).to_be_visible()
    visitor.sends("one")
    visitor.sees_answer("one")
    assert upstream.requests[-1].body["temperature"] == 0
    assert upstream.requests[-1].body["max_tokens"] == 256
    assert "top_p" not in upstream.requests[-1].body
    visitor.reloads()
    expect(visitor.number("Temperature")).to_have_value("0")
    visitor.button("Unset Temperature").click()
    expect(visitor.number("Temperature")).to_have_value("")
    visitor.sends("two")
    visitor.sees_answer("two")
    assert "temperature" not in upstream.requests[-1].body
    assert upstream.requests[-1].body["max_tokens"] == 256


def test_a_value_out_of_range_is_told_beside_its_field_and_not_sent(
    visitor: Visitor, upstream: Upstream
) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    before = len(upstream.requests)
    visitor.number("Temperature").fill("3")
    expect(visitor.settings.get_by_text("From 0 to 2.")).to_be_visible()
    expect(visitor.number("Temperature")).to_have_attribute("aria-invalid", "true")
    visitor.sends("Now?")
    expect(visitor.page.get_by_role("alert").filter(has_text="Temperature")).to_be_visible()
    expect(visitor.message).to_have_value("Now?")
    assert len(upstream.requests) == before
    visitor.number("Temperature").fill("2")
    visitor.message.press("Enter")
    visitor.sees_answer("Now?")
    assert upstream.requests[-1].body["temperature"] == 2


def test_settings_change_while_nothing_is_sent(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    with visitor.page.expect_response("**/settings/"):
        visitor.number("Top P").fill("0.5")
    visitor.reloads()
    expect(visitor.number("Top P")).to_have_value("0.5")


def saved(response: Response) -> bool:
    return response.url.endswith("/settings/") and response.status == 204


def test_a_system_prompt_survives_though_another_field_is_wrong(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.number("Temperature").fill("3")
    visitor.field("System prompt").fill("Be brief.")
    with visitor.page.expect_response(saved):
        visitor.reloads()
    expect(visitor.field("System prompt")).to_have_value("Be brief.")
    visitor.evaluate("localStorage.clear()")
    visitor.reloads()
    expect(visitor.field("System prompt")).to_have_value("Be brief.")


def test_a_system_prompt_that_was_not_saved_does_not_overwrite_what_another_browser_saved(
    visitor: Visitor, server: Server, invite: Callable[..., Visitor]
) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.number("Temperature").fill("3")
    visitor.field("System prompt").fill("From here.")
    other = invite(server).opens(visitor.path)
    with other.page.expect_response(saved):
        other.field("System prompt").fill("From elsewhere.")
    visitor.reloads()
    expect(visitor.field("System prompt")).to_have_value("From elsewhere.")
    other.reloads()
    expect(other.field("System prompt")).to_have_value("From elsewhere.")


def test_half_a_number_is_never_saved_as_none(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    with visitor.page.expect_response(saved):
        visitor.number("Budget of this conversation, $").fill("5")
    visitor.number("Budget of this conversation, $").press("e")
    saves: list[str] = []
    visitor.page.on("request", lambda request: saves.append(request.url))
    visitor.evaluate("dispatchEvent(new Event('online'))")
    visitor.reloads()
    assert not [url for url in saves if url.endswith("/settings/")]
    expect(visitor.number("Budget of this conversation, $")).to_have_value("5")


def test_what_is_typed_while_it_is_being_saved_is_not_lost_if_the_next_save_fails(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    held: list[Route] = []
    visitor.page.route("**/settings/", lambda route: held.append(route))
    with visitor.page.expect_request("**/settings/"):
        visitor.field("System prompt").fill("Be brief")
    visitor.field("System prompt").fill("Be brief and kind")
    with visitor.page.expect_response(saved):
        held.pop().continue_()
    visitor.page.unroute("**/settings/")
    visitor.page.route("**/settings/", lambda route: route.abort())
    expect(visitor.settings.get_by_text("not saved")).to_be_visible()
    visitor.page.unroute("**/settings/")
    with visitor.page.expect_response(saved):
        visitor.reloads()
    expect(visitor.field("System prompt")).to_have_value("Be brief and kind")


def test_what_could_not_be_saved_is_saved_when_the_connection_is_back(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    with visitor.page.expect_response(saved):
        visitor.field("System prompt").fill("Be brief.")
    visitor.context.set_offline(True)
    visitor.field("System prompt").fill("")
    visitor.number("Top P").fill("0.5")
    expect(visitor.settings.get_by_text("1 set · not saved")).to_be_visible()
    with visitor.page.expect_response(saved):
        visitor.context.set_offline(False)
    expect(visitor.settings.get_by_text("not saved")).to_have_count(0)
    visitor.reloads()
    expect(visitor.field("System prompt")).to_have_value("")
    expect(visitor.number("Top P")).to_have_value("0.5")


def test_a_system_prompt_is_sent_first(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.field("System prompt").fill("Be brief.\nBe kind.")
    visitor.sends("Hello")
    visitor.sees_answer("Hello")
    first = upstream.requests[-1].body["messages"][0]
    assert first == {"role": "system", "content": "Be brief.\nBe kind."}
    expect(visitor.field("System prompt")).to_have_value("Be brief.\nBe kind.")


def test_an_answer_is_regenerated_with_the_settings_and_the_model_as_they_are_now(
    visitor: Visitor, upstream: Upstream
) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.number("Temperature").fill("1.5")
    visitor.chooses("tokens-3-seed-9")
    visitor.does("Regenerate", visitor.answers.last)
    expect(visitor.answers.last.get_by_role("status")).to_have_text("2 / 2")
    visitor.sees_answer()
    assert upstream.requests[-1].body["temperature"] == 1.5
    assert upstream.requests[-1].model == "tokens-3-seed-9"


def test_the_model_is_found_by_a_part_of_its_id_and_remembered(visitor: Visitor, upstream: Upstream) -> None:
    visitor.opens()
    model = visitor.page.get_by_role("combobox", name="Model")
    model.click()
    model.press_sequentially("irro")
    option = visitor.page.get_by_role("option", name="mirror")
    expect(option).to_be_visible()
    option.click()
    expect(model).to_have_value("mirror")
    expect(option).to_be_hidden()
    visitor.sends("Hello")
    visitor.sees_answer("Hello")
    visitor.opens()
    expect(model).to_have_value("mirror")


def test_a_page_says_what_it_can_before_a_model_is_asked(visitor: Visitor) -> None:
    visitor.opens()
    visitor.chooses("demo/ngram")
    visitor.sends("Lists are")
    visitor.sees_answer()
    visitor.chooses("mirror")
    visitor.sends("Now mirror")
    expect(visitor.answers).to_have_count(2)
    visitor.sees_answer("Now mirror")
    wait_for(lambda: "mirror" in visitor.answers.last.inner_text())


def saves_preset(visitor: Visitor, name: str, *, with_system_prompt: bool = False) -> Locator:
    visitor.button("Save as a preset").click()
    dialog = visitor.page.get_by_role("dialog", name="Save as a preset")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("checkbox", name="With the system prompt").set_checked(with_system_prompt)
    visitor.button("Save preset").click()
    preset = visitor.settings.get_by_role("combobox", name="Preset")
    expect(preset.locator("option:checked")).to_have_text(name)
    return preset


def test_a_preset_is_saved_and_applied_and_the_focus_stays_where_it_was(visitor: Visitor) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.number("Temperature").fill("0.3")
    visitor.field("System prompt").fill("Be brief.")
    preset = saves_preset(visitor, "Careful", with_system_prompt=True)
    expect(visitor.button("Save as a preset")).to_be_focused()
    visitor.field("System prompt").fill("")
    visitor.opens()
    preset.focus()
    preset.select_option(label="Careful")
    expect(visitor.number("Temperature")).to_have_value("0.3")
    expect(visitor.field("System prompt")).to_have_value("Be brief.")
    expect(preset).to_be_focused()


def test_a_preset_that_could_not_be_applied_is_not_shown_as_applied(visitor: Visitor) -> None:
    visitor.opens()
    visitor.chooses("mirror")
    visitor.number("Temperature").fill("0.4")
    preset = saves_preset(visitor, "Warm")
    visitor.opens()
    shown = preset.locator("option:checked").inner_text()
    visitor.context.set_offline(True)
    preset.select_option(label="Warm")
    expect(visitor.page.get_by_role("alert").filter(has_text="no connection")).to_be_visible()
    expect(preset.locator("option:checked")).to_have_text(shown)
    visitor.context.set_offline(False)
    preset.select_option(label="Warm")
    expect(visitor.number("Temperature")).to_have_value("0.4")
