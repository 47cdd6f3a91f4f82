import { replaysReleasedEvents } from '../../test/released-events.ts';
import { withResourcesOf } from '../../test/resources.ts';
import { handler } from '../src/functions/notify-customer.ts';

withResourcesOf('notifications');

replaysReleasedEvents('notifications', handler);
