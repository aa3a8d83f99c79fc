"""Board and CPU together: serves the firmware's calls, step by step, and survives its resets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from retrorig.virtual import costs
from retrorig.virtual.board import Board
from retrorig.virtual.calls import WAIT
from retrorig.virtual.calls.bus_calls import BusCalls
from retrorig.virtual.calls.flash_calls import FlashCalls
from retrorig.virtual.calls.gpio_calls import GpioCalls
from retrorig.virtual.calls.system_calls import SystemCalls
from retrorig.virtual.calls.time_calls import MASK, TimeCalls
from retrorig.virtual.cpu import Cpu, Request
from retrorig.virtual.ops import op_numbers
from retrorig.virtual.parts.flash import PowerCut
from retrorig.virtual.prompt import Prompt

_PATIENCE_MS = 100  # real time to wait for a board call before asking what the CPU does
_GLANCE_MS = 2  # the same at the prompt, where waiting is normal
_COMPUTING_S = 0.3
_QUIET_NS, _READING_NS = costs.MS, 5 * costs.MS
"""Most that the CPU lets pass without asking; and while it reads flash, when it looks at no interrupt and no line."""
_AT_ONCE = 16
"""Characters that the prompt is handed at once, 1.4 ms on the line: one by one takes ten times the real time."""
RUNS, HAS_RETURNED = 1, 2
"""Of a callback, in a request."""
# Calls with which no callback or Ctrl-C is handed out: one C call on the chip, or not the firmware's own.
_QUIET_OPS = (
    *("flash_read", "flash_program", "flash_write", "flash_erase"),
    *("file_next", "file_read", "part_info", "booted", "main_wanted", "prompt"),
    *("gc", "gc_threshold", "gc_look", "import", "imported", "compile", "json"),
)
_ROM_TEXT = {
    Board.POWERON_RESET: b"rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n",
    Board.HARD_RESET: b"rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n",
    Board.WDT_RESET: b"rst:0x8 (TG1WDT_SYS_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n",
}


class Machine:
    """`step(limit_ns)` lets one thing happen. `factory()` yields paths and contents for a new board's flash."""

    def __init__(self, board: Board, core: int | None, factory: Callable[[], Iterator[bytes]]) -> None:
        self.board = board
        self._core = core
        self._factory = factory
        self._cpu: Cpu | None = None
        self._held: Request | None = None
        self._prompt = Prompt()
        self.is_powered = False
        self._awaits_typing = False  # at the prompt, or in `input`
        self._computing_from_s: float | None = None
        self._sent_n = 0
        self.calls_n = 0
        numbers = op_numbers()
        groups = [kind(board) for kind in (TimeCalls, GpioCalls, BusCalls, SystemCalls, FlashCalls)]
        self._quiet = {numbers[name] for name in _QUIET_OPS}
        self._done = numbers["done"]
        self._handlers = {
            number: next(
                handler
                for group in groups
                if (handler := getattr(group, name, getattr(group, f"{name}_", None)))
            )
            for name, number in numbers.items()
        }

    @property
    def interpreter_pid(self) -> int | None:
        """Process number of the interpreter that is the CPU now; None without power."""
        return self._cpu.pid if self._cpu else None

    def power_on(self) -> None:
        if not self.is_powered:
            self.is_powered = True
            self.board.power_on()
            self._boot(Board.POWERON_RESET)

    def power_cut(self) -> None:
        self._stop_cpu()
        self.is_powered = False
        self.board.reset(Board.POWERON_RESET)
        self.board.power_off()

    def step(self, limit_ns: int) -> None:
        """Serve one board call, or let time pass when there is none to serve."""
        board = self.board
        board.limit_ns = limit_ns
        if self._cpu is None:
            board.clock.advance_to(limit_ns)
            return
        is_idle = board.is_at_prompt or self._awaits_typing
        request = self._held or self._cpu.fetch(0 if is_idle else _PATIENCE_MS)
        if request is None:
            self._without_request(self._cpu, limit_ns)
        else:
            self._send_text(self._cpu)
            self.serve(self._cpu, request)
        if board.wants_reset:
            self._boot(board.wants_reset)

    def _send_text(self, cpu: Cpu) -> None:
        """What was printed since the last call, as one: in how many pieces it came through the pipe is chance."""
        if cpu.has_text:
            self.board.uart.write(_cooked(cpu.take_text()))

    def serve(self, cpu: Cpu, request: Request) -> None:
        board = self.board
        op, a, b, c, _, unasked_ns, put_off, later_a, later_b, later_c, callback = request
        handlers = self._handlers
        board.interrupts.has_started = callback == RUNS
        try:
            if self._held is None:
                board.clock.advance(unasked_ns)
                if put_off:
                    handlers[put_off](later_a, later_b, later_c)
                if callback == HAS_RETURNED:
                    board.interrupts.returned()
            answer = handlers[op](a, b, c)
        except PowerCut:
            self.power_cut()
            return
        if answer is WAIT:
            self._held = request
            return
        self._held = None
        self._awaits_typing = False
        self._computing_from_s = None
        self.calls_n += 1
        value, payload = answer if type(answer) is tuple else (answer, b"")
        signal = self._signal(op)
        cpu.answer(value, signal, board.uptime_us & MASK, self._foreseen(), payload)

    def _foreseen(self) -> tuple[int, int, int, int]:
        """What the CPU need not ask: the last words of a reply, see mpy/rig_link.py."""
        board, ahead_ns = self.board, self._ahead_ns()
        is_busy = not board.interrupts.is_quiet or board.uart.is_receiving
        # What a read takes it is told when it has booted; while its first files are put on the flash it takes nothing.
        due_at = board.heap.due_at if board.has_booted or board.flash.image.is_new else None
        return (
            0 if is_busy else min(_QUIET_NS, ahead_ns),
            board.gpio.changes_n & MASK,
            0 if due_at is None else min(_READING_NS, ahead_ns),
            due_at or 0,
        )

    def _ahead_ns(self) -> int:
        """For how long nothing will happen; the host may do something at its limit."""
        clock, limit_ns, sent_n = self.board.clock, self.board.limit_ns, self.board.uart.sent_bytes
        if sent_n != self._sent_n:  # the host waits for it, and looks first when it comes
            self._sent_n = sent_n
            return 0
        next_ns = clock.next_ns()
        return max(0, (limit_ns if next_ns is None else min(next_ns, limit_ns)) - clock.now_ns)

    def _signal(self, op: int) -> int:
        interrupts = self.board.interrupts
        if op in self._quiet:
            return 0
        return interrupts.next_callback() if op == self._done else interrupts.next_signal()

    def _without_request(self, cpu: Cpu, limit_ns: int) -> None:
        """The CPU exited (soft reset), waits at its prompt, or computes."""
        board = self.board
        if cpu.has_exited:
            self._send_text(cpu)
            board.uart.write(b"MPY: soft reboot\r\n")
            self._boot(Board.SOFT_RESET)
        elif board.has_booted and cpu.is_at_prompt() and not cpu.has_output():
            self._at_prompt(cpu, limit_ns)
        else:
            self._computing(cpu, limit_ns)

    def _at_prompt(self, cpu: Cpu, limit_ns: int) -> None:
        board = self.board
        self._awaits_typing = True
        self._send_text(cpu)
        typed = self._prompt.take(board.uart, board.interrupts)
        if typed:
            cpu.type(typed)
            return
        next_ns = min(
            (t for t in (board.uart.next_arrival_ns(_AT_ONCE), board.clock.next_ns()) if t), default=limit_ns
        )
        board.clock.advance_to(max(board.clock.now_ns, min(limit_ns, next_ns)))

    def _computing(self, cpu: Cpu, limit_ns: int) -> None:
        """No board call for long: virtual time then follows the real clock, and Ctrl-C comes as a signal.

        Long means the interpreter's own processor time, so that a busy computer changes nothing.
        """
        began = time.monotonic()
        if cpu.wait_ready(_GLANCE_MS if self.board.is_at_prompt else _PATIENCE_MS):
            return
        spent_s = cpu.spent_s()
        if self._computing_from_s is None:
            self._computing_from_s = spent_s
        if spent_s - self._computing_from_s < _COMPUTING_S:
            return
        self._send_text(cpu)
        elapsed_ns = int((time.monotonic() - began) * costs.S)
        self.board.clock.advance_to(min(limit_ns, self.board.clock.now_ns + elapsed_ns))
        if self.board.interrupts.take_keyboard():
            cpu.interrupt()

    def _boot(self, cause: int) -> None:
        board = self.board
        self._stop_cpu()
        board.reset(cause)
        board.wants_main = not (cause == Board.SOFT_RESET and self._prompt.is_raw)
        if cause != Board.SOFT_RESET:
            self._prompt = Prompt()
            board.uart.write(b"ets Jul 29 2019 12:21:46\r\n\r\n" + _ROM_TEXT[cause])
            board.clock.advance(costs.BOOT)
        self._cpu = Cpu(board.settings.heap_kb, self._core, board.flash.image.memory)
        board.payload = self._cpu.payload
        if board.flash.image.is_new:
            self._provision()
        if self._prompt.is_raw:
            self._cpu.type(b"\x01")

    def _provision(self) -> None:
        board = self.board
        texts = self._factory()
        board.next_factory_text = lambda: next(texts, b"")

    def _stop_cpu(self) -> None:
        if self._cpu:
            self._cpu.kill()
        self._cpu, self._held = None, None

    def close(self) -> None:
        self._stop_cpu()
        self.board.flash.image.close()


def _cooked(text: bytes) -> bytes:
    """Line ends as the chip's serial output has them."""
    return text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
