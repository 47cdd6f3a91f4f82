variable "project" {
  description = "The id of the Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where everything is. The API Gateway is not in all regions."
  type        = string
  default     = "europe-west1"
}

variable "packages" {
  description = "The folder that npm run package:cloud has written, e.g. ../../../../dist/google."
  type        = string
}

variable "alert_email" {
  description = "Who gets a mail when a message is dead-lettered, or an event cannot be published; nobody if it is empty."
  type        = string
  default     = ""
}

variable "max_instances" {
  description = "Instances of each function at most."
  type        = number
  default     = 3
}

variable "database_tier" {
  description = "The machine of the database server."
  type        = string
  default     = "db-custom-1-3840"
}

variable "database_max_connections" {
  description = "What the server takes. All functions together must stay below it."
  type        = number
  default     = 250
}

variable "database_connections" {
  description = "Connections of each instance of a function at most."
  type        = number
  default     = 2
}

variable "database_is_redundant" {
  description = "A second server in another zone takes over."
  type        = bool
  default     = false
}

variable "delete_protection" {
  description = "Terraform does not delete the database."
  type        = bool
  default     = true
}

# The following are in services.tfvars.json, which npm run package:cloud writes from each serverless.yml.

variable "stage" {
  description = "The name of the stage, e.g. dev."
  type        = string
}

variable "services" {
  description = "The services by name."
  type = map(object({
    name        = string
    topic       = string
    environment = map(string)
    functions = list(object({
      name           = string
      timeoutSeconds = number
      isPublic       = bool
    }))
    routes = list(object({
      function = string
      method   = string
      path     = string
    }))
    subscriptions = list(object({
      function         = string
      topic            = string
      filter           = string
      maxDeliveryCount = number
    }))
    queues = list(object({
      function = string
      name     = string
    }))
    schedules = list(object({
      function = string
      cron     = string
    }))
    secrets = list(object({
      name        = string
      isGenerated = bool
    }))
  }))
}
