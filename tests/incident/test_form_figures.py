"""Several figures on the form: parts below their whole, and which of two is in totals."""

from tests.incident.desk import Desk, again, errors


def test_a_figure_is_broken_down_below_itself(desk: Desk) -> None:
    form = again(desk.send(desk.new(), add_row="figures"))
    form.fill(figures__0__how_many="20", figures__1__how_many="22")

    form = again(desk.send(form, break_down="figures-0 sex"))

    assert [form[f"figures-{n}-how_many"] for n in range(4)] == ["20", "", "", "22"]
    assert [form[f"figures-{n}-parent"] for n in range(4)] == ["", "1", "1", ""]
    assert [form[f"figures-{n}-sex"] for n in (1, 2)] == ["female", "male"]


def test_parts_added_above_another_breakdown_leave_it_to_its_own_whole(desk: Desk) -> None:
    form = again(desk.send(desk.new(), add_row="figures"))
    form.fill(figures__0__how_many="20", figures__1__how_many="22")
    form = again(desk.send(form, break_down="figures-1 age"))
    form.fill(figures__2__how_many="4", figures__3__how_many="18")

    form = again(desk.send(form, break_down="figures-0 one"))

    assert [form[f"figures-{n}-parent"] for n in range(5)] == ["", "1", "", "3", "3"]
    assert [form[f"figures-{n}-how_many"] for n in range(5)] == ["20", "", "22", "4", "18"]
    assert (form["figures-3-age_max"], form["figures-4-age_min"]) == ("17", "18")


def test_parts_are_saved_with_their_whole_and_never_in_totals(desk: Desk) -> None:
    form = desk.new().fill(figures__0__how_many="20")
    form = again(desk.send(form, break_down="figures-0 sex"))
    form.fill(figures__1__how_many="5", figures__2__how_many="15", figures__0__measure="injured")

    record = desk.team.stored(desk.saved(form))

    assert [(one.measure, one.parent, one.in_totals) for one in record.figures] == [
        ("injured", None, True),
        ("injured", 0, False),
        ("injured", 0, False),
    ]


def test_removing_a_whole_leaves_its_parts_to_stand_for_themselves(desk: Desk) -> None:
    form = again(desk.send(desk.new(), add_row="figures"))
    form.fill(figures__0__how_many="20", figures__1__how_many="22")
    form = again(desk.send(form, break_down="figures-1 one"))
    form.fill(figures__2__how_many="4")

    form = again(desk.send(form, remove_row="figures-0"))
    assert [form[f"figures-{n}-parent"] for n in range(2)] == ["", "1"]

    form = again(desk.send(form, remove_row="figures-0"))
    assert (form["figures-0-how_many"], form["figures-0-parent"]) == ("4", "")


def test_of_two_figures_that_differ_one_is_chosen_with_its_reason(desk: Desk) -> None:
    form = again(desk.send(desk.new(), add_row="figures"))
    form.fill(figures__0__how_many="20", figures__1__how_many="22", figures__1__in_totals="y")
    assert set(errors(desk.send(form))) == {"figures-1-in_totals"}

    form.fill(figures__0__in_totals=None)
    told = errors(desk.send(form, then="submit"))
    assert "another one of detained differs" in told["figures-1-totals_reason"]


def test_parts_that_come_to_more_than_their_whole_are_a_warning(desk: Desk) -> None:
    form = desk.new().fill(figures__0__how_many="20")
    form = again(desk.send(form, break_down="figures-0 sex"))
    form.fill(figures__1__how_many="15", figures__2__how_many="9")

    page = desk.send(form, add_row="citations").get_data(as_text=True)
    assert "The parts by sex come to 24, more than the whole: 20." in page

    desk.saved(again(desk.send(form, add_row="figures")))
