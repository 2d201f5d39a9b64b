"""The configuration of Superset for one test. Its metadata is in the test's folder."""

import os
import secrets

SECRET_KEY = os.environ.get("STRIKELEDGER_SUPERSET_SECRET") or secrets.token_urlsafe(42)
SQLALCHEMY_DATABASE_URI = (
    f"sqlite:///{os.environ['STRIKELEDGER_SUPERSET_HOME']}/superset.db?check_same_thread=false"
)
PREVENT_UNSAFE_DB_CONNECTIONS = False  # Superset counts a DuckDB file as unsafe
TALISMAN_ENABLED = False
WTF_CSRF_ENABLED = False
