"""The table of a session's transitions, needed at the start alone: as text it takes three times the board's memory.

A row is state, event, guard, effect, next state; "-" is none. Rows are read from the top, the first whose state,
event and guard fit is taken. What the words mean: state_machine.py.
"""

from .transition_table import transition_table

TABLE = transition_table("""\
idle           moved    starts_by_moving  begin                 running
idle           press    -                 choose                idle
idle           settled  has_plan          arm                   armed
armed          moved    is_open           begin                 running
armed          press    wants_countdown   count_down            countdown
armed          press    wants_button      open                  armed
armed          press    is_untouched      choose                idle
countdown      due      -                 open                  armed
countdown      press    -                 arm                   armed
running        none     -                 give_back             (before)
running        refused  -                 give_back             (refused)
running        proven   is_beyond_plan    leave_plan            running
running        target   -                 end_at_target         (ended)
running        still    may_pause         pause                 paused
running        still    -                 end_still             (ended)
running        forward  may_pause         pause                 paused
running        forward  -                 end_still             (ended)
running        press    -                 end_by_button         (ended)
running        limit    -                 end_at_limit          (ended)
running        host     -                 end_by_host           (ended)
running        full     -                 end_full              (ended)
paused         moved    -                 resume                running
paused         press    -                 end_by_button         (ended)
paused         due      -                 end_still             (ended)
paused         host     -                 end_by_host           (ended)
paused         full     -                 end_full              (ended)
(refused)      next     has_rest_left     rest                  resting
(refused)      next     has_more          arm                   armed
(refused)      next     has_plan          finish                done
(refused)      next     -                 -                     idle
(ended)        next     asks              ask                   rating
(ended)        next     has_rest          rest                  resting
(ended)        next     has_more          arm                   armed
(ended)        next     has_plan          finish                done
(ended)        next     -                 -                     idle
rating         rated    -                 judge                 (rated)
rating         due      -                 judge                 (rated)
rating         moved    has_more          judge                 (walked_on)
(rated)        next     must_stop         finish                done
(rated)        next     has_rest_left     rest                  resting
(rated)        next     has_more          arm                   armed
(rated)        next     -                 finish                done
(walked_on)    next     must_stop         call_off              done
(walked_on)    next     -                 begin                 running
resting        count    wants_countdown   count_down            countdown
resting        due      -                 end_rest              armed
resting        press    -                 end_rest              armed
resting        moved    starts_by_moving  begin                 running
done           press    -                 leave_plan            idle
done           moved    -                 begin_free            running
fault          mended   has_more          arm                   armed
fault          mended   -                 -                     idle
fault          press    has_more          arm                   armed
fault          press    -                 -                     idle
fault          moved    starts_by_moving  begin                 running
(no_set)       chosen   -                 -                     idle
(between)      skip     has_more          skip                  (moved_on)
(between)      undo     has_done          undo                  (moved_on)
(between)      repeat   has_done          repeat                (moved_on)
(between)      fault    -                 -                     fault
(moved_on)     next     has_more          arm                   armed
(moved_on)     next     -                 finish                done
""")


def packed() -> "tuple[tuple[str, ...], bytes]":
    """(words, number of each word in the table): a byte a row for the events, then for states, guards and so on."""
    rows = [row.split() for row in TABLE.split("\n") if row]
    words: list[str] = []
    for row in rows:
        for word in row:
            if word not in words:
                words.append(word)
    return tuple(words), bytes([words.index(row[i]) for i in (1, 0, 2, 3, 4) for row in rows])
