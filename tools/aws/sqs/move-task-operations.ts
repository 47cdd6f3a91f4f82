import { MOVE_MESSAGES_PER_SECOND } from './limits.ts';
import { RECENT_TASKS } from './move-task.ts';
import type { Operations } from './operation.ts';
import { optionalInteger, optionalString, requiredString } from './validation.ts';

export const moveTaskOperations: Operations = {
  StartMessageMoveTask: {
    parameters: ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond'],
    run: (input, { moveTasks }) => {
      const range = { minimum: 1, maximum: MOVE_MESSAGES_PER_SECOND };
      const perSecond = optionalInteger(input, 'MaxNumberOfMessagesPerSecond', range);
      const destination = optionalString(input, 'DestinationArn');
      return { TaskHandle: moveTasks.start(requiredString(input, 'SourceArn'), destination, perSecond) };
    },
  },
  ListMessageMoveTasks: {
    parameters: ['SourceArn', 'MaxResults'],
    run: (input, { moveTasks }) => {
      const maximum = optionalInteger(input, 'MaxResults', { minimum: 1, maximum: RECENT_TASKS }) ?? 1;
      return { Results: moveTasks.list(requiredString(input, 'SourceArn'), maximum) };
    },
  },
  CancelMessageMoveTask: {
    parameters: ['TaskHandle'],
    run: (input, { moveTasks }) => ({
      ApproximateNumberOfMessagesMoved: moveTasks.cancel(requiredString(input, 'TaskHandle')),
    }),
  },
};
