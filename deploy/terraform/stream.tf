resource "google_dataflow_flex_template_job" "stream" {
  provider                     = google-beta
  count                        = local.is_stream ? 1 : 0
  name                         = "${local.name}-stream"
  region                       = var.region
  container_spec_gcs_path      = "gs://${google_storage_bucket.releases.name}/templates/stream-${var.release}.json"
  parameters                   = merge(local.parameters, { every = var.every })
  sdk_container_image          = local.image
  service_account_email        = google_service_account.worker.email
  subnetwork                   = "regions/${var.region}/subnetworks/${google_compute_subnetwork.workers.name}"
  ip_configuration             = "WORKER_IP_PRIVATE"
  machine_type                 = var.machine_type
  num_workers                  = 1
  max_workers                  = var.max_workers
  autoscaling_algorithm        = "THROUGHPUT_BASED"
  enable_streaming_engine      = true
  temp_location                = "gs://${google_storage_bucket.files.name}/temp"
  staging_location             = "gs://${google_storage_bucket.files.name}/temp/staging"
  on_delete                    = "drain"
  skip_wait_on_job_termination = false
  labels                       = merge(local.labels, { mode = "stream", release = var.release })

  depends_on = [
    google_project_iam_member.worker,
    google_storage_bucket_iam_member.worker,
    google_storage_bucket_iam_member.worker_reads_templates,
    google_bigquery_dataset_iam_member.worker,
    google_artifact_registry_repository_iam_member.worker,
    google_bigquery_table.ledger,
  ]
}
