"""What each thing takes on the chip, in nanoseconds of virtual time. All constants of the cost model are here.

Sources: [chip] measured with the whole firmware on an emulated ESP32 with the stock image, 8 ns an instruction;
[count] instructions that callgrind counts in the same interpreter, at 8.8 ns each: 100,000 turns of a loop with a
small-int addition are 36.3 million instructions here and 320 ms there (tests/bench/start_rows.py says how far the
figures that follow from it are off); [facts] other figures from emulated or real chips; [sheet] a datasheet's typical
value; [estimate] ours, stated so.
"""

from __future__ import annotations

US = 1_000
MS = 1_000_000
S = 1_000_000_000

TICKS = 1_100  # [chip] ticks_us()
PCNT_READ = 1_800  # [chip] PCNT.value()
PIN = 1_900  # [chip] Pin.value()
PIN_IRQ = 17_000  # [chip] Pin.irq() on
IRQ_MASK = 1_500  # [estimate] disable_irq/enable_irq
SCHEDULE = 6_000  # [estimate] micropython.schedule()
TIMER_INIT = 60_000  # [estimate]
COLLECT = 350_000  # [chip] with COLLECT_BYTE: 0.4 ms with an empty heap, 10.3 ms with the firmware in it
COLLECT_BYTE = 82  # [chip] for each byte in use
MEM_FREE = 2_900_000  # [chip] gc.mem_free() and mem_alloc()
IMPORT_PIECE = (
    3 * MS
)  # [chip] loading 250 bytes of a module: app.wiring took 1.18 s, 250 pieces and 3,063 flash reads
SOURCE_BYTE = 10_400  # [count] compiling boot.py and main.py, for each byte of source
JSON_BYTE = 6_700  # [count] json.loads of the longest plans, with the firmware's 600 names in the interpreter's tables
JSON_PACED_BYTE = 30_000  # [count] json.load of a stream in bytecode, for each byte
SPI_SETUP = 30_000  # [chip] 60 us with SPI_DMA
SPI_DMA = 30_000  # transfers over 4 bytes
I2C_SETUP = 92_000  # [chip]
UART_CALL = 15_000  # [estimate] a read or write on the stream
UART_TICK = 10 * MS  # [facts] one FreeRTOS tick, the grain of a blocked write
POLL = 12_000  # [chip] ipoll(0)
SLEEP_CALL = 8_000  # [estimate]
RTC = 20_000  # [estimate]
SMALL = 5_000  # [estimate] anything else

LATENCY_MIN = 23_000  # [chip] from schedule to callback
LATENCY_SPREAD = 60_000  # [facts] 30-100 us typical
CALLBACK = 130_000  # [count] bytecode of the callback that reads a conversion, without its board calls
SAMPLE = 1_900_000  # [count] bytecode of the main loop for one sample of a set, without the log: 214,000 instructions
PASS = (
    700_000  # [chip] bytecode of a pass: 456 in 3 s with sleeps of 5 ms, less what the samples in them take
)
PASS_SLEEP = 2 * MS  # whoever sleeps so long has come to the end of a pass
BUSY_SLEEP = 150_000  # [facts] the end of sleep_us that serves no callback

FLASH_CALL = 50_000  # [chip] a read of some bytes: caches off, the other core stopped
FLASH_READ_BYTE = 850  # [chip] 3,744 reads of a fresh store, 3,328 of them of 512 bytes: 2.7 s
PROGRAM_PAGE = 800_000  # [facts] 0.4-1 ms for up to 256 bytes
PROGRAM_MIN = 80_000  # [estimate] a few bytes
ERASE_MIN = 30 * MS  # [facts] 4 KB: 30-80 ms
ERASE_TYPICAL = 45 * MS
ERASE_MAX = 80 * MS
NVS_COMMIT = 2 * MS  # [estimate]
BOOT = 300 * MS  # [estimate] reset to boot.py
