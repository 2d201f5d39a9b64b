"""What the template's launcher starts. It defines nothing: workers have the package."""

from pipelines.template import main

if __name__ == "__main__":
    main()
