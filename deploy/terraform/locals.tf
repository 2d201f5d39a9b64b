locals {
  name       = "strikeledger"
  schemas    = "${path.module}/../../schemas"
  tables     = jsondecode(file("${local.schemas}/tables.json"))
  repository = "${var.region}-docker.pkg.dev/${var.project}/${local.name}"
  image      = "${local.repository}/${local.name}:${var.release}"
  is_batch   = var.release != "" && var.mode == "batch"
  is_stream  = var.release != "" && var.mode == "stream"

  # Parameters that both templates take. Their names are those of the options in pipelines/template.py.
  parameters = {
    feeds     = "gs://${google_storage_bucket.files.name}/${google_storage_bucket_object.feeds.name}"
    warehouse = "bigquery://${var.project}/${google_bigquery_dataset.ledger.dataset_id}?location=${var.location}"
    storage   = "gs://${google_storage_bucket.files.name}/files"
  }
  labels = { app = local.name }
}
