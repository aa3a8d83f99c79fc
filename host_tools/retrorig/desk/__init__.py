"""The coach's page of `retrorig desk`: one process on this laptop, answering this laptop's browser alone.

running.py   start, join one that runs, end
security.py  who may ask: token, Host, Origin; what a page may load
app.py       the routes, and errors as sentences
context.py   what every page needs: library, words, templates, undo
rig_work.py  the one owner of the rig's port: pulls, requests, telemetry
words/       every word of the pages, a file a language
pages/       one file a page; templates/ and assets/ are what it shows

It computes nothing: numbers, sentences and plots come from the same functions as the command line's. Built on Starlette
with htmx and uPlot, all files local: under the closed content policy of security.py a page of NiceGUI 3.18 stays
empty (it needs inline scripts, inline styles and eval), and pages made on the server can be tested by a plain client.
"""
