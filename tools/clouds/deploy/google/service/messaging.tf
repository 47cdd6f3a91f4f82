locals {
  subscriptions = { for each in var.service.subscriptions : each.topic => each }
  pubsub_agent  = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  # `dev-order-events` of `dev`: `dev-dlq--order-events--inventory`.
  dead_letters = {
    for topic in keys(local.subscriptions) :
    topic => "${var.stage}-dlq--${trimprefix(topic, "${var.stage}-")}--${var.service.name}"
  }
}

resource "google_pubsub_topic_iam_member" "publishes" {
  topic  = var.topic_id
  role   = "roles/pubsub.publisher"
  member = google_service_account.functions.member
}

resource "google_pubsub_subscription" "subscriptions" {
  for_each                   = local.subscriptions
  name                       = "${each.key}--${var.service.name}"
  topic                      = var.topic_ids[each.key]
  enable_message_ordering    = true
  filter                     = each.value.filter
  ack_deadline_seconds       = local.functions[each.value.function].timeoutSeconds + 5
  message_retention_duration = "1209600s"

  expiration_policy {
    ttl = ""
  }

  push_config {
    push_endpoint = local.urls[each.value.function]

    oidc_token {
      service_account_email = google_service_account.caller.email
      audience              = local.urls[each.value.function]
    }
  }

  retry_policy {
    # Five deliveries in more than two minutes: a restart of the database dead-letters nothing. Locally it is a second.
    minimum_backoff = "10s"
    maximum_backoff = "60s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters[each.key].id
    max_delivery_attempts = each.value.maxDeliveryCount
  }

  depends_on = [google_cloudfunctions2_function.functions]
}

resource "google_pubsub_topic" "dead_letters" {
  for_each = local.subscriptions
  name     = local.dead_letters[each.key]
}

# A topic keeps nothing without a subscription.
resource "google_pubsub_subscription" "dead_letters" {
  for_each                   = local.subscriptions
  name                       = local.dead_letters[each.key]
  topic                      = google_pubsub_topic.dead_letters[each.key].id
  enable_message_ordering    = true
  message_retention_duration = "1209600s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub itself moves what is dead-lettered: https://docs.cloud.google.com/pubsub/docs/handling-failures#grant_forwarding_permissions
resource "google_pubsub_topic_iam_member" "dead_letters" {
  for_each = local.subscriptions
  topic    = google_pubsub_topic.dead_letters[each.key].id
  role     = "roles/pubsub.publisher"
  member   = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each     = local.subscriptions
  subscription = google_pubsub_subscription.subscriptions[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_cloud_tasks_queue" "queues" {
  for_each = { for each in var.service.queues : each.name => each }
  name     = each.key
  location = var.region

  rate_limits {
    max_concurrent_dispatches = 10
  }

  # Cloud Tasks has no dead letters: what is given up is gone. So nothing is given up.
  retry_config {
    max_attempts  = -1
    min_backoff   = "1s"
    max_backoff   = "300s"
    max_doublings = 9
  }
}

resource "google_cloud_tasks_queue_iam_member" "enqueues" {
  for_each = google_cloud_tasks_queue.queues
  name     = each.value.name
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = google_service_account.functions.member
}

# Who creates a task with a token of an account needs this.
resource "google_service_account_iam_member" "enqueues" {
  count              = length(var.service.queues) == 0 ? 0 : 1
  service_account_id = google_service_account.caller.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.functions.member
}

resource "google_cloud_scheduler_job" "schedules" {
  for_each         = { for each in var.service.schedules : each.function => each }
  name             = "${var.stage}-${var.service.name}-${each.key}"
  region           = var.region
  schedule         = each.value.cron
  time_zone        = "Etc/UTC"
  attempt_deadline = "${max(15, local.functions[each.key].timeoutSeconds)}s"

  http_target {
    http_method = "POST"
    uri         = local.urls[each.key]

    oidc_token {
      service_account_email = google_service_account.caller.email
      audience              = local.urls[each.key]
    }
  }

  depends_on = [google_cloudfunctions2_function.functions]
}
