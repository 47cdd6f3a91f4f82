import { isNativeError } from 'node:util/types';
import { clientConfig } from '@orderly/functions/aws/client-config';
import { requestLimit } from '@orderly/functions/http/request-limit';

// Before each test file: emulators and stand-ins share the machine with the tests, so an answer may take longer than a
// function waits for AWS, and a call that is sent again would count twice.
Object.assign(clientConfig.requestHandler, { connectionTimeout: 60_000, requestTimeout: 60_000 });
requestLimit.ms = 120_000;

// Jest runs each test file in a realm of its own, where Node's own errors are no `Error`: the AWS SDK would wrap them,
// and then send nothing again after a lost connection.
const isInstance = Function.prototype[Symbol.hasInstance];
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    return isInstance.call(this, value) || (this === Error && isNativeError(value));
  },
});
