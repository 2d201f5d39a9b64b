output "bucket" {
  description = "The bucket of data: list of feeds, staged files and payloads of dead letters."
  value       = google_storage_bucket.files.name
}

output "releases" {
  description = "The bucket of templates and of the sources of builds."
  value       = google_storage_bucket.releases.name
}

output "image" {
  description = "The image that Cloud Build pushes. Its tag is the release."
  value       = "${local.repository}/${local.name}"
}

output "builder" {
  description = "The account with which Cloud Build runs."
  value       = google_service_account.builder.id
}

output "warehouse" {
  description = "The URL of the warehouse, for the option --warehouse."
  value       = local.parameters.warehouse
}
