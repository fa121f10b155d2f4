"""What goes wrong on the way is said in words, and once; a part of the page that fails takes no other with it."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor
from tests.servers import Server

REFUSAL = '<p class="refusal" role="alert">Something failed here</p>'
NEW_USER = "from django.contrib.auth.models import User; User.objects.create_user('anna', password='anna')"
UNREACHED = "Could not reach the playground."


def unreached(visitor: Visitor) -> Locator:
    return visitor.page.get_by_text(UNREACHED)


def test_a_request_that_did_not_reach_the_server_is_told_once(visitor: Visitor) -> None:
    visitor.opens("/prompts/new/")
    visitor.field("Name").fill("On the train")
    visitor.field("Prompt text").fill("Be brief.")
    visitor.context.set_offline(True)
    visitor.button("Save version").click()
    expect(unreached(visitor)).to_have_text(f"{UNREACHED} See whether it was saved, then try again.")
    visitor.button("Save version").click()
    expect(unreached(visitor)).to_have_count(1)
    visitor.page.get_by_role("searchbox", name="Search conversations").fill("x")
    visitor.sees("The search does not answer: is there a connection?")
    visitor.context.set_offline(False)
    visitor.button("Save version").click()
    visitor.sees("Saved as v1.")


def test_in_a_chat_the_composer_tells_of_a_command_that_did_not_reach_the_server(visitor: Visitor) -> None:
    visitor.asks("mirror")
    visitor.sees_answer()
    visitor.context.set_offline(True)
    visitor.does("Regenerate", visitor.answers.last)
    visitor.sees("Not done: there is no connection to the server.")
    expect(unreached(visitor)).to_have_count(0)
    visitor.does("Edit", visitor.questions.first)
    expect(unreached(visitor)).to_have_text(f"{UNREACHED} Try again.")


def test_a_search_that_fails_says_so_and_can_be_tried_again(visitor: Visitor) -> None:
    visitor.opens("/prompts/new/")
    visitor.field("Name").fill("Searched for")
    visitor.field("Prompt text").fill("Be brief.")
    visitor.button("Save version").click()
    visitor.sees("Saved as v1.")
    visitor.opens("/prompts/")
    visitor.page.route("**/prompts/?q=*", lambda route: route.fulfill(status=500, body=REFUSAL))
    search = visitor.page.get_by_role("searchbox", name="Search prompts")
    search.press_sequentially("Search")
    visitor.sees("Something failed here")
    visitor.page.unroute("**/prompts/?q=*")
    search.press_sequentially("ed")
    expect(visitor.page.get_by_role("link", name="Searched for")).to_be_visible()


def test_a_message_that_is_sent_signed_out_stays(
    start_server: Callable[..., Server], invite: Callable[..., Visitor]
) -> None:
    server = start_server({"PLAYGROUND_ACCOUNTS": "1"})
    server.manage("shell", "-c", NEW_USER)
    visitor = invite(server).opens()
    visitor.page.get_by_label("Name").fill("anna")
    visitor.page.get_by_label("Password").fill("anna")
    visitor.button("Sign in").click()
    visitor.asks("demo/ngram")
    visitor.sees_answer()
    visitor.context.clear_cookies(name="sessionid")
    visitor.sends("Not lost")
    visitor.sees("You are signed out, and nothing was done.")
    expect(visitor.message).to_have_value("Not lost")


def test_a_part_that_cannot_start_takes_no_other_with_it(visitor: Visitor) -> None:
    visitor.page.add_init_script("delete window.ResizeObserver")
    visitor.opens()
    visitor.button("Keyboard shortcuts").click()
    expect(visitor.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert ["ResizeObserver is not defined" in trouble for trouble in visitor.troubles] == [True]
    visitor.troubles.clear()
