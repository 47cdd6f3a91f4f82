# The service's API: routes by method and path to the function of each. Every other request goes to the fallback.
# https://docs.cloud.google.com/api-gateway/docs/openapi-overview

locals {
  methods  = ["get", "put", "post", "delete", "options", "head", "patch"]
  fallback = "fallback"
  paths    = distinct([for route in var.service.routes : route.path])

  handlers = {
    for route in var.service.routes : "${lower(route.method)} ${route.path}" => route.function
  }

  # The token of the caller reaches the function, because the gateway does not put its own in its place.
  backends = {
    for name, url in local.urls : name => {
      address          = url
      path_translation = "APPEND_PATH_TO_ADDRESS"
      disable_auth     = true
    }
  }

  # https://docs.cloud.google.com/api-gateway/docs/path-templating
  rest = "/{rest=**}"

  openapi = {
    swagger  = "2.0"
    info     = { title = "${var.service.name} (${var.stage})", version = "1" }
    schemes  = ["https"]
    produces = ["application/json"]
    paths = {
      for path in concat(local.paths, [local.rest]) : path => merge(
        {
          parameters = [
            for name in regexall("\\{(\\w+)", path) :
            { name = name[0], in = "path", required = true, type = "string" }
          ]
        },
        {
          for method in local.methods : method => {
            operationId        = "${method}-${index(concat(local.paths, [local.rest]), path)}"
            responses          = { default = { description = "The function's answer." } }
            "x-google-backend" = local.backends[lookup(local.handlers, "${method} ${path}", local.fallback)]
          }
        },
      )
    }
  }
}

resource "google_api_gateway_api" "api" {
  provider = google-beta
  api_id   = "${var.stage}-${var.service.name}"
}

resource "google_api_gateway_api_config" "config" {
  provider             = google-beta
  api                  = google_api_gateway_api.api.api_id
  api_config_id_prefix = "config-"

  openapi_documents {
    document {
      path     = "openapi.json"
      contents = base64encode(jsonencode(local.openapi))
    }
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_cloudfunctions2_function.functions]
}

resource "google_api_gateway_gateway" "gateway" {
  provider   = google-beta
  api_config = google_api_gateway_api_config.config.id
  gateway_id = "${var.stage}-${var.service.name}"
  region     = var.region
}
