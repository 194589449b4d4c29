"""Each thing that an analyst does in the explorer, on the real app and the bundled data."""

from __future__ import annotations

import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import keep, ready

ISLAMIST = 'input[type=checkbox][value="islamist"]'


def words(page: Page) -> str:
    return page.locator("#atlas-words").inner_text()


def figure(page: Page, key: str) -> str:
    return page.locator(f'[data-figure="{key}"]').inner_text()


def query(page: Page) -> str:
    return page.evaluate("location.search")


def at_rest(page: Page) -> None:
    """Wait until the live region has told the present sentence: the year has come to rest."""
    page.wait_for_function(
        "() => document.querySelector('#atlas-live').textContent === document.querySelector('#atlas-words').dataset.said"
    )


def check(page: Page, filter_key: str, value: str) -> None:
    box = page.locator(f'[data-filter="{filter_key}"] label:has([data-facet="{filter_key}={value}"])')
    box.click()


def view(url: str, search: str) -> dict:
    with urllib.request.urlopen(f"{url}/api/view{search}") as answer:
        return json.load(answer)


def test_it_opens_on_the_year_with_most_alliances(page, app_url, watch):
    ready(page, app_url)
    page.wait_for_load_state("networkidle")
    assert sum("/topojson/" in url for url in watch.requests) == 1, "the map is drawn once, at its final size"
    assert not any("/dash/dcc/" in url or "/dash_table/" in url for url in watch.requests)
    keep(page, "explorer")
    assert words(page) == "All alliances, 2015: 249 alliances, 191 groups allied"
    wanted = view(app_url, "")["key_figures"]
    assert figure(page, "alliances") == str(wanted["alliances"])
    assert figure(page, "allied_share") == f"{wanted['allied_share'] * 100:.0f}%"
    assert figure(page, "median_reach_km") == f"{wanted['median_reach_km']:.0f} km"
    assert page.locator('[data-change="alliances"]').inner_text() == "+111 since 2005"
    assert query(page) == ""


def test_the_year_steps_by_keys_without_any_request(page, app_url, watch):
    ready(page, app_url)
    at_rest(page)
    page.locator("#atlas-slider input").focus()
    before = len(watch.requests)
    for key, year in [
        ("ArrowLeft", 2014), ("ArrowRight", 2015), ("PageUp", 2020), ("PageDown", 2010), ("Home", 1945), ("End", 2020),
    ]:  # fmt: skip
        page.keyboard.press(key)
        expect(page.locator("#atlas-year")).to_have_text(str(year))
    at_rest(page)
    assert watch.requests[before:] == []
    assert query(page) == "?year=2020"
    assert figure(page, "alliances") == str(view(app_url, "?year=2020")["key_figures"]["alliances"])


def test_the_slider_has_a_name_and_says_its_year(page, app_url):
    ready(page, app_url)
    slider = page.get_by_role("slider", name="Year")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^2014, \d+ alliances$"))


def test_play_pause_and_space(page, app_url, watch):
    ready(page, f"{app_url}/?year=1980")
    at_rest(page)
    before = len(watch.requests)
    page.get_by_role("button", name="Play the years").click()
    page.wait_for_function("() => Number(document.querySelector('#atlas-year').textContent) >= 1982")
    page.get_by_role("button", name="Pause").click()
    year = page.locator("#atlas-year").inner_text()
    page.wait_for_timeout(800)
    assert page.locator("#atlas-year").inner_text() == year
    page.locator("#atlas-words").click()
    page.keyboard.press("Space")
    page.wait_for_function(f"() => Number(document.querySelector('#atlas-year').textContent) > {year}")
    page.keyboard.press("Space")
    assert watch.requests[before:] == []


def test_play_stops_at_the_end_or_loops(page, app_url):
    ready(page, f"{app_url}/?year=2018")
    page.locator("#atlas-speed").select_option("8")
    page.get_by_role("button", name="Play the years").click()
    expect(page.locator("#atlas-year")).to_have_text("2020")
    expect(page.get_by_role("button", name="Play the years")).to_be_visible()
    page.get_by_role("button", name="Play again from the start").click()
    page.get_by_role("button", name="Play the years").click()
    page.wait_for_function("() => Number(document.querySelector('#atlas-year').textContent) < 2000")


def test_step_buttons(page, app_url):
    ready(page, f"{app_url}/?year=1990")
    page.get_by_role("button", name="One year back").click()
    expect(page.locator("#atlas-year")).to_have_text("1989")
    page.get_by_role("button", name="One year on").click()
    expect(page.locator("#atlas-year")).to_have_text("1990")


def year_x(page: Page, year: int) -> float:
    """Where a year stands in the chart, in px from the window's left."""
    return page.evaluate(
        """async (year) => {
          const box = document.querySelector('#atlas-chart').getBoundingClientRect();
          const payload = await (await fetch('/api/payload')).json();
          const {left, step} = atlas.chart.axis(document.querySelector('#atlas-chart').clientWidth, payload);
          return box.left + left + (year - payload.dataset.first_year) * step;
        }""",
        year,
    )


def test_a_click_or_a_drag_in_the_chart_moves_the_year(page, app_url):
    ready(page, app_url)
    box = page.locator("#atlas-chart").bounding_box()
    page.mouse.click(year_x(page, 1985), box["y"] + 60)
    expect(page.locator("#atlas-year")).to_have_text("1985")
    page.mouse.move(year_x(page, 1985), box["y"] + 60)
    page.mouse.down()
    page.mouse.move(year_x(page, 1970), box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page.locator("#atlas-year")).to_have_text("1970")


def test_the_slider_stands_exactly_under_the_chart(page, app_url):
    ready(page, app_url)
    for year in (1945, 1980, 2020):
        page.goto(f"{app_url}/?year={year}")
        page.wait_for_selector("html.ready")
        middle = page.evaluate("""() => {
          const input = document.querySelector('#atlas-slider input'), box = input.getBoundingClientRect(), thumb = 18;
          const part = (input.value - input.min) / (input.max - input.min);
          return box.left + thumb / 2 + part * (box.width - thumb);
        }""")
        assert middle == pytest.approx(year_x(page, year), abs=1)


def test_filters_answer_in_words_chips_counts_and_url(page, app_url):
    ready(page, f"{app_url}/?year=2010")
    check(page, "ideology", "islamist")
    check(page, "type", "material")
    page.locator('[data-filter="region"] summary').click()
    check(page, "region", "southern-asia")
    sentence = (
        "Alliances of Islamist groups with material co-operation, Southern Asia, 2010: 5 alliances, 8 groups allied"
    )
    expect(page.locator("#atlas-words")).to_have_text(sentence)
    assert query(page) == "?ideology=islamist&type=material&region=southern-asia&year=2010"
    keep(page, "filtered")
    answer = view(app_url, query(page))
    for key, values in answer["facets"].items():
        for value, n in values.items():
            node = page.locator(f'[data-facet="{key}={value}"]')
            if node.count():
                assert node.text_content() == str(n), (key, value)
    page.get_by_title("Remove Co-operation: Material").click()
    expect(page.locator("#atlas-words")).not_to_contain_text("material")
    page.get_by_role("button", name="Reset all").click()
    expect(page.locator("#atlas-words")).to_contain_text("All alliances, 2010")
    assert query(page) == "?year=2010"
    expect(page.locator("#atlas-chips")).to_be_empty()


CONTROLS = [
    (["text=Both ends"], "ends=both"),
    (["text=All of"], "types=all"),
    (["text=Rhetorical only"], "type=rhetorical&types=only"),
    (["text=Tangible >> nth=0"], "type=operational,material,financial,training,territorial"),
    (["text=High"], "confidence=high"),
    (["text=Across borders only"], "crossborder=1"),
    (['[data-filter="kind"] summary', 'label:has([data-facet="kind=supporter"])'], "kind=supporter"),
    (["text=Show rivalries"], "rivals=1"),
]


def test_every_control_writes_its_parameter(page, app_url):
    ready(page, f"{app_url}/?year=1999")

    def says_what_the_server_says() -> None:
        page.wait_for_function("() => !document.documentElement.hasAttribute('aria-busy')")
        assert view(app_url, query(page))["key_figures"]["alliances"] == int(figure(page, "alliances"))

    for targets, wanted in CONTROLS:
        for target in targets:
            page.locator(f".rail >> {target}").click(force=True)
        page.wait_for_function("wanted => location.search.includes(wanted)", arg=wanted)
        assert query(page) == (f"?{wanted}&year=1999" if "rivals" not in wanted else f"?year=1999&{wanted}")
        says_what_the_server_says()
        page.go_back()
        page.wait_for_function("() => location.search === '?year=1999'")
        says_what_the_server_says()
    # The address alone says it, too: all that go together, opened anew.
    page.goto(f"{app_url}/?{'&'.join(wanted for _, wanted in CONTROLS[3:])}&year=1999")
    page.wait_for_selector("html.ready")
    says_what_the_server_says()


def test_back_and_forward_restore_the_view_and_its_controls(page, app_url):
    ready(page, app_url)
    check(page, "ideology", "leftist")
    expect(page.locator("#atlas-words")).to_contain_text("of Leftist groups")
    check(page, "ideology", "islamist")
    expect(page.locator("#atlas-words")).to_contain_text("Islamist or Leftist")
    page.go_back()
    expect(page.locator("#atlas-words")).to_contain_text("of Leftist groups")
    expect(page.locator(ISLAMIST)).not_to_be_checked()
    page.go_back()
    expect(page.locator("#atlas-words")).to_contain_text("All alliances")
    page.go_forward()
    expect(page.locator("#atlas-words")).to_contain_text("of Leftist groups")
    expect(page.locator('input[type=checkbox][value="leftist"]')).to_be_checked()


def test_one_url_describes_the_whole_view(page, app_url):
    search = (
        "?ideology=leftist,ethnonationalist&ends=both&kind=ally,associate&year=1985&rivals=1&colour=kind&hide=associate"
        "&card=plo&map=20,10,2"
    )
    card = view(app_url, "")["selection"]["card"]
    assert card is None
    search = search.replace("card=plo", "card=fatah")
    ready(page, app_url + search)
    assert query(page) == search
    assert "(hidden: Associate)" in words(page)
    expect(page.locator(".card-title")).to_have_text("Fatah")
    page.reload()
    page.wait_for_selector("html.ready")
    at_rest(page)
    assert query(page) == search


def test_what_the_link_cannot_say_is_said_in_a_notice(page, app_url):
    ready(page, f"{app_url}/?ideology=marxist&year=3000&data=2020.01")
    notices = page.locator("#atlas-notices")
    for text in ("'marxist'", "'3000'", "'2020.01'"):
        expect(notices).to_contain_text(text)
    page.get_by_role("button", name="Close the notices").click()
    expect(notices).to_be_hidden()


def test_an_empty_view_says_why_and_what_to_loosen(page, app_url):
    ready(page, f"{app_url}/?ideology=islamist&region=caribbean&year=2010")
    empty = page.locator("#atlas-empty")
    expect(empty).to_contain_text("No alliance passes all the filters in 2010.")
    keep(page, "empty")
    n = view(app_url, "?ideology=islamist&year=2010")["key_figures"]["alliances"]
    empty.get_by_role("button", name=f"Without Region: {n} alliances").click()
    expect(empty).to_be_hidden()
    assert query(page) == "?ideology=islamist&year=2010"


def test_a_group_is_found_by_an_alias_and_its_card_tells_all(page, app_url, watch):
    ready(page, app_url)
    page.get_by_role("combobox", name="Find a group by name or alias").fill("hizballah")
    expect(page.locator("[role=option]").first).to_contain_text("also Hizballah")
    page.keyboard.press("Enter")
    card = page.locator(".group-card")
    expect(card.locator(".card-title")).to_have_text("Hezbollah")
    expect(card).to_contain_text("Beirut")
    expect(card).to_contain_text("Alliances (")
    expect(card.locator(".sources a").first).to_have_attribute("href", re.compile("^https?://"))
    assert card.locator(".tie .bar").count() > 5
    page.wait_for_function("() => location.search.includes('card=hezbollah')")
    keep(page, "card")
    for reference in card.locator(".reference").all()[:5]:
        assert page.locator(reference.get_attribute("href")).count() == 1
    partner = card.locator(".tie .group-link").first
    name = partner.inner_text()
    partner.click()
    expect(card.locator(".card-title")).to_have_text(name)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_focus_shows_one_groups_alliances(page, app_url):
    ready(page, f"{app_url}/?card=hezbollah&year=2012")
    page.get_by_role("button", name="Show only this group's alliances").click()
    expect(page.locator("#atlas-words")).to_contain_text("touching Hezbollah")
    n = view(app_url, "?group=hezbollah&year=2012")["key_figures"]["alliances"]
    assert figure(page, "alliances") == str(n)
    assert figure(page, "allied_share") == str(n)
    expect(page.locator('[aria-describedby="definition-allied_share"]')).to_have_text("Allies of the group")
    page.get_by_role("button", name="With partners\u2019 ties").click()
    page.wait_for_function("() => location.search.includes('hops=2')")
    expect(page.locator("#atlas-words")).to_contain_text("or its partners")
    page.get_by_title("Remove Focus").click()
    expect(page.locator("#atlas-words")).to_contain_text("All alliances")


def test_the_list_opens_cards(page, app_url):
    ready(page, app_url)
    row = page.locator("#atlas-groups .group-row").first
    name = row.locator(".group-name").inner_text()
    assert int(row.locator(".group-degree").inner_text()) >= 20
    row.click()
    expect(page.locator(".card-title")).to_have_text(name)


def test_definitions_show_on_focus(page, app_url):
    ready(page, app_url)
    label = page.get_by_role("button", name="Median reach")
    definition = page.locator("#definition-median_reach_km")
    expect(definition).not_to_be_visible()
    label.focus()
    page.keyboard.press("Shift")
    expect(definition).to_be_visible()


def test_legend_hides_classes_and_the_words_say_so(page, app_url):
    ready(page, app_url)
    before = words(page)
    page.locator("#atlas-legend button", has_text="Islamist").click()
    expect(page.locator("#atlas-words")).to_have_text(f"{before} (hidden: Islamist)")
    page.wait_for_function("() => location.search === '?hide=islamist'")
    keep(page, "hidden")
    assert figure(page, "alliances") == "249"
    page.locator("#atlas-legend button", has_text="Islamist").click()
    expect(page.locator("#atlas-words")).to_have_text(before)


def test_colourings_change_legend_chart_and_url_without_a_request(page, app_url, watch):
    ready(page, app_url)
    page.wait_for_load_state("networkidle")
    at_rest(page)
    before = len(watch.requests)
    for colouring in ("type", "region", "kind"):
        page.locator(f'.colour-choice input[value="{colouring}"]').check(force=True)
        page.wait_for_function(f"() => location.search === '?colour={colouring}'")
        counts = [int(n) for n in page.locator("#atlas-legend button .legend-count").all_inner_texts()]
        assert sum(counts) == 249
        keep(page, f"colour-{colouring}")
    assert watch.requests[before:] == []


def test_the_theme_can_be_changed_and_is_kept(page, app_url):
    ready(page, app_url)
    page.get_by_role("button", name="Switch between light and dark").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    keep(page, "dark")
    page.reload()
    page.wait_for_selector("html.ready")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_copy_link_and_cite_always_name_year_and_version(page, app_url):
    ready(page, f"{app_url}/?ideology=leftist")
    page.get_by_role("button", name="Copy a link to this view").click()
    text = page.locator("#atlas-dialog textarea").input_value()
    assert text == f"{app_url}/?ideology=leftist&year=2015&data=2026.11"
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Cite this view").click()
    text = page.locator("#atlas-dialog textarea").input_value()
    assert text.startswith("Alliance Atlas curated sample of armed-group alliances, 1945-2020, version 2026.11.")
    assert "Alliances of Leftist groups, 2015: 48 alliances" in text
    assert f"{app_url}/?ideology=leftist&year=2015&data=2026.11" in text
    assert re.search(r"\(accessed \d+ \w+ \d{4}\)\.$", text)


def test_a_period_counts_the_whole_window_and_moves_as_one(page, app_url):
    ready(page, f"{app_url}/?since=1990&year=1995")
    wanted = view(app_url, "?since=1990&year=1995")["key_figures"]
    expect(page.locator('[data-figure="alliances"]')).to_have_text(str(wanted["alliances"]))
    assert f"1990\u20131995: {wanted['alliances']} alliances" in words(page)
    before = view(app_url, "?since=1980&year=1985")["key_figures"]["alliances"]
    change = wanted["alliances"] - before
    expect(page.locator('[data-change="alliances"]')).to_have_text(
        f"{'+' if change > 0 else chr(0x2212)}{abs(change)} since 1980\u20131985"
    )
    page.get_by_role("button", name="One year on").click()
    expect(page.locator("#atlas-words")).to_contain_text("1991\u20131996")
    at_rest(page)
    assert query(page) == "?year=1996&since=1991"
    page.get_by_title("Remove Period").click()
    expect(page.locator("#atlas-words")).to_contain_text(", 1996:")


def test_an_idle_page_is_silent(page, app_url, watch):
    ready(page, app_url)
    at_rest(page)
    before = len(watch.requests)
    page.wait_for_timeout(3_000)
    assert watch.requests[before:] == []


def test_the_source_and_the_limits_are_on_every_page(page, app_url):
    for path in ("/", "/method"):
        page.goto(app_url + path)
        for text in (
            "a sample, not a census",
            "version 2026.11",
            "1945\u20132020",
            "CC BY 4.0",
            "Natural Earth",
            "no endorsement",
        ):
            expect(page.locator("body")).to_contain_text(re.compile(re.escape(text), re.I))
    page.goto(app_url)
    page.locator(".time-limits").click()
    expect(page).to_have_url(f"{app_url}/method#limits")
    expect(page.locator("#limits")).to_contain_text("census")


def test_unknown_pages_say_so(browser, app_url):
    page = browser.new_page()
    answer = page.goto(f"{app_url}/nowhere")
    assert answer.status == 404
    expect(page.locator("body")).to_contain_text("There is no such page")
    page.close()


def test_two_people_do_not_see_each_other(browser, app_url, watch):
    one, two = browser.new_context(), browser.new_context()
    first, second = one.new_page(), two.new_page()
    ready(first, f"{app_url}/?ideology=leftist&year=1980")
    ready(second, f"{app_url}/?kind=fan&year=2000")
    first.reload()
    first.wait_for_selector("html.ready")
    assert words(first).startswith("Alliances of Leftist groups, 1980")
    assert words(second).startswith("Alliances of kind fan, 2000")
    one.close()
    two.close()
