"""Pins and geometry of this rig: the only file a builder edits.

Pins are for the ESP32-DevKitC, and further down for the ESP32-S3-DevKitC. Why these is in hardware/pins.md; in
short: the encoder needs the internal pull-ups that GPIO34-39 lack, GPIO0/2/5/12/15 are read at reset
(strapping), 6-11 belong to the flash, 1/3 are the USB serial port.
"""

import sys

PIN_ENC_A = 32
PIN_ENC_B = 33
PIN_ADC_DOUT = 26
PIN_ADC_SCK = 25  # PD_SCK, driven by the SPI's MOSI so that no interrupt can stretch a clock
PIN_ADC_SPI_CLK = 27  # the SPI's own clock, not connected
PIN_OLED_SDA = 21
PIN_OLED_SCL = 22
PIN_TFT_DC = 13  # of a large panel, which takes the OLED's wires for its data and clock
PIN_TFT_BL = 14
PIN_BTN_START = 18
PIN_BTN_RPE = 19
PIN_BTN_PAIN = 23
PIN_BUZZER = 4
PIN_BOOT = 0

# The S3 has no GPIO22-25, its flash and memory take 26-37, and 0/3/45/46 are read at reset.
# MicroPython calls it ESP32S3, since 1.29 ESP32-S3.
if "ESP32S3" in getattr(sys.implementation, "_machine", "").replace("-", ""):
    PIN_ENC_A = 4
    PIN_ENC_B = 5
    PIN_ADC_DOUT = 6
    PIN_ADC_SCK = 7
    PIN_ADC_SPI_CLK = 15
    PIN_OLED_SDA = 8
    PIN_OLED_SCL = 9
    PIN_TFT_DC = 16
    PIN_TFT_BL = 17
    PIN_BTN_START = 10
    PIN_BTN_RPE = 11
    PIN_BTN_PAIN = 12
    PIN_BUZZER = 13

ADC_SPI_ID = 1
ADC_GAIN_PULSES = 25  # HX711: 25 clocks = channel A, gain 128
ADC_DELAY_CONV10 = 20  # group delay of the converter's filter in tenths of a conversion

OLED_I2C_ID = 0
OLED_ADDR = 0x3C
OLED_FREQ_HZ = 400_000

# A large panel, ST7789, once `retrorig config set display st7789` has chosen it: 320 x 240 or 240 x 240.
TFT_SPI_ID = 2
TFT_BAUD = 20_000_000
TFT_WIDTH = 320
TFT_HEIGHT = 240
TFT_IS_INVERTED = True  # False if its picture is black on white

COUNTS_PER_REV = 2400  # 600 pulses, four edges each
CIRCUMFERENCE_UM = 250_000  # of the roller, until `retrorig calibrate belt` knows better
ENC_FILTER_NS = 1000  # a state lasts 13 us at 8 m/s; the filter must stay under a quarter of it
