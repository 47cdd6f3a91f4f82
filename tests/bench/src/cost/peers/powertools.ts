/** A function of a design, as its log lines name it. */
interface Logging {
  readonly service: string;
  readonly functionName: string;
  readonly memoryMb: number;
}

const TRACE_ID = '1-65f0c2a8-0123456789abcdef01234567';
const REQUEST_ID = '01234567-89ab-cdef-0123-456789abcdef';

/**
 * A line of Powertools for AWS Lambda (Python) with `inject_lambda_context`:
 * https://docs.powertools.aws.dev/lambda/python/latest/core/logger/
 */
export const logLine = ({ service, functionName, memoryMb }: Logging, location: string, message: unknown) =>
  JSON.stringify({
    level: 'INFO',
    location,
    message,
    timestamp: '2026-11-24 12:00:00,000+0000',
    service,
    cold_start: false,
    function_name: functionName,
    function_memory_size: String(memoryMb),
    function_arn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`,
    function_request_id: REQUEST_ID,
    xray_trace_id: TRACE_ID,
  });

/**
 * A line of its metrics, in the embedded metric format:
 * https://docs.powertools.aws.dev/lambda/python/latest/core/metrics/
 */
export function metricLine(
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  names: readonly string[],
): string {
  const metrics = names.map((Name) => ({ Name, Unit: 'Count' }));
  const directive = { Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: metrics };
  return JSON.stringify({
    _aws: { Timestamp: 1_795_521_600_000, CloudWatchMetrics: [directive] },
    ...dimensions,
    ...Object.fromEntries(names.map((name) => [name, [1]])),
  });
}
