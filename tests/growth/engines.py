"""The same folders under DuckDB (one machine) and Spark (here in local mode; the same program runs on many machines).

Both must be told to take the folders' names as text: rig=000000000012 is no number.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession
from tests.growth.needs import LeftOut, spark_lacks
from tests.growth.questions import QUESTIONS, Answer

PATTERN = "site=*/rig=*/month=*/*.parquet"
LOGGING = Path(__file__).with_name("log4j2.properties")
CORES_N = 2

Timed = dict[str, tuple[Answer, float]]
"""Question -> (answer, seconds)."""


def ask_duckdb(folder: Path) -> Timed:
    """Every question over the published samples of a folder."""
    with duckdb.connect() as connection:
        _prepare(connection)
        connection.execute(f"CREATE VIEW samples AS SELECT * FROM {_files(folder)}")
        return _ask(lambda sql: connection.execute(sql).fetchall())


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute(f"SET threads = {CORES_N}")


def _files(folder: Path) -> str:
    return f"read_parquet('{folder}/{PATTERN}', hive_partitioning = true, hive_types_autocast = false)"


@contextmanager
def spark_session(scratch: Path) -> Iterator[SparkSession]:
    """Spark in this process' own machine; everything it writes goes to `scratch`. LeftOut when it can't start."""
    if lacks := spark_lacks():
        raise LeftOut(lacks)
    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "4g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(2 * CORES_N),
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": str(2 * CORES_N),
        "spark.sql.files.openCostInBytes": "16384",  # small files go into few tasks
        "spark.sql.parquet.columnarReaderBatchSize": "512",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={LOGGING}",
    }
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master(f"local[{CORES_N}]").appName("retrorig growth")
    for key, value in options.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError:
        raise LeftOut("Spark did not start: what Java says about it stands above.") from None
    try:
        yield session
    finally:
        session.stop()


def ask_spark(session: SparkSession, folder: Path) -> tuple[Timed, float]:
    """Every question over all files of a folder, which are read once before: (answers, seconds of reading)."""
    started = time.perf_counter()
    samples = session.read.parquet(str(folder)).cache()
    samples.createOrReplaceTempView("samples")
    samples.count()
    reading_s = time.perf_counter() - started
    answers = _ask(lambda sql: [tuple(row) for row in session.sql(sql).collect()])
    samples.unpersist()
    return answers, reading_s


def _ask(answer: Callable[[str], Answer]) -> Timed:
    found = {}
    for name, sql in QUESTIONS.items():
        started = time.perf_counter()
        found[name] = answer(sql), time.perf_counter() - started
    return found
