"""Read the views as analysts do, and print what each tool saw. Runs in the BI suite's own environment."""

import json
import sys
import warnings

import duckdb
import pandas as pd
import sqlalchemy as sa

path = sys.argv[1]
QUESTION = "SELECT country, SUM(fatalities_best) AS killed FROM daily_tolls GROUP BY country ORDER BY country"


def main() -> None:
    warnings.simplefilter("ignore")
    seen = {}
    with duckdb.connect(path, read_only=True) as db:
        frame = db.execute("SELECT * FROM incidents").df()
        seen["pandas"] = [len(frame), str(frame["event_date"].dtype), int(frame["fatalities_best"].sum())]
        table = db.execute("SELECT * FROM incidents").to_arrow_table()
        seen["arrow"] = [
            table.num_rows,
            str(table.schema.field("event_date").type),
            str(table.schema.field("first_reported_at").type),
        ]
        polars = db.execute("SELECT * FROM reports").pl()
        seen["polars"] = [
            polars.height,
            str(polars.schema["event_date_start"]),
            str(polars.schema["evidence"])[:12],
        ]
    engine = sa.create_engine(f"duckdb:///{path}", connect_args={"read_only": True})
    with engine.connect() as connection:
        seen["sqlalchemy"] = [[c, int(k)] for c, k in connection.execute(sa.text(QUESTION))]
        seen["views"] = sorted(sa.inspect(engine).get_view_names())
        joined = pd.read_sql(
            sa.text(
                "SELECT i.location, r.source_name FROM incidents i JOIN incident_reports l USING (incident_id) JOIN reports r USING (report_id)"
            ),
            connection,
        )
        seen["joined"] = len(joined)
    print(json.dumps(seen))


main()
