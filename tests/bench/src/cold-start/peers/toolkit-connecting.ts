// toolkit.ts with a connection to DynamoDB opened while it loads: it asks for an item that there is not.
import { environment, text } from '@orderly/functions/env';
import { openTable } from '@orderly/functions/table/table';

const { TABLE_NAME } = environment({ TABLE_NAME: text });
void openTable<{ pk: string }>(TABLE_NAME).get({ pk: 'none' });

export { handler } from './toolkit.ts';
