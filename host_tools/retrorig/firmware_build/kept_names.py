"""Names of the interpreter and the chip, which are never shortened: a fixed list, the same on every computer.

The list is not taken from the Python that runs the build, whose modules have other names from version to version.
`tests/host/test_firmware_names.py` holds it against the real interpreter and the simulated chip.
"""

import re

INTERPRETER = frozenset(re.findall(r"\w+", """
ArithmeticError AssertionError AttributeError BaseException BytesIO EOFError Ellipsis Exception FrameBuffer
FrameBuffer1 GS2_HMSB GS4_HMSB GS8 GeneratorExit IOBase ImportError IndentationError IndexError KeyError
KeyboardInterrupt LookupError MONO_HLSB MONO_HMSB MONO_VLSB MVLSB MemoryError NameError NotImplemented
NotImplementedError OSError OverflowError POLLERR POLLHUP POLLIN POLLOUT RGB565 RingIO RuntimeError
StopAsyncIteration StopIteration StringIO SyntaxError SystemExit TypeError UnicodeError ValueError VfsFat
VfsLfs1 VfsLfs2 VfsPosix VfsRom ViperTypeError ZeroDivisionError a2b_base64 abs add all any append args argv
array atexit b2a_base64 bin blit bool bytearray byteorder bytes calcsize callable center chdir chr classmethod
clear clock close collect compile complex const copy count crc32 decode delattr dict difference
difference_update dir disable discard divmod dump dumps ellipse enable encode endswith enumerate errno eval
exc_info exec execfile executable exit extend fill fill_rect filter find float flush format from_bytes fromhex
fromkeys frozenset get getattr getcwd getenv getvalue globals gmtime hasattr hash heap_lock heap_unlock help
hex hexlify hline id ilistdir implementation index input insert int intersection intersection_update ipoll
isalpha isdigit isdisjoint isenabled isinstance islower isspace issubclass issubset issuperset isupper items
iter join kbd_intr keys len line list listdir load loads locals localtime lower lstrip map max maxsize
mem_alloc mem_current mem_free mem_info mem_peak mem_total memoryview min mkdir mkfs mktime modify modules
mount next object oct open opt_level ord pack pack_into partition path pend_throw pixel platform poll poly pop
popitem pow print print_exception property putenv qstr_info range read readinto readline rect register remove
rename replace repr reverse reversed rfind rindex rmdir round rpartition rsplit rstrip schedule scroll seek
send sep set setattr setdefault sleep sleep_ms sleep_us slice sort sorted split splitlines stack_use
startswith stat staticmethod statvfs stderr stdin stdout str strip sum super symmetric_difference
symmetric_difference_update system tell text threshold throw ticks_add ticks_cpu ticks_diff ticks_ms ticks_us
time time_ns to_bytes tuple type umount unhexlify union unlink unpack unpack_from unregister unsetenv update
upper urandom value values version version_info vline write zip
"""))  # fmt: skip
"""What MicroPython's built-in functions, types and modules have."""

CHIP = frozenset(re.findall(r"\w+", """
BOOT DECREMENT DEEPSLEEP_RESET HARD_RESET HOLD I2C IGNORE IN INCREMENT IRQ_FALLING IRQ_RISING LSB MSB NORMAL
NVS ONE_SHOT OPEN_DRAIN OUT PCNT PERIODIC PULL_DOWN PULL_UP PWM PWRON_RESET Partition Pin PinBase REVERSE RTC
RUNNING SOFT_RESET SPI SoftI2C TYPE_APP TYPE_DATA Timer WDT WDT_RESET alloc_emergency_exception_buf baudrate
bits buffer callback channel commit datetime deepsleep deinit disable_irq drive duty duty_ns duty_u16
enable_irq erase_key esp32 falling feed firstbit framebuf freq get_blob get_i32 get_next_update hard hold idle
info init ioctl irq lightsleep machine mark_app_valid_cancel_rollback mem16 mem32 mem8 memory micropython miso
mode mode_high mode_low mode_pin mosi native off on period phase pin polarity ptr16 ptr32 ptr8 pull readblocks
readfrom readfrom_into readfrom_mem readfrom_mem_into reset reset_cause rising scan sck scl sda set_blob
set_boot set_i32 soft_reset start stop tick_hz time_pulse_us timeout timeout_ms trigger uint unique_id utime
vfs viper write_readinto writeblocks writeto writeto_mem writevto
"""))  # fmt: skip
"""What the firmware may say to the chip's modules beyond that."""
