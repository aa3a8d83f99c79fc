"""What each thing takes on the chip, in nanoseconds of virtual time. All constants of the cost model are here.

Sources: [facts] figures measured on the emulated or real ESP32 as collected for this project (80 % of them
from the stock image at 8 ns an instruction); [sheet] a datasheet's typical value; [estimate] ours, stated so.
"""

from __future__ import annotations

US = 1_000
MS = 1_000_000
S = 1_000_000_000

TICKS = 3_400  # [facts] ticks_us()
PCNT_READ = 11_500  # [facts] PCNT.value()
PIN = 2_500  # [facts] 318 us for 25 clocks of 5 calls each
PIN_IRQ = 12_000  # [estimate] Pin.irq(): argument parsing and the GPIO driver
IRQ_MASK = 1_500  # [estimate] disable_irq/enable_irq
SCHEDULE = 6_000  # [estimate] micropython.schedule()
TIMER_INIT = 60_000  # [estimate]
GC_COLLECT = 2 * MS  # [facts] 1.8-2.5 ms with the heap in internal RAM
SPI_SETUP = 30_000  # [estimate] argument parsing, bus lock
SPI_DMA = 70_000  # [facts] 50-100 us more for transfers over 4 bytes
I2C_SETUP = 60_000  # [facts] 24-25 ms for 23.5 ms on the wire, in seven transfers
UART_CALL = 15_000  # [estimate] a read or write on the stream
UART_TICK = 10 * MS  # [facts] one FreeRTOS tick, the grain of a blocked write
POLL = 15_000  # [estimate] select.poll(0) and its list
SLEEP_CALL = 8_000  # [estimate]
RTC = 20_000  # [estimate]
SMALL = 5_000  # [estimate] anything else

LATENCY_MIN = 28_000  # [facts] Pin.irq latency, idle
LATENCY_SPREAD = 60_000  # [facts] 30-100 us typical
CALLBACK = (
    35_000  # [estimate] bytecode of a callback around its board calls ([facts]: 29 us for a minimal one)
)
PASS = (
    400_000  # [estimate] bytecode of a main-loop pass between two sleeps ([facts]: fill + text alone 391 us)
)
BUSY_SLEEP = 150_000  # [facts] the end of sleep_us that serves no callback

FLASH_CALL = 20_000  # [estimate]
FLASH_READ_BYTE = 50  # [estimate] quad flash at 80 MHz, cached
PROGRAM_PAGE = 800_000  # [facts] 0.4-1 ms for up to 256 bytes
PROGRAM_MIN = 80_000  # [estimate] a few bytes
ERASE_MIN = 30 * MS  # [facts] 4 KB: 30-80 ms
ERASE_TYPICAL = 45 * MS
ERASE_MAX = 80 * MS
NVS_COMMIT = 2 * MS  # [estimate]
BOOT = 300 * MS  # [estimate] reset to boot.py
