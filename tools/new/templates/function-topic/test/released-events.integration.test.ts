import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { handler } from '../src/functions/__function__.ts';

replaysReleasedEvents('__service__', handler);
