variable "project" {
  type = string
}

variable "project_number" {
  type = string
}

variable "region" {
  type = string
}

variable "stage" {
  type = string
}

variable "service" {
  description = "One of the services of services.tfvars.json."
  type        = any
}

variable "packages" {
  description = "The folder with a source folder for each function."
  type        = string
}

variable "bucket" {
  type = string
}

variable "connector" {
  type = string
}

variable "max_instances" {
  type = number
}

variable "topic_id" {
  description = "The service's own topic."
  type        = string
}

variable "topic_ids" {
  description = "All topics by name."
  type        = map(string)
}

variable "build_account" {
  type = string
}

variable "database" {
  type = object({
    instance    = string
    host        = string
    connections = number
    ca_secret   = string
  })
}
