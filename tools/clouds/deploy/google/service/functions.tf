locals {
  functions = { for each in var.service.functions : each.name => each }

  # The URL that Cloud Run gives a service is known before there is one. Tokens of callers are for it.
  # https://docs.cloud.google.com/run/docs/triggering/https-request#deterministic
  urls = {
    for name in keys(local.functions) :
    name => "https://${var.stage}-${var.service.name}-${name}-${var.project_number}.${var.region}.run.app"
  }

  database_user = trimsuffix(google_service_account.functions.email, ".gserviceaccount.com")
  ca_folder     = "/etc/orderly"
  database_url = join("", [
    "postgres://${urlencode(local.database_user)}@${var.database.host}:5432/${var.service.name}",
    # The certificate names the instance, not its address.
    "?uselibpqcompat=true&sslmode=verify-ca&sslrootcert=${local.ca_folder}/database-ca.pem",
  ])

  environment = merge(
    var.service.environment,
    {
      GOOGLE_CLOUD_PROJECT = var.project
      SERVICE_ACCOUNT      = google_service_account.caller.email
      DATABASE_URL         = local.database_url
      DATABASE_CONNECTIONS = tostring(var.database.connections)
    },
    length(var.service.queues) == 0 ? {} : {
      TASKS_PARENT          = "projects/${var.project}/locations/${var.region}"
      TASKS_TARGET_URL      = local.urls[var.service.queues[0].function]
      TASKS_SERVICE_ACCOUNT = google_service_account.caller.email
    },
  )
}

# Who functions are.
resource "google_service_account" "functions" {
  account_id   = "${var.stage}-${var.service.name}"
  display_name = "Functions of ${var.service.name}, ${var.stage}"
}

# In whose name Pub/Sub, Cloud Tasks and Cloud Scheduler call them. It may do nothing else.
resource "google_service_account" "caller" {
  account_id   = "${var.stage}-${var.service.name}-caller"
  display_name = "Calls functions of ${var.service.name}, ${var.stage}"
}

data "archive_file" "sources" {
  for_each    = local.functions
  type        = "zip"
  source_dir  = "${var.packages}/${each.key}"
  output_path = "${path.root}/.terraform/sources/${var.stage}-${var.service.name}-${each.key}.zip"
}

# Another content is another object, and so a new build.
resource "google_storage_bucket_object" "sources" {
  for_each = local.functions
  bucket   = var.bucket
  name     = "${var.service.name}/${each.key}-${data.archive_file.sources[each.key].output_sha256}.zip"
  source   = data.archive_file.sources[each.key].output_path
}

resource "google_cloudfunctions2_function" "functions" {
  for_each = local.functions
  name     = "${var.stage}-${var.service.name}-${each.key}"
  location = var.region

  build_config {
    runtime         = "nodejs22"
    entry_point     = each.key
    service_account = var.build_account

    source {
      storage_source {
        bucket = var.bucket
        object = google_storage_bucket_object.sources[each.key].name
      }
    }
  }

  service_config {
    service_account_email = google_service_account.functions.email
    timeout_seconds       = each.value.timeoutSeconds
    available_memory      = "512Mi"
    # Less than a whole CPU handles one request at a time, each with its own connections to the database.
    available_cpu                    = "1"
    max_instance_request_concurrency = 8
    max_instance_count               = var.max_instances
    environment_variables            = merge(local.environment, { TOKEN_AUDIENCE = local.urls[each.key] })
    vpc_connector                    = var.connector
    vpc_connector_egress_settings    = "PRIVATE_RANGES_ONLY"

    secret_volumes {
      mount_path = local.ca_folder
      project_id = var.project
      secret     = var.database.ca_secret

      versions {
        version = "latest"
        path    = "database-ca.pem"
      }
    }
  }

  depends_on = [google_secret_manager_secret_iam_member.database_ca]
}

# Functions behind routes check the tokens of callers themselves; the others are called by Google only.
resource "google_cloud_run_service_iam_member" "invokers" {
  for_each = local.functions
  location = var.region
  service  = google_cloudfunctions2_function.functions[each.key].name
  role     = "roles/run.invoker"
  member   = each.value.isPublic ? "allUsers" : google_service_account.caller.member
}
