"""BigQuery behind the ``Warehouse`` interface. The one place that imports google.cloud.

Load jobs stage a run's rows in temporary tables, which expire. Then one script moves the rows into the
tables, in one transaction. Job ids are made from the run's id, so a step that is repeated finds its job done.
"""

import datetime as dt
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from google.api_core.exceptions import Conflict, GoogleAPICallError, NotFound, RetryError
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import bigquery
from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY, DEFAULT_RETRY

from schemas.identity import digest
from schemas.rows import Row
from schemas.tables import Column, Table, tables, views
from transforms.warehouse.base import (
    LoadRefused,
    Staged,
    WarehouseError,
    first_line,
    plain_value,
)
from transforms.warehouse.dialect import qualified
from transforms.warehouse.warehouse_url import WarehouseURL

_EMULATOR = "BIGQUERY_EMULATOR_HOST"  # the client library's own name for it
CALL_TIMEOUT_SECONDS = 60.0
RETRY_SECONDS = 120.0
JOB_TIMEOUT_SECONDS = 1_800.0
STAGED_TABLE_LIFETIME = dt.timedelta(days=1)
_REFUSED = "strikeledger refused: "
MAX_JOB_ATTEMPTS = 5
PARALLEL_CALLS = 8

Answer = TypeVar("Answer")
Ran = tuple[bigquery.QueryJob, Any]


class BigQueryWarehouse:
    """A dataset of BigQuery behind the ``Warehouse`` interface.

    Args:
        url: project, dataset and location.
        read_only: the dataset must exist. Nothing is created.
        retry_s: how long a call is repeated while the service is busy or fails, seconds.
    """

    def __init__(self, url: WarehouseURL, *, read_only: bool = False, retry_s: float = RETRY_SECONDS) -> None:
        self._url = url
        self._retry_s = retry_s
        self._retry = DEFAULT_RETRY.with_timeout(retry_s)
        self._call: dict[str, Any] = {"retry": self._retry, "timeout": CALL_TIMEOUT_SECONDS}  # on every call
        self._job_retry = DEFAULT_JOB_RETRY.with_timeout(retry_s)
        self._dataset = bigquery.DatasetReference(url.project, url.dataset)
        with self._one_line():
            self._client = bigquery.Client(
                project=url.project,
                location=url.location,
                credentials=_anonymous() if os.environ.get(_EMULATOR) else None,
            )
            if read_only:
                self._client.get_dataset(self._dataset, **self._call)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()  # type: ignore[no-untyped-call]

    # -- tables and views ----------------------------------------------------------------------------

    def ensure(self) -> list[str]:
        """Create missing tables, add missing columns, replace views that differ."""
        with self._one_line():
            made = bigquery.Dataset(self._dataset)
            if self._url.location is not None:
                made.location = self._url.location
            try:
                self._client.get_dataset(self._dataset, **self._call)
            except NotFound:
                self._client.create_dataset(made, exists_ok=True, **self._call)
            done = [line for lines in self._each(self._ensure_table, tables().values()) for line in lines]
            stale = [
                name for name in self._each(self._stale_view, views(for_bigquery=True)) if name is not None
            ]
            for name in stale:  # in order: a view may read another
                body = self._sql(views(for_bigquery=True)[name])
                self._run(f"CREATE OR REPLACE VIEW {self._path(name)} AS {body}", {})
        return done

    def _each(self, action: Callable[[Any], Answer], items: Any) -> list[Answer]:
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            return list(pool.map(action, items))

    def _get(self, name: str) -> bigquery.Table | None:
        try:
            return self._client.get_table(self._dataset.table(name), **self._call)
        except NotFound:
            return None

    def _ensure_table(self, table: Table) -> list[str]:
        have = self._get(table.name)
        if have is None:
            made = bigquery.Table(self._dataset.table(table.name), schema=schema_fields(table.columns))
            if table.partition is not None:
                made.time_partitioning = bigquery.TimePartitioning(field=table.partition)
            made.clustering_fields = list(table.cluster) or None
            self._client.create_table(made, exists_ok=True, **self._call)
            return [f"created {table.name}"]
        modes = {field.name: field.mode for field in have.schema}
        done = []
        for column in table.columns:
            if column.name not in modes:
                self._alter(table.name, f"ADD COLUMN IF NOT EXISTS `{column.name}` {column_type(column)}")
                done.append(f"added {table.name}.{column.name}")
            elif modes[column.name] == "REQUIRED" and column.mode == "NULLABLE":
                self._alter(table.name, f"ALTER COLUMN `{column.name}` DROP NOT NULL")
                done.append(f"relaxed {table.name}.{column.name}")
        return done

    def _alter(self, table: str, change: str) -> None:
        self._run(f"ALTER TABLE {self._path(table)} {change}", {})

    def _stale_view(self, name: str) -> str | None:
        have = self._get(name)
        return name if have is None or have.view_query != self._sql(views(for_bigquery=True)[name]) else None

    # -- reading ---------------------------------------------------------------------------------------

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Return the rows of a query, dates and instants as ISO strings."""
        return [{k: plain_value(v) for k, v in row.items()} for row in self._rows(sql, parameters or {})]

    def columns(self, name: str) -> list[Column]:
        """Return the columns of a table or view, in order."""
        with self._one_line():
            have = self._client.get_table(self._dataset.table(name), **self._call)
        return [Column(field.name, field.field_type, field.mode, "") for field in have.schema]

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one statement that changes rows; return how many it changed."""
        with self._one_line():
            job, _ = self._run(self._sql(sql), parameters or {})
            return int(job.num_dml_affected_rows or 0)

    def _rows(
        self, sql: str, parameters: Mapping[str, Any], renamed: Mapping[str, str] | None = None
    ) -> list[Row]:
        with self._one_line():
            _, rows = self._run(self._sql(sql, renamed), parameters)
            return [dict(row.items()) for row in rows]

    def _run(self, sql: str, parameters: Mapping[str, Any], job_id: str | None = None) -> Ran:
        """Run a query or script to its end; return the job and its rows.

        With a job id it runs once, however often it is asked for. Without, a job that failed because of the
        service is repeated under another id.
        """
        used = [query_parameter(k, v) for k, v in parameters.items() if f"@{k}" in sql]
        config = bigquery.QueryJobConfig(query_parameters=used, use_legacy_sql=False)
        config.labels = {"application": "strikeledger"}

        def run(name: str) -> Ran:
            # Without our own id the client retries for ten minutes, whatever limit it is given.
            job: bigquery.QueryJob = self._named_job(
                name,
                lambda attempt: self._client.query(sql, config, job_id=attempt, job_retry=None, **self._call),
            )
            return job, job.result(retry=self._retry, timeout=JOB_TIMEOUT_SECONDS, job_retry=None)

        if job_id is not None:
            return run(job_id)
        run_with_retries: Callable[[], Ran] = self._job_retry(lambda: run(f"strikeledger-{uuid.uuid4()}"))
        return run_with_retries()

    # -- writing ---------------------------------------------------------------------------------------

    def load(
        self,
        staged: Staged,
        statements: Sequence[str],
        parameters: Mapping[str, Any],
        checks: Sequence[tuple[str, str]] = (),
        derived: str | None = None,
        name: str = "",
    ) -> None:
        """Stage files by load jobs, then run the statements and checks as one transaction."""
        suffix = digest("staged", name)[:12]
        renamed = {table: f"{table}_{suffix}" for table in staged}
        with self._one_line():
            self._each(
                lambda table: self._stage(renamed[table], staged[table], f"{name}-load-{table}"),
                staged,
            )
            values = dict(parameters)
            if derived is not None:
                values |= self._rows(derived, values, renamed)[0]
            body = [
                *(self._sql(statement, renamed) for statement in statements),
                *(_refusal(message, self._sql(check, renamed)) for message, check in checks),
            ]
            script = "BEGIN TRANSACTION;\n" + ";\n".join(body) + ";\nCOMMIT TRANSACTION;"
            self._run(script, values, f"{name}-merge")
            self._each(
                lambda table: self._client.delete_table(
                    self._dataset.table(table), not_found_ok=True, **self._call
                ),
                renamed.values(),
            )

    def _stage(self, table: str, rows: tuple[Sequence[Column], Sequence[str]], job_id: str) -> None:
        columns, paths = rows
        fields = schema_fields(columns)
        made = bigquery.Table(self._dataset.table(table), schema=fields)
        made.expires = dt.datetime.now(dt.UTC) + STAGED_TABLE_LIFETIME
        self._client.create_table(made, exists_ok=True, **self._call)
        if not paths:
            return
        config = bigquery.LoadJobConfig(
            schema=fields,
            source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON,
            write_disposition=bigquery.WriteDisposition.WRITE_TRUNCATE,
        )
        target = self._dataset.table(table)
        if all(path.startswith("gs://") for path in paths):
            self._named_job(
                job_id,
                lambda name: self._client.load_table_from_uri(
                    list(paths), target, job_id=name, job_config=config, **self._call,
                ),
            ).result(retry=self._retry, timeout=JOB_TIMEOUT_SECONDS)  # fmt: skip
            return
        with tempfile.TemporaryFile() as whole:
            for path in paths:
                with Path(path).open("rb") as part:
                    shutil.copyfileobj(part, whole)
            self._named_job(
                job_id,
                lambda name: self._client.load_table_from_file(
                    whole, target, rewind=True, job_id=name, job_config=config, timeout=CALL_TIMEOUT_SECONDS,
                ),
            ).result(retry=self._retry, timeout=JOB_TIMEOUT_SECONDS)  # fmt: skip

    def _named_job(self, job_id: str, start: Callable[[str], Any]) -> Any:
        """Start a job under an id. A job that was started before is returned. If it failed, start it under
        the next id."""
        for attempt in range(MAX_JOB_ATTEMPTS):
            name = f"{job_id}-{attempt}"
            try:
                return start(name)
            except (Conflict, NotFound) as error:
                # The job exists already; or its answer was lost, and the upload session has ended since.
                try:
                    job = self._client.get_job(name, **self._call)
                except NotFound:
                    raise error from None
                if job.error_result is None:
                    return job
        raise WarehouseError(
            f"the job {job_id} failed {MAX_JOB_ATTEMPTS} times; BigQuery's job history says why"
        )

    # -- names and errors --------------------------------------------------------------------------------

    def _sql(self, sql: str, renamed: Mapping[str, str] | None = None) -> str:
        return qualified(sql, self._url.project, self._url.dataset, renamed)

    def _path(self, table: str) -> str:
        return f"`{self._url.project}`.`{self._url.dataset}`.`{table}`"

    @contextmanager
    def _one_line(self) -> Iterator[None]:
        """Turn an error of BigQuery, or of the way to it, into one line."""
        try:
            yield
        except NotFound as error:
            raise WarehouseError(
                f"{self._url.text}: {_reason(error)}; `strikeledger init` creates or upgrades it"
            ) from error
        except GoogleAPICallError as error:
            message = _reason(error)
            if _REFUSED in message:
                raise LoadRefused(message.partition(_REFUSED)[2]) from error
            raise WarehouseError(f"{self._url.text}: {message}") from error
        except RetryError as error:
            cause = error.cause or error
            raise WarehouseError(
                f"{self._url.text}: still failing after {self._retry_s:.0f} s: {_reason(cause)}"
            ) from error
        except (GoogleAuthError, OSError) as error:
            raise WarehouseError(f"can't reach {self._url.text}: {first_line(error)}") from error


def _anonymous() -> AnonymousCredentials:
    return AnonymousCredentials()  # type: ignore[no-untyped-call]


def _reason(error: BaseException) -> str:
    """Return BigQuery's own message with its status, without the URL of the call."""
    details = getattr(error, "errors", None) or [{}]
    text = details[0].get("message") if isinstance(details[0], Mapping) else None
    code = getattr(error, "code", None)
    first = first_line(ValueError(text or getattr(error, "message", None) or str(error)))
    return f"{int(code)}: {first}" if isinstance(code, int) else first


def _refusal(message: str, check: str) -> str:
    text = message.replace("\\", " ").replace("'", " ")
    return (
        f"SELECT ERROR(CONCAT('{_REFUSED}{text}: ', TO_JSON_STRING(found))) FROM ({check}) AS found LIMIT 1"
    )


def column_type(column: Column) -> str:
    """Return the BigQuery SQL type of a column."""
    kind = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}.get(column.type, column.type)
    if column.type == "RECORD":
        kind = f"STRUCT<{', '.join(f'`{f.name}` {column_type(f)}' for f in column.fields)}>"
    return f"ARRAY<{kind}>" if column.mode == "REPEATED" else kind


def schema_fields(columns: Sequence[Column]) -> list[bigquery.SchemaField]:
    """Return columns as the client library's fields."""
    return [
        bigquery.SchemaField(
            c.name, c.type, c.mode, description=c.description, fields=schema_fields(c.fields)
        )
        for c in columns
    ]


def query_parameter(name: str, value: Any) -> Any:
    """Return a named query parameter of the BigQuery type of a value; an empty list is one of strings."""
    if isinstance(value, list | tuple):
        kind = _parameter_type(value[0]) if value else "STRING"
        return bigquery.ArrayQueryParameter(name, kind, list(value))
    return bigquery.ScalarQueryParameter(name, _parameter_type(value), value)


def _parameter_type(value: Any) -> str:
    for kind, name in (
        (bool, "BOOL"), (int, "INT64"), (float, "FLOAT64"), (dt.datetime, "TIMESTAMP"), (dt.date, "DATE"),
    ):  # fmt: skip
        if isinstance(value, kind):
            return name
    return "STRING"
