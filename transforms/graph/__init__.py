"""What the steps of the graph share with Beam.

Importing it registers the coders of all records and lets Beam's metrics listen to the steps' counts. Every
step imports from here, so this also happens in a worker process that sees nothing but the step.
"""

from transforms.graph import coders, metrics

__all__ = ["coders", "metrics"]
