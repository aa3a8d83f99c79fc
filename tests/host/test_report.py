"""Pages: self-contained, complete, and safe against what people type."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from PIL import Image
from tests.host.sets import MadeSet, blob_of, ramped

from retrorig.measure.metrics import measure
from retrorig.measure.samples import sample_set
from retrorig.report.page import Chapter, write_page
from rigcore.decode import decode_set


def test_page_holds_everything_and_fetches_nothing(tmp_path: Path) -> None:
    raws = [
        decode_set(blob_of(MadeSet(ramped(1.0, 4.0), lambda t: 100, 4.0, header={"no": no}))) for no in (1, 2)
    ]
    picture = tmp_path / "display.png"
    Image.new("1", (128, 64)).save(picture)
    chapter = Chapter(
        "a & b", "<script>", [measure(r) for r in raws], [sample_set(r) for r in raws], [picture]
    )
    page = tmp_path / "index.html"
    write_page(page, "<Title>", [chapter])
    text = page.read_text(encoding="utf-8")
    HTMLParser().feed(text)
    assert text.count("<svg") == 2 and text.count("data:image/png;base64,") == 1
    assert "<script" not in text and "&lt;script&gt;" in text and "a &amp; b" in text
    assert not re.search(r"""(src|href)=["']?(https?:|//|/)""", text)
    for number in ("rr-test-0003-00001", "rr-test-0003-00002", "3.50", "100.0"):
        assert number in text
