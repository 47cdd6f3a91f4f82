import { clientConfig, requestLimit } from '@orderly/lambda/aws-client';

// Before each test file: emulators and stand-ins share the machine with the tests, so an answer may take longer than a
// function waits for AWS, and a call that is sent again would count twice.
Object.assign(clientConfig.requestHandler, { connectionTimeout: 60_000, requestTimeout: 60_000 });
requestLimit.ms = 120_000;
