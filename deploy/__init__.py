"""Deployment: the image, the templates, Terraform, and what proves them offline."""
