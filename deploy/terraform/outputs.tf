output "bucket" {
  description = "Templates, feeds, staged files and what dead letters keep."
  value       = google_storage_bucket.files.name
}

output "image" {
  description = "Where Cloud Build pushes the image; its tag is the release."
  value       = "${local.repository}/${local.name}"
}

output "builder" {
  description = "The account that Cloud Build runs as."
  value       = google_service_account.builder.id
}

output "warehouse" {
  description = "For --warehouse."
  value       = local.parameters.warehouse
}
