resource "google_monitoring_notification_channel" "email" {
  display_name = "strikeledger"
  type         = "email"
  labels       = { email_address = var.email }
  depends_on   = [google_project_service.needed]
}

# The last step of a run logs one line (transforms/load_run.py). Its figures become metrics here, so that the
# same alerts watch batch and stream.
locals {
  run_line = "resource.type=\"dataflow_step\" AND jsonPayload.message=~\"^strikeledger run \""
  figures = {
    entries      = "entries_in=([0-9]+)"
    written      = "entries_written=([0-9]+)"
    dead_letters = "entries_dead_letter=([0-9]+)"
  }
  metric = "logging_googleapis_com:user_${local.name}"
}

resource "google_logging_metric" "runs" {
  for_each        = local.figures
  name            = "${local.name}_${each.key}"
  filter          = local.run_line
  value_extractor = "REGEXP_EXTRACT(jsonPayload.message, \"${each.value}\")"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
  }

  depends_on = [google_project_service.needed]
}

resource "google_monitoring_alert_policy" "failed" {
  display_name          = "strikeledger: a job failed"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "A job ended in failure"
    condition_threshold {
      filter          = "metric.type=\"dataflow.googleapis.com/job/is_failed\" AND resource.type=\"dataflow_job\" AND resource.label.job_name=monitoring.regex.full_match(\"${local.name}-.*\")"
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content = "docs/how-to/operations.md, \"A job failed\"."
  }
}

resource "google_monitoring_alert_policy" "no_run" {
  display_name          = "strikeledger: no run for two hours"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "No run has written its tables"
    condition_prometheus_query_language {
      query               = "absent_over_time(${local.metric}_entries_count{monitored_resource=\"dataflow_step\"}[2h])"
      duration            = "0s"
      evaluation_interval = "300s"
    }
  }

  documentation {
    content = "docs/how-to/operations.md, \"No run for two hours\"."
  }

  depends_on = [google_logging_metric.runs]
}

resource "google_monitoring_alert_policy" "dead_letters" {
  display_name          = "strikeledger: many dead letters"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "More than a fifth of the entries of six hours failed"
    condition_prometheus_query_language {
      query               = "sum(increase(${local.metric}_dead_letters_sum{monitored_resource=\"dataflow_step\"}[6h])) / sum(increase(${local.metric}_entries_sum{monitored_resource=\"dataflow_step\"}[6h])) > 0.2"
      duration            = "0s"
      evaluation_interval = "300s"
    }
  }

  documentation {
    content = "docs/how-to/operations.md, \"Many dead letters\"."
  }

  depends_on = [google_logging_metric.runs]
}

resource "google_monitoring_alert_policy" "silence" {
  display_name          = "strikeledger: the feeds are silent"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.email.id]

  conditions {
    display_name = "No new article for twelve hours, though runs go on"
    condition_prometheus_query_language {
      query               = "sum(increase(${local.metric}_written_sum{monitored_resource=\"dataflow_step\"}[12h])) < 1"
      duration            = "0s"
      evaluation_interval = "300s"
    }
  }

  documentation {
    content = "docs/how-to/operations.md, \"The feeds are silent\"."
  }

  depends_on = [google_logging_metric.runs]
}
