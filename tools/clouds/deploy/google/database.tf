# One PostgreSQL server, and on it a database for each service (service/database.tf). It has a private address, which functions
# reach through a connector, and a public one that lets nobody in but Google's proxy: from there a person migrates.

resource "google_compute_network" "network" {
  name                    = var.stage
  auto_create_subnetworks = false
  depends_on              = [google_project_service.apis]
}

resource "google_compute_global_address" "services" {
  name          = "${var.stage}-services"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
  network       = google_compute_network.network.id
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.network.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}

resource "google_vpc_access_connector" "functions" {
  name          = "${var.stage}-functions"
  network       = google_compute_network.network.name
  ip_cidr_range = "10.8.0.0/28"
  machine_type  = "e2-micro"
  min_instances = 2
  max_instances = 3
}

resource "google_sql_database_instance" "server" {
  name                = "${var.stage}-orderly"
  database_version    = "POSTGRES_17"
  deletion_protection = var.delete_protection

  settings {
    edition           = "ENTERPRISE"
    tier              = var.database_tier
    availability_type = var.database_is_redundant ? "REGIONAL" : "ZONAL"
    disk_size         = 10
    disk_autoresize   = true

    # Nobody needs a password: functions log in with tokens of their accounts.
    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }

    database_flags {
      name  = "max_connections"
      value = tostring(var.database_max_connections)
    }

    ip_configuration {
      ipv4_enabled    = true
      private_network = google_compute_network.network.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7
    }
  }

  lifecycle {
    precondition {
      condition     = local.functions * var.max_instances * var.database_connections <= var.database_max_connections - 10
      error_message = "${local.functions} functions of ${var.max_instances} instances with ${var.database_connections} connections are more than database_max_connections less 10, which the server keeps."
    }
  }

  depends_on = [google_service_networking_connection.services]
}

# No secret, but the way to give functions a file: the certificate that the server's is signed with.
resource "google_secret_manager_secret" "database_ca" {
  secret_id = "orderly-${var.stage}-database-ca"

  replication {
    auto {}
  }

  depends_on = [google_project_service.apis]
}

resource "google_secret_manager_secret_version" "database_ca" {
  secret      = google_secret_manager_secret.database_ca.id
  secret_data = google_sql_database_instance.server.server_ca_cert[0].cert
}
