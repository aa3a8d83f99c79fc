"""A bucket as the store: what a folder gets, an S3 gets too; one that refuses or is not there is told in a sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import fsspec
import pytest
from tests.publish.buckets import SECRET, fetch
from tests.publish.postgres import free_port
from tests.publish.target import Target, check

from retrorig import InputError, Library, LinkLostError
from retrorig.publish import publish
from retrorig.publish.file_store import FileStore

SETS_N = 8


pytestmark = pytest.mark.usefixtures("keys")


def test_a_bucket_gets_what_a_folder_gets(target: Target, library: Library, bucket: str) -> None:
    assert publish(library, target.address, bucket).sent_n == SETS_N
    fetch(bucket, target)
    check(target, library)
    ids = [row.set_id for row in library.sets()]
    library.delete(ids[:1])
    library.edit(ids[1:2], {"trim_end_s": 1.0})
    assert publish(library, target.address).removed_n == 1  # the address is kept in the database
    publish(library, target.address, is_compacting=True)
    fetch(bucket, target)
    check(target, library)
    assert SECRET not in target.server.dump(target.database).decode()


def test_a_bucket_whose_line_breaks_in_the_middle_is_told_and_gone_on_with(
    target: Target, library: Library, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, calls = FileStore.put, []

    def cut(*arguments: Any) -> None:
        calls.append(arguments)
        with monkeypatch.context() as patch:
            if len(calls) == 3:
                patch.setattr("aiobotocore.httpsession.AIOHTTPSession.send", _cut)
            put(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(FileStore, "put", cut)
        with pytest.raises(LinkLostError, match="goes on with the rest"):
            publish(library, target.address, bucket)
    publish(library, target.address, bucket)
    fetch(bucket, target)
    check(target, library)


async def _cut(*_: object) -> None:
    from botocore.exceptions import ConnectionClosedError

    raise ConnectionClosedError(endpoint_url="http://127.0.0.1")


def test_a_bucket_that_is_not_there_is_told(target: Target, library: Library, bucket: str) -> None:
    with pytest.raises(InputError, match="no bucket"):
        publish(library, target.address, bucket.replace("sites", "nosuch"))


def test_missing_keys_are_told(
    target: Target, library: Library, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(InputError, match="keys"):
        publish(library, target.address, bucket)


@contextmanager
def _refusing(code: str) -> Iterator[str]:
    """An S3 that answers everything with this error; its address."""

    class Refusing(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = f"<Error><Code>{code}</Code><Message>{code} it is</Message></Error>".encode()
            self.send_response(403)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = answer

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("code", ["AccessDenied", "RequestTimeTooSkewed", "InvalidAccessKeyId"])
def test_a_bucket_that_refuses_is_told(
    target: Target, library: Library, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    with _refusing(code) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with pytest.raises(InputError, match=r"refuses.*clock") as told:
            publish(library, target.address, "s3://sites/retrorig")
    assert SECRET not in str(told.value)
    assert target.rows("SELECT count(*) FROM retrorig.sets") == [["0"]]


def test_a_store_that_can_not_be_reached_is_told(
    target: Target, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(LinkLostError, match="can't be reached"):
        publish(library, target.address, "s3://sites/retrorig")
