"""Every count is in a set, between sets or in a remark, whatever came in which order, and over a loss of power."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from rigcore.account import Account, less, plus

counts = st.tuples(st.integers(0, 100_000), st.integers(0, 100_000))
events = st.lists(st.tuples(st.sampled_from(["rest", "set", "kick", "shift"]), counts), max_size=12)


@given(events, counts)
def test_every_count_is_in_a_set_between_sets_or_in_a_remark(came, before):
    account = Account(SimpleNamespace())
    carried = {"kick": [1, 5, 6]}
    account.carry(before, carried)
    sums, sets, rest, remarks, since = (0, 0), (0, 0), before, {}, {"kick": [1, 5, 6]}
    for what, moved in came:
        sums = plus(sums, moved)
        if what == "set":
            assert account.rest_before(less(sums, moved)) == rest
            account.take_set(moved, sums)
            sets, rest, since = plus(sets, moved), (0, 0), {}
            continue
        rest = plus(rest, moved)
        if what != "rest":
            account.take_remark(what, moved)
            for kept in (remarks, since):
                n, *way = kept.get(what, (0, 0, 0))
                kept[what] = [n + 1, *plus(way, moved)]
    assert account.rest_before(sums) == rest and account.sets == sets
    assert account.remarks == remarks and account.since_set == since
