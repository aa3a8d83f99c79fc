"""The closed lists of words that board and host share, each written once.

The build folds single words into the code that uses them, so they cost the board nothing; a tuple costs its room
wherever this module is loaded. What only the host needs stands in retrorig/vocabulary.py, which builds on this.
"""

# Kinds of set. FREE is what is walked without a plan.
FREE = "free"
WARMUP = "warmup"
WORK = "work"
COOLDOWN = "cooldown"
PLAN_KINDS = (WARMUP, WORK, COOLDOWN)

LEFT = "left"
RIGHT = "right"
BOTH = "both"
SIDES = (LEFT, RIGHT, BOTH)

TREADMILL = "treadmill"
SLED = "sled"
MACHINES = (TREADMILL, SLED)

# The load cell's converter.
HX711 = "hx711"
HX717 = "hx717"
ADS1220 = "ads1220"
CONVERTERS = (HX711, HX717, ADS1220)

# The panel's controller.
SSD1306 = "ssd1306"
SH1106 = "sh1106"
ST7789 = "st7789"
DISPLAYS = (SSD1306, SH1106, ST7789)

# What ends a set by the plan.
DISTANCE = "distance"
TIME = "time"
STEPS = "steps"
OPEN = "open"

# How the next set of a plan begins.
BY_MOVEMENT = "movement"
BY_BUTTON = "button"
BY_COUNTDOWN = "countdown"
STARTS = (BY_MOVEMENT, BY_BUTTON, BY_COUNTDOWN)

QUESTIONS = ("rpe", "pain")

# Phases of a session: the states of the state machine.
IDLE = "idle"
ARMED = "armed"
COUNTDOWN = "countdown"
RUNNING = "running"
PAUSED = "paused"
RESTING = "resting"
RATING = "rating"
DONE = "done"
FAULTY = "fault"

# Why a set ended. A log without an end says POWER_LOST, which no board can write.
END_TARGET = "target"
END_STILL = "still"
END_BUTTON = "button"
END_HOST = "host"
END_FAULT = "fault"
END_POWER_LOST = "power_lost"

NOT_CALIBRATED = "none"  # the id of a calibration that was never made
