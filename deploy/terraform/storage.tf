# Two buckets, because a role on a bucket opens all that is in it. This one holds data: the list of feeds, staged
# files, payloads of dead letters, temporary files of jobs. Only the worker may read or write it.
resource "google_storage_bucket" "files" {
  name                        = "${var.project}-${local.name}"
  location                    = var.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  # A run deletes its own staged files. This rule deletes, after 7 days, those of runs that died, and the files of
  # Dataflow.
  lifecycle_rule {
    condition {
      age            = 7
      matches_prefix = ["files/staging/", "temp/"]
    }
    action {
      type = "Delete"
    }
  }

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  depends_on = [google_project_service.needed]
}

# This one holds what is released: templates, and the sources of builds. It holds no data. A worker cannot write it:
# who could replace a template would choose which image the next job runs.
resource "google_storage_bucket" "releases" {
  name                        = "${var.project}-${local.name}-releases"
  location                    = var.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = local.labels

  lifecycle_rule {
    condition {
      age            = 7
      matches_prefix = ["builds/"]
    }
    action {
      type = "Delete"
    }
  }

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  depends_on = [google_project_service.needed]
}

resource "google_storage_bucket_object" "feeds" {
  name   = "feeds/${basename(var.feeds)}"
  bucket = google_storage_bucket.files.name
  source = var.feeds
}

resource "google_artifact_registry_repository" "images" {
  repository_id = local.name
  location      = var.region
  format        = "DOCKER"
  labels        = local.labels

  cleanup_policies {
    id     = "keep-the-latest"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-the-old"
    action = "DELETE"
    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.needed]
}
