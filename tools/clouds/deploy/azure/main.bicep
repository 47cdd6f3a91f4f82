// What a stage needs on Azure, in one resource group. The services come from services.parameters.json, which
// `npm run package:cloud` writes from each serverless.yml. docs/clouds.md says how to deploy.
targetScope = 'resourceGroup'

@description('The name of the stage, e.g. dev.')
param stage string

@description('The services, as npm run package:cloud writes them.')
param services array

@description('Who creates tables and users in the databases: the object id of a user or group of Microsoft Entra ID.')
param databaseAdministratorId string

@description('The name of that user or group, with which it logs in.')
param databaseAdministratorName string

@allowed(['User', 'Group', 'ServicePrincipal'])
param databaseAdministratorType string = 'Group'

@description('Who gets a mail when a message is dead-lettered, or an event cannot be published; nobody if it is empty.')
param alertEmail string = ''

param location string = resourceGroup().location

@description('The server of all databases. Its max_connections has to be above all instances times databaseConnections.')
param databaseSku string = 'Standard_B1ms'

@allowed(['Burstable', 'GeneralPurpose', 'MemoryOptimized'])
param databaseTier string = 'Burstable'

@description('A second server in another zone takes over. Burstable servers cannot have one.')
param databaseIsRedundant bool = false

@description('Connections of each instance of a function app at most.')
param databaseConnections int = 4

@description('Instances of each function app at most.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

// As shared/functions/src/postgres/publish.ts logs it.
var parkedMessage = 'An event was refused and parked'
// Some names are one in the whole world.
var suffix = take(uniqueString(resourceGroup().id), 6)
var tags = { 'orderly:stage': stage }

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: '${stage}-logs'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${stage}-insights'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
    // Only who has a token may write.
    DisableLocalAuth: true
  }
}

// Standard is the lowest tier with topics.
resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: '${stage}-bus-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource topics 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = [
  for service in services: {
    parent: bus
    name: service.topic
    properties: {
      // A publisher that dies before it has noted a success sends the same events again. Consumers ignore what comes later.
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      supportOrdering: true
      defaultMessageTimeToLive: 'P14D'
      enableBatchedOperations: true
    }
  }
]

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${stage}-db-${suffix}'
  location: location
  tags: tags
  sku: { name: databaseSku, tier: databaseTier }
  properties: {
    version: '17'
    // Nobody has a password.
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: { storageSizeGB: 32, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 7, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: databaseIsRedundant ? 'ZoneRedundant' : 'Disabled' }
    network: { publicNetworkAccess: 'Enabled' }
  }
}

// 0.0.0.0 stands for all addresses of Azure, which function apps without a network of their own call from:
// https://learn.microsoft.com/en-us/azure/postgresql/network/how-to-networking-servers-deployed-public-access-add-firewall-rules
resource fromAzure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = {
  parent: server
  name: 'azure'
  properties: { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }
}

resource administrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2024-08-01' = {
  parent: server
  name: databaseAdministratorId
  properties: {
    principalName: databaseAdministratorName
    principalType: databaseAdministratorType
    tenantId: tenant().tenantId
  }
  // The server takes one change at a time.
  dependsOn: [fromAzure]
}

@batchSize(1)
resource databases 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = [
  for service in services: {
    parent: server
    name: service.name
    properties: { charset: 'UTF8', collation: 'C' }
    dependsOn: [administrator]
  }
]

// A plan of Flex Consumption has one app.
resource plans 'Microsoft.Web/serverfarms@2024-04-01' = [
  for service in services: {
    name: '${stage}-${service.name}-plan'
    location: location
    tags: tags
    kind: 'functionapp'
    sku: { name: 'FC1', tier: 'FlexConsumption' }
    properties: { reserved: true }
  }
]

module apps 'service.bicep' = [
  for (service, index) in services: {
    name: '${stage}-${service.name}'
    params: {
      stage: stage
      service: service
      suffix: suffix
      location: location
      tags: union(tags, { 'orderly:service': service.name })
      planId: plans[index].id
      busName: bus.name
      insightsName: insights.name
      databaseHost: server.properties.fullyQualifiedDomainName
      databaseConnections: databaseConnections
      maximumInstances: maximumInstances
      instanceMemoryMB: instanceMemoryMB
    }
    // A service subscribes to topics of others.
    dependsOn: [topics, databases]
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (alertEmail != '') {
  name: '${stage}-people'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: take(stage, 12)
    emailReceivers: [{ name: 'people', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = if (alertEmail != '') {
  name: '${stage}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages that could not be handled wait in a dead-letter queue: docs/runbooks.'
    severity: 1
    enabled: true
    scopes: [bus.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}

// An event that the broker refuses for good is in nobody's dead-letter queue, but in the database's table outbox_parked.
resource parkedEvents 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = if (alertEmail != '') {
  name: '${stage}-parked-events'
  location: location
  tags: tags
  properties: {
    description: 'An event was refused by the broker, and waits in the table outbox_parked.'
    severity: 1
    enabled: true
    scopes: [insights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      allOf: [
        {
          query: 'traces | where message has "${parkedMessage}"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}

@description('The function app of each service, its URL, its user in the database of the same name as the service, and its vault.')
output apps array = [
  for (service, index) in services: {
    service: service.name
    app: apps[index].outputs.app
    url: apps[index].outputs.url
    databaseUser: apps[index].outputs.app
    vault: apps[index].outputs.vault
  }
]

output databaseHost string = server.properties.fullyQualifiedDomainName
