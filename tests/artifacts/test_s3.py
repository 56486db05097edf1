"""Artifacts on an S3 server, which the tests run themselves."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from sweeper.artifacts import open_artifacts
from sweeper.errors import NotFound, StoreUnavailable, UsageError
from sweeper.interfaces import ArtifactStore
from sweeper.testing.artifacts import ArtifactConformance

MISSING = [name for name in ("moto", "s3fs", "boto3") if importlib.util.find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING) and not os.environ.get("CI"), reason=f"not installed: {MISSING}")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A server of S3's protocol on a free port of loopback, known to fsspec by the environment."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    names = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in names.items():
            environment.setenv(name, value)
        yield boto3.client("s3")
    server.stop()


@pytest.fixture
def bucket(client: Any) -> str:
    name = f"b{uuid4().hex}"
    client.create_bucket(Bucket=name)
    return name


class TestS3(ArtifactConformance):
    @pytest.fixture
    def artifacts(self, bucket: str) -> ArtifactStore:
        return open_artifacts(f"s3://{bucket}/deep/files")


def test_files_lie_where_the_url_says(client: Any, bucket: str) -> None:
    open_artifacts(f"s3://{bucket}/team").write("run/a.txt", b"hello")
    assert client.get_object(Bucket=bucket, Key="team/run/a.txt")["Body"].read() == b"hello"


def test_a_large_file_arrives_whole(bucket: str, tmp_path: Any) -> None:
    large = tmp_path / "model.bin"
    large.write_bytes(os.urandom(1 << 20) * 60)  # more than one part
    artifacts = open_artifacts(f"s3://{bucket}/files")
    artifacts.put(large, "run/model.bin")
    assert artifacts.get("run/model.bin", tmp_path / "back.bin").read_bytes() == large.read_bytes()


def test_a_bucket_that_is_not_there_is_a_sentence(client: Any) -> None:
    with pytest.raises((StoreUnavailable, NotFound), match=r"nowhere|bucket|artifact"):
        open_artifacts("s3://nowhere-at-all/files").write("a", b"x")


def test_credentials_in_the_url_are_refused() -> None:
    with pytest.raises(UsageError, match="credentials"):
        open_artifacts("s3://key:secret@bucket/files")


def test_two_readers_see_what_the_other_wrote(bucket: str) -> None:
    one, other = (open_artifacts(f"s3://{bucket}/files") for _ in range(2))
    assert other.list("run") == []
    one.write("run/a", b"1")
    assert other.list("run") == [("run/a", False, 1)]
    one.write("run/a", b"22")
    assert other.read("run/a") == b"22"
