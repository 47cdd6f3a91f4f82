import { created, http } from '@orderly/functions/http/handler';
import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import { insert__Thing__ } from '../adapters/__thing__-table.ts';
import { New__Thing__, __thing__Location, show__Thing__ } from '../api/__things__.ts';
import { asOpened, open } from '../domain/__thing__.ts';

export const handler = http({ body: New__Thing__ }, async ({ body: { __thing__Id } }) => {
  const { outcome, __thing__ } = await insert__Thing__(open(__thing__Id, new Date()));
  if (outcome === 'inserted') {
    count('__Things__Opened');
    log.info('__Thing__ opened', { __thing___id: __thing__Id });
  } else {
    count('DuplicatesAbsorbed');
  }
  return created(__thing__Location(__thing__Id), show__Thing__(asOpened(__thing__)));
});
