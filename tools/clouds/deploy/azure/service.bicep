// One service: its function app, its subscriptions and queues, its secrets, and what its identity may do.
targetScope = 'resourceGroup'

param stage string
@description('One of the services of services.parameters.json.')
param service object
param suffix string
param location string
param tags object
param planId string
param busName string
param insightsName string
param databaseHost string
param databaseConnections int
param maximumInstances int
param instanceMemoryMB int

var appName = '${stage}-${service.name}-${suffix}'
var vaultName = 'kv${uniqueString(resourceGroup().id, service.name)}'
var hasSecrets = length(service.secrets) > 0
var generatesSecrets = contains(map(service.secrets, secret => secret.isGenerated), true)
var container = 'app'

// https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles
var roles = {
  blobOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  busReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  busSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  secretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: busName
}

resource ownTopic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = {
  parent: bus
  name: service.topic
}

// Its own, so that no app can replace the code of another.
resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'st${uniqueString(resourceGroup().id, service.name)}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: storage
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: container
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: appName
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: { type: 'SystemAssigned' }
  properties: {
    serverFarmId: planId
    httpsOnly: true
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: concat(
        map(items(service.environment), setting => { name: setting.key, value: setting.value }),
        [
          { name: 'AzureWebJobsStorage__accountName', value: storage.name }
          { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
          { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'Authorization=AAD' }
          { name: 'SERVICE_BUS__fullyQualifiedNamespace', value: '${bus.name}.servicebus.windows.net' }
          { name: 'KEY_VAULT_NAME', value: hasSecrets ? vaultName : '' }
          { name: 'DATABASE_CONNECTIONS', value: string(databaseConnections) }
          {
            // Without a password: each login takes a token of the identity, whose user is named as the app is.
            name: 'DATABASE_URL'
            value: 'postgres://${appName}@${databaseHost}:5432/${service.name}?sslmode=verify-full'
          }
        ]
      )
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${container}'
          authentication: { type: 'SystemAssignedIdentity' }
        }
      }
      runtime: { name: 'node', version: '22' }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstances
        instanceMemoryMB: instanceMemoryMB
        triggers: { http: { perInstanceConcurrency: 16 } }
      }
    }
  }
  dependsOn: [packages]
}

// Nobody publishes with a password.
resource passwords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

resource ftpPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource subscriptions 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [
  for subscription in service.subscriptions: {
    name: '${busName}/${subscription.topic}/${service.name}'
    properties: {
      // The messages of an aggregate are a session, which one instance receives at a time.
      requiresSession: true
      lockDuration: 'PT1M'
      maxDeliveryCount: subscription.maxDeliveryCount
      defaultMessageTimeToLive: 'P14D'
      deadLetteringOnMessageExpiration: true
      deadLetteringOnFilterEvaluationExceptions: true
    }
  }
]

var rules = flatten(map(
  range(0, length(service.subscriptions)),
  at => map(
    range(0, length(service.subscriptions[at].eventTypes)),
    index => {
      subscription: '${busName}/${service.subscriptions[at].topic}/${service.name}'
      // A new subscription has the rule $Default, which selects all. It is replaced, not joined by others.
      name: index == 0 ? '$Default' : service.subscriptions[at].eventTypes[index]
      eventType: service.subscriptions[at].eventTypes[index]
    }
  )
))

@batchSize(1)
resource selections 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = [
  for rule in rules: {
    name: '${rule.subscription}/${rule.name}'
    properties: {
      filterType: 'CorrelationFilter'
      correlationFilter: { label: rule.eventType }
    }
    dependsOn: [subscriptions]
  }
]

resource queues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in service.queues: {
    parent: bus
    name: queue.name
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: queue.maxDeliveryCount
      defaultMessageTimeToLive: 'P14D'
      deadLetteringOnMessageExpiration: true
    }
  }
]

// A vault for each service, so that a service reads its own secrets only.
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = if (hasSecrets) {
  name: vaultName
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }
}

resource storesCode 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, appName, roles.blobOwner)
  properties: {
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobOwner)
  }
}

resource writesLogs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, appName, roles.metricsPublisher)
  properties: {
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
  }
}

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: ownTopic
  name: guid(ownTopic.id, appName, roles.busSender)
  properties: {
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.busSender)
  }
}

resource consumes 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (subscription, index) in service.subscriptions: {
    scope: subscriptions[index]
    name: guid(busName, subscription.topic, appName, roles.busReceiver)
    properties: {
      principalId: app.identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.busReceiver)
    }
  }
]

resource sendsTasks 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in service.queues: {
    scope: queues[index]
    name: guid(busName, queue.name, appName, roles.busSender)
    properties: {
      principalId: app.identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.busSender)
    }
  }
]

resource doesTasks 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in service.queues: {
    scope: queues[index]
    name: guid(busName, queue.name, appName, roles.busReceiver)
    properties: {
      principalId: app.identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.busReceiver)
    }
  }
]

var secretsRole = generatesSecrets ? roles.secretsOfficer : roles.secretsUser

resource readsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasSecrets) {
  scope: vault
  name: guid(resourceGroup().id, vaultName, appName, secretsRole)
  properties: {
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsRole)
  }
}

output app string = app.name
output url string = 'https://${app.properties.defaultHostName}'
output vault string = hasSecrets ? vaultName : ''
