# The tables are made from the same files that the pipeline reads. Views are not made here: each run creates or
# replaces them, in an order in which a view comes after those that it reads.
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
