"""The web server of ``serve``. The one place that imports starlette and uvicorn."""
