import { services } from '@orderly/local/services';
import { functionEnvironment } from '@orderly/support/function-environment';

export const stage = 'fuzz';

// The log reads it when it is loaded, with whatever is loaded first.
Object.assign(process.env, functionEnvironment(services[0] ?? '', stage));
