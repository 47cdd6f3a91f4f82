resource "google_sql_database" "database" {
  instance = var.database.instance
  name     = var.service.name
}

# It may log in, and nothing else until npm run migrate:cloud grants it the tables of its own database.
resource "google_sql_user" "functions" {
  instance = var.database.instance
  name     = local.database_user
  type     = "CLOUD_IAM_SERVICE_ACCOUNT"
}

resource "google_project_iam_member" "logs_in" {
  project = var.project
  role    = "roles/cloudsql.instanceUser"
  member  = google_service_account.functions.member
}

resource "google_secret_manager_secret_iam_member" "database_ca" {
  secret_id = var.database.ca_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.functions.member
}

locals {
  secrets = { for each in var.service.secrets : each.name => each }
}

# Without a version: a person adds it, or a function the first time it needs one.
resource "google_secret_manager_secret" "secrets" {
  for_each  = local.secrets
  secret_id = each.key

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_iam_member" "reads" {
  for_each  = local.secrets
  secret_id = google_secret_manager_secret.secrets[each.key].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.functions.member
}

resource "google_secret_manager_secret_iam_member" "generates" {
  for_each  = { for name, each in local.secrets : name => each if each.isGenerated }
  secret_id = google_secret_manager_secret.secrets[each.key].secret_id
  role      = "roles/secretmanager.secretVersionAdder"
  member    = google_service_account.functions.member
}
