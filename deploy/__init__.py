"""Deployment: the image, the templates, Terraform's files, and the checks of them that need no network."""
