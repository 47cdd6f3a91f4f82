import type { Operation } from './database.ts';
import { validationException } from './errors.ts';
import { bindRequest } from './expressions/request-bindings.ts';
import { isInSegment, type Segment } from './key-index.ts';
import { MAX_SCAN_SEGMENTS } from './limits.ts';
import { checkSelection, openSource, readPage, startEntry } from './page.ts';
import { bindReading, pageMembers } from './query.ts';
import { integer, optional, structure } from './request.ts';
import { throttle } from './write.ts';

const scanRequest = structure('Scan', {
  ...pageMembers,
  Segment: optional(integer(0, MAX_SCAN_SEGMENTS - 1)),
  TotalSegments: optional(integer(1, MAX_SCAN_SEGMENTS)),
});

const segmentOf = (segment: number | undefined, total: number | undefined): Segment => {
  if (segment === undefined && total === undefined) return { segment: 0, total: 1 };
  if (total === undefined)
    throw validationException(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  if (segment === undefined)
    throw validationException(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  if (segment >= total)
    throw validationException(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  return { segment, total };
};

export const scan: Operation = (database, input) => {
  const request = scanRequest(input, '');
  const segment = segmentOf(request.Segment, request.TotalSegments);
  const { ProjectionExpression, FilterExpression } = request;
  const bindings = bindRequest(request, { ProjectionExpression, FilterExpression });
  const { filter, paths } = bindReading(request, bindings);
  bindings.assertAllUsed();
  const source = openSource(database, request);
  const selection = { select: request.Select, filter, paths };
  checkSelection(source, selection, 'Scanning');
  const start = startEntry(source, request.ExclusiveStartKey);
  if (start && !isInSegment(start.partition, segment))
    throw validationException(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ' +
        `${segment.total} Segment: ${segment.segment}`,
    );
  throttle(database);
  return readPage(source, source.entries.scan(segment, start), selection, request);
};
