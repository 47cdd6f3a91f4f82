output "url" {
  value = "https://${google_api_gateway_gateway.gateway.default_hostname}"
}

output "database_user" {
  value = google_sql_user.functions.name
}
