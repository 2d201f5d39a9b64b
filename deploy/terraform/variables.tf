variable "project" {
  description = "The id of the project. It must exist and have a billing account."
  type        = string
}

variable "region" {
  description = "The region of jobs, network and images."
  type        = string
  default     = "europe-west1"
}

variable "location" {
  description = "The location of the dataset and the bucket. The region must lie in it."
  type        = string
  default     = "EU"
}

variable "dataset" {
  description = "The name of the BigQuery dataset for the ledger."
  type        = string
  default     = "strikeledger"
}

variable "release" {
  description = "The release that runs: the tag of its image and templates, a short git hash. Empty: no job is started."
  type        = string
  default     = ""
}

variable "mode" {
  description = "batch: a run at every time of the schedule; stream: one job that never ends; off: neither."
  type        = string
  default     = "batch"

  validation {
    condition     = contains(["batch", "stream", "off"], var.mode)
    error_message = "The mode must be batch, stream or off."
  }
}

variable "feeds" {
  description = "The path of the file with the list of feeds. It is uploaded to the bucket."
  type        = string
  default     = "../../examples/feeds.yaml"
}

variable "every" {
  description = "The interval at which the stream polls every feed, such as 90s, 15m or 1h."
  type        = string
  default     = "15m"
}

variable "schedule" {
  description = "The times at which the batch starts, in the format of cron, in UTC."
  type        = string
  default     = "*/15 * * * *"
}

variable "machine_type" {
  description = "The machine type of a worker. Each core loads the model, about 0.6 GB, so a standard machine has enough memory."
  type        = string
  default     = "e2-standard-2"
}

variable "max_workers" {
  description = "The highest number of workers of a job."
  type        = number
  default     = 4
}

variable "email" {
  description = "The email address to which alerts are sent."
  type        = string
}

variable "billing_account" {
  description = "The billing account of the budget. Empty: no budget."
  type        = string
  default     = ""
}

variable "monthly_budget" {
  description = "The budget of a month, in the currency of the billing account. It is a threshold for alerts and stops nothing."
  type        = number
  default     = 300
}
