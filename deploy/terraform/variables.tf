variable "project" {
  description = "The project, which must exist and have a billing account."
  type        = string
}

variable "region" {
  description = "Where everything runs."
  type        = string
  default     = "europe-west1"
}

variable "location" {
  description = "Where the dataset and the bucket lie; it must hold the region."
  type        = string
  default     = "EU"
}

variable "dataset" {
  description = "The dataset of the ledger."
  type        = string
  default     = "strikeledger"
}

variable "release" {
  description = "What runs: the tag of the image and of the templates, a short git hash. Empty: nothing runs yet."
  type        = string
  default     = ""
}

variable "mode" {
  description = "batch: a run every 15 minutes; stream: one job that never ends; off: neither."
  type        = string
  default     = "batch"

  validation {
    condition     = contains(["batch", "stream", "off"], var.mode)
    error_message = "The mode is batch, stream or off."
  }
}

variable "feeds" {
  description = "A file with the list of feeds, to be put into the bucket."
  type        = string
  default     = "../../examples/feeds.yaml"
}

variable "every" {
  description = "How often the stream asks every feed."
  type        = string
  default     = "15m"
}

variable "schedule" {
  description = "When the batch runs, as cron has it."
  type        = string
  default     = "*/15 * * * *"
}

variable "machine_type" {
  description = "Of a worker. Each core loads the model, about 0.6 GB, so a standard machine fits."
  type        = string
  default     = "e2-standard-2"
}

variable "max_workers" {
  description = "How many workers a job may have."
  type        = number
  default     = 4
}

variable "email" {
  description = "Who is told when something is wrong."
  type        = string
}

variable "billing_account" {
  description = "The billing account of the budget; empty: no budget."
  type        = string
  default     = ""
}

variable "monthly_budget" {
  description = "What a month may cost, in the currency of the billing account."
  type        = number
  default     = 300
}
