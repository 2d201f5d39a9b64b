"""Reads the views as analysts do, and prints what each tool read, as JSON.

It runs in the environment of the suite, as ``python readers.py FILE.duckdb``.
"""

import json
import sys
import warnings

import duckdb
import pandas as pd
import sqlalchemy as sa

PATH = sys.argv[1]
QUESTION = "SELECT country, SUM(fatalities_best) AS killed FROM daily_tolls GROUP BY country ORDER BY country"


def main() -> None:
    warnings.simplefilter("ignore")
    found = {}
    with duckdb.connect(PATH, read_only=True) as db:
        frame = db.execute("SELECT * FROM incidents").df()
        found["pandas"] = [len(frame), str(frame["event_date"].dtype), int(frame["fatalities_best"].sum())]
        table = db.execute("SELECT * FROM incidents").to_arrow_table()
        found["arrow"] = [
            table.num_rows,
            str(table.schema.field("event_date").type),
            str(table.schema.field("first_reported_at").type),
        ]
        polars = db.execute("SELECT * FROM reports").pl()
        found["polars"] = [
            polars.height,
            str(polars.schema["event_date_start"]),
            str(polars.schema["evidence"])[:12],
        ]
    engine = sa.create_engine(f"duckdb:///{PATH}", connect_args={"read_only": True})
    with engine.connect() as connection:
        found["sqlalchemy"] = [[c, int(k)] for c, k in connection.execute(sa.text(QUESTION))]
        found["views"] = sorted(sa.inspect(engine).get_view_names())
        joined = pd.read_sql(
            sa.text(
                "SELECT i.location, r.source_name FROM incidents i JOIN incident_reports l USING (incident_id) JOIN reports r USING (report_id)"
            ),
            connection,
        )
        found["joined"] = len(joined)
    print(json.dumps(found))


main()
