# The scheduled batch is not a job resource, because Terraform would start a finished job again. Instead, the
# scheduler asks the service to launch the template. The name of the job is always the same: if a run takes longer
# than the interval, the service refuses a second active job of that name, and the next launch comes an interval
# later. So no two runs overlap.
resource "google_cloud_scheduler_job" "batch" {
  count            = local.is_batch ? 1 : 0
  name             = "${local.name}-batch"
  region           = var.region
  schedule         = var.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "180s"

  http_target {
    http_method = "POST"
    uri         = "https://dataflow.googleapis.com/v1b3/projects/${var.project}/locations/${var.region}/flexTemplates:launch"
    headers     = { "Content-Type" = "application/json" }
    body = base64encode(jsonencode({
      launchParameter = {
        jobName              = "${local.name}-batch"
        containerSpecGcsPath = "gs://${google_storage_bucket.releases.name}/templates/batch-${var.release}.json"
        parameters           = merge(local.parameters, { due = "true" })
        environment = {
          sdkContainerImage    = local.image
          serviceAccountEmail  = google_service_account.worker.email
          subnetwork           = "regions/${var.region}/subnetworks/${google_compute_subnetwork.workers.name}"
          ipConfiguration      = "WORKER_IP_PRIVATE"
          machineType          = var.machine_type
          maxWorkers           = var.max_workers
          tempLocation         = "gs://${google_storage_bucket.files.name}/temp"
          stagingLocation      = "gs://${google_storage_bucket.files.name}/temp/staging"
          additionalUserLabels = merge(local.labels, { mode = "batch", release = var.release })
        }
      }
    }))

    oauth_token {
      service_account_email = google_service_account.launcher.email
      scope                 = "https://www.googleapis.com/auth/cloud-platform"
    }
  }

  depends_on = [
    google_project_service.needed,
    google_project_iam_member.launcher,
    google_service_account_iam_member.launcher_as_worker,
    google_storage_bucket_iam_member.launcher,
  ]
}
