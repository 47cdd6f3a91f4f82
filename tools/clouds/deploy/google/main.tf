# What a stage needs on Google Cloud, in one project. docs/clouds.md says how to deploy.

locals {
  # As shared/functions/src/postgres/publish.ts logs it.
  parked_message = "An event was refused and parked"

  functions = sum([for service in var.services : length(service.functions)])
}

resource "google_project_service" "apis" {
  for_each = toset([
    "apigateway.googleapis.com",
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudscheduler.googleapis.com",
    "cloudtasks.googleapis.com",
    "iam.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "servicecontrol.googleapis.com",
    "servicemanagement.googleapis.com",
    "servicenetworking.googleapis.com",
    "sqladmin.googleapis.com",
    "vpcaccess.googleapis.com",
  ])
  service            = each.key
  disable_on_destroy = false
}

data "google_project" "current" {
  depends_on = [google_project_service.apis]
}

resource "google_storage_bucket" "sources" {
  name                        = "${var.project}-${var.stage}-sources"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      num_newer_versions         = 3
      days_since_noncurrent_time = 30
    }
  }

  depends_on = [google_project_service.apis]
}

# Every service publishes to one topic, and services subscribe to topics of others: so all topics come first.
resource "google_pubsub_topic" "topics" {
  for_each   = var.services
  name       = each.value.topic
  depends_on = [google_project_service.apis]
}

module "services" {
  source   = "./service"
  for_each = var.services

  project        = var.project
  project_number = data.google_project.current.number
  region         = var.region
  stage          = var.stage
  service        = each.value
  packages       = "${var.packages}/${each.key}"
  bucket         = google_storage_bucket.sources.name
  connector      = google_vpc_access_connector.functions.id
  max_instances  = var.max_instances
  topic_id       = google_pubsub_topic.topics[each.key].id
  topic_ids      = { for topic in google_pubsub_topic.topics : topic.name => topic.id }
  build_account  = google_service_account.build.id

  database = {
    instance    = google_sql_database_instance.server.name
    host        = google_sql_database_instance.server.private_ip_address
    connections = var.database_connections
    ca_secret   = google_secret_manager_secret.database_ca.secret_id
  }

  depends_on = [google_secret_manager_secret_version.database_ca, google_project_iam_member.build]
}

# Builds are not made in the name of the project's default account, which may do almost everything.
resource "google_service_account" "build" {
  account_id   = "${var.stage}-build"
  display_name = "Builds the functions of ${var.stage}"
  depends_on   = [google_project_service.apis]
}

resource "google_project_iam_member" "build" {
  for_each = toset(["roles/artifactregistry.writer", "roles/logging.logWriter", "roles/storage.objectViewer"])
  project  = var.project
  role     = each.key
  member   = google_service_account.build.member
}

resource "google_monitoring_notification_channel" "people" {
  count        = var.alert_email == "" ? 0 : 1
  display_name = "${var.stage}: people"
  type         = "email"
  labels       = { email_address = var.alert_email }
  depends_on   = [google_project_service.apis]
}

resource "google_monitoring_alert_policy" "dead_letters" {
  count                 = var.alert_email == "" ? 0 : 1
  display_name          = "${var.stage}: dead letters"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = google_monitoring_notification_channel.people[*].id

  conditions {
    display_name = "Messages that could not be handled wait in a dead-letter subscription"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"pubsub_subscription\"",
        "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\"",
        "resource.label.subscription_id = starts_with(\"${var.stage}-dlq--\")",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }
}

# An event that the broker refuses for good is in nobody's dead letters, but in the database's table outbox_parked.
resource "google_monitoring_alert_policy" "parked_events" {
  count                 = var.alert_email == "" ? 0 : 1
  display_name          = "${var.stage}: parked events"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = google_monitoring_notification_channel.people[*].id

  conditions {
    display_name = "An event was refused by the broker, and waits in the table outbox_parked"

    condition_matched_log {
      filter = join(" AND ", [
        "resource.type = \"cloud_run_revision\"",
        "resource.labels.service_name =~ \"^${var.stage}-\"",
        "jsonPayload.message = \"${local.parked_message}\"",
      ])
    }
  }

  alert_strategy {
    notification_rate_limit {
      period = "300s"
    }
  }
}
