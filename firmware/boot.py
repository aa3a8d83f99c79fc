# Nothing here on purpose: on the ESP32-S3 the USB serial port starts only after this file.
