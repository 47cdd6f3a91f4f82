import { clientConfig, requestLimit } from '@orderly/lambda/aws-client';

// Before each integration test file: the emulators share the machine with the tests, so an answer may take longer
// than a function waits for AWS.
Object.assign(clientConfig.requestHandler, { connectionTimeout: 20_000, requestTimeout: 20_000 });
requestLimit.ms = 60_000;
