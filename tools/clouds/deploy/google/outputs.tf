output "urls" {
  description = "The URL of each service's API."
  value       = { for name, service in module.services : name => service.url }
}

output "database_users" {
  description = "The user of each service in the database of the same name as the service."
  value       = { for name, service in module.services : name => service.database_user }
}

output "database_instance" {
  description = "What Google's proxy connects to."
  value       = google_sql_database_instance.server.connection_name
}
