# Tables come from the files that the pipeline itself reads. Its views are the pipeline's own: a run makes and
# replaces them, in the order in which they read each other.
resource "google_bigquery_dataset" "ledger" {
  dataset_id = var.dataset
  location   = var.location
  labels     = local.labels
  depends_on = [google_project_service.needed]
}

resource "google_bigquery_table" "ledger" {
  for_each            = local.tables
  dataset_id          = google_bigquery_dataset.ledger.dataset_id
  table_id            = each.key
  schema              = file("${local.schemas}/bigquery/${each.key}.json")
  clustering          = length(each.value.cluster) > 0 ? each.value.cluster : null
  deletion_protection = true
  labels              = local.labels

  dynamic "time_partitioning" {
    for_each = each.value.partition == null ? [] : [each.value.partition]
    content {
      type  = "DAY"
      field = time_partitioning.value
    }
  }
}
