"""The script that the template's launcher runs. It defines nothing, because workers have the package."""

from pipelines.template import main

if __name__ == "__main__":
    main()
