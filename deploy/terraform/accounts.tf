# Three accounts, each with only the roles that it needs. `make deploy-check` compares every role with its list.

# The account of the workers and of the machine on which the launcher runs.
resource "google_service_account" "worker" {
  account_id   = "${local.name}-worker"
  display_name = "strikeledger: launcher machine and workers"
}

resource "google_project_iam_member" "worker" {
  for_each = toset([
    "roles/dataflow.worker",
    "roles/dataflow.developer", # the machine of the launcher submits the job
    "roles/bigquery.jobUser",
  ])
  project = var.project
  role    = each.key
  member  = google_service_account.worker.member
}

resource "google_service_account_iam_member" "worker_as_itself" {
  service_account_id = google_service_account.worker.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.worker.member
}

resource "google_storage_bucket_iam_member" "worker" {
  bucket = google_storage_bucket.files.name
  role   = "roles/storage.objectUser"
  member = google_service_account.worker.member
}

# The machine of the launcher runs as the worker and reads its template.
resource "google_storage_bucket_iam_member" "worker_reads_templates" {
  bucket = google_storage_bucket.releases.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.worker.member
}

resource "google_bigquery_dataset_iam_member" "worker" {
  dataset_id = google_bigquery_dataset.ledger.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.worker.member
}

resource "google_artifact_registry_repository_iam_member" "worker" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.worker.member
}

# The account with which Cloud Scheduler launches the batch template.
resource "google_service_account" "launcher" {
  account_id   = "${local.name}-launcher"
  display_name = "strikeledger: launches the batch template"
}

resource "google_project_iam_member" "launcher" {
  project = var.project
  role    = "roles/dataflow.developer"
  member  = google_service_account.launcher.member
}

resource "google_service_account_iam_member" "launcher_as_worker" {
  service_account_id = google_service_account.worker.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.launcher.member
}

resource "google_storage_bucket_iam_member" "launcher" {
  bucket = google_storage_bucket.releases.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.launcher.member
}

# The account with which Cloud Build builds the image and writes the templates' files.
resource "google_service_account" "builder" {
  account_id   = "${local.name}-builder"
  display_name = "strikeledger: builds images and templates"
}

resource "google_project_iam_member" "builder" {
  project = var.project
  role    = "roles/logging.logWriter"
  member  = google_service_account.builder.member
}

resource "google_storage_bucket_iam_member" "builder" {
  bucket = google_storage_bucket.releases.name
  role   = "roles/storage.objectUser"
  member = google_service_account.builder.member
}

resource "google_artifact_registry_repository_iam_member" "builder" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.builder.member
}
