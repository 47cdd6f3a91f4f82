'use strict';

/** What serverless-offline asks for each route's authentication; src/offline-options.ts names it. */
const { authenticationProvider } = require('tsx/cjs/api').require(
  './src/offline-authentication.ts',
  __filename,
);
const { ORDERLY_JWT_ISSUER: issuerUrl, ORDERLY_JWT_AUDIENCE: audience } = process.env;
module.exports = authenticationProvider({ issuerUrl, audience });
