"""An S3 double for tests, and what is in it as a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import fsspec
import pytest
from moto.server import ThreadedMotoServer
from tests.publish.postgres import free_port
from tests.publish.target import Target

SECRET = "no-secret-at-all"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keys where botocore looks for them."""
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, keys: None) -> Iterator[str]:
    """The address of an empty bucket of an S3 double."""
    port = free_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    address = f"http://127.0.0.1:{port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    urlopen(Request(f"{address}/moto-api/reset", method="POST")).close()
    fsspec.filesystem("s3").mkdir("sites")
    try:
        yield "s3://sites/retrorig"
    finally:
        server.stop()


def fetch(bucket: str, target: Target) -> None:
    """The bucket's files as a folder, for those who look at one."""
    target.store.mkdir(exist_ok=True)
    for path in sorted(target.store.rglob("*.*")):
        path.unlink()
    files = fsspec.filesystem("s3")
    files.invalidate_cache()
    root = bucket.removeprefix("s3://")
    for name in files.find(root):
        path = target.store / name.removeprefix(f"{root}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files.cat_file(name))
