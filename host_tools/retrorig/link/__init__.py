"""The serial link to a rig.

ports.py    opening the port without resetting the board
frames.py   bytes from the board -> frames and text
client.py   numbered requests, answers, resending
answers.py  what a rig may answer
describe.py     what a rig tells of itself, in words
pull.py     every finished set into the library, exactly once
"""
