import type { Design, PeerFunction } from './design.ts';
import { logLine, metricLine } from './powertools.ts';

const BOOKING_ID = '01234567-89ab-4def-8123-456789abcdef';
const FLIGHT_ID = '00112233-4455-4677-8899-aabbccddeeff';
const CUSTOMER_ID = 'fedcba98-7654-4210-8edc-ba9876543210';
const EXECUTION_ID = '89abcdef-0123-4567-89ab-cdef01234567';
const CHARGE_ID = 'ch_3OtzABCDEFGHIJKL0123456789';

// Without Architectures, on x86_64: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
const functions = {
  'booking/ReserveBooking': {
    memoryMb: 512,
    architecture: 'x86_64',
    source: 'src/backend/booking/template.yaml:10',
  },
  'booking/ConfirmBooking': {
    memoryMb: 512,
    architecture: 'x86_64',
    source: 'src/backend/booking/template.yaml:10',
  },
  'booking/NotifyBooking': {
    memoryMb: 256,
    architecture: 'x86_64',
    source: 'src/backend/booking/template.yaml:124',
  },
  'payment/CollectPayment': {
    memoryMb: 512,
    architecture: 'x86_64',
    source: 'src/backend/payment/template.yaml:22',
  },
  'loyalty/IngestLoyalty': {
    memoryMb: 512,
    architecture: 'x86_64',
    source: 'src/backend/loyalty/template.yaml:10',
  },
} as const satisfies Readonly<Record<string, PeerFunction>>;

/** Two lines and a metric: src/backend/shared/libs/src/process_booking/middleware.py:37, and the function's own. */
function logged(
  name: keyof typeof functions,
  line: number,
  message: object,
  counted: string,
): readonly string[] {
  const [service = '', title = ''] = name.split('/');
  const functionName = `ServerlessAirline-${title}-prod`;
  const logging = { service, functionName, memoryMb: functions[name].memoryMb };
  return [
    logLine(logging, 'process_booking_handler:37', 'Injecting and annotating process booking state machine'),
    logLine(logging, `lambda_handler:${line}`, {
      ...message,
      // structure_logs, middleware.py:57
      booking_id: BOOKING_ID,
      charge_id: CHARGE_ID,
      customer_id: CUSTOMER_ID,
      outbound_flight_id: FLIGHT_ID,
      state_machine_execution_id: EXECUTION_ID,
    }),
    metricLine('ServerlessAirline', { service }, [counted]),
  ];
}

/** What boto3 returns, and the functions log. */
const answer = {
  ResponseMetadata: {
    RequestId: 'KMSBQ2VNBU1JP4LQ8IL5UQ5NDJVV4KQNSO5AEMVJF66Q9ASUAAJG',
    HTTPStatusCode: 200,
    HTTPHeaders: {
      server: 'Server',
      date: 'Tue, 24 Nov 2026 12:00:00 GMT',
      'content-type': 'application/x-amz-json-1.0',
      'content-length': '2',
      connection: 'keep-alive',
      'x-amzn-requestid': 'KMSBQ2VNBU1JP4LQ8IL5UQ5NDJVV4KQNSO5AEMVJF66Q9ASUAAJG',
      'x-amz-crc32': '2745614147',
    },
    RetryAttempts: 0,
  },
};

/**
 * A booking of one seat in the design of aws-serverless-airline-booking, its branch `archive`, until the customer's
 * notification is published. Its steps by the names of ours: it takes a seat where ours reserves stock. It has no
 * lines, ships nothing, publishes one message, and sends no mail.
 */
export function airlineBooking(): Design {
  const seat = (id: string) => ({ TableName: 'flight', Key: { id } });
  return {
    title: 'airline booking',
    repository: 'aws-samples/aws-serverless-airline-booking',
    commit: 'a48a016e3e258e3c5b9d257bb681c90fab89d11b',
    tables: {
      // Amplify makes an index of each @key with a name; it keeps all attributes.
      flight: {
        hash: 'id',
        indexes: {
          ByDepartureSchedule: { hash: 'departureAirportCode', range: 'arrivalAirportCode#departureDate' },
        },
        source: 'amplify/backend/api/awsserverlessairline/schema.graphql:5',
      },
      booking: {
        hash: 'id',
        indexes: { ByCustomerStatus: { hash: 'customer', range: 'status' } },
        source: 'amplify/backend/api/awsserverlessairline/schema.graphql:37',
      },
      loyalty: {
        hash: 'id',
        indexes: { 'customer-flag': { hash: 'customerId', range: 'flag' } },
        source: 'src/backend/loyalty/template.yaml:35',
      },
    },
    items: [
      {
        table: 'flight',
        item: {
          id: FLIGHT_ID,
          __typename: 'Flight',
          departureDate: '2026-12-02T08:00+0000',
          departureAirportCode: 'LGW',
          departureAirportName: 'London Gatwick',
          departureCity: 'London',
          departureLocale: 'Europe/London',
          arrivalDate: '2026-12-02T10:15+0000',
          arrivalAirportCode: 'MAD',
          arrivalAirportName: 'Madrid Barajas',
          arrivalCity: 'Madrid',
          arrivalLocale: 'Europe/Madrid',
          'arrivalAirportCode#departureDate': 'MAD#2026-12-02T08:00+0000',
          ticketPrice: 400,
          ticketCurrency: 'EUR',
          flightNumber: 1830,
          seatCapacity: 100,
        },
      },
    ],
    functions,
    life: [
      {
        step: 'placed',
        does: 'processBooking, which starts an execution',
        charge: 'graphqlRequests',
        source: 'src/backend/booking/template.yaml:536',
      },
      {
        step: 'reserved',
        does: 'Reserve Flight',
        charge: 'stateTransitions',
        source: 'src/backend/booking/template.yaml:215',
        requests: [
          {
            operation: 'UpdateItem',
            input: {
              ...seat(FLIGHT_ID),
              UpdateExpression: 'SET seatCapacity = seatCapacity - :dec',
              ConditionExpression: 'seatCapacity > :noSeat',
              ExpressionAttributeValues: { ':dec': 1, ':noSeat': 0 },
            },
            source: 'src/backend/booking/template.yaml:225',
          },
        ],
      },
      {
        step: 'reserved',
        does: 'Reserve Booking',
        charge: 'stateTransitions',
        source: 'src/backend/booking/template.yaml:269',
      },
      {
        step: 'reserved',
        run: 'booking/ReserveBooking',
        on: 'call',
        source: 'src/backend/booking/template.yaml:271',
        requests: [
          {
            operation: 'PutItem',
            input: {
              TableName: 'booking',
              Item: {
                id: BOOKING_ID,
                stateExecutionId: EXECUTION_ID,
                __typename: 'Booking',
                bookingOutboundFlightId: FLIGHT_ID,
                checkedIn: false,
                customer: CUSTOMER_ID,
                paymentToken: CHARGE_ID,
                status: 'UNCONFIRMED',
                createdAt: '2026-11-24 12:00:00.000000',
              },
            },
            source: 'src/backend/booking/src/reserve-booking/reserve.py:81',
          },
        ],
        logged: logged(
          'booking/ReserveBooking',
          83,
          { operation: 'reserve_booking', details: answer },
          'SuccessfulReservation',
        ),
      },
      {
        step: 'confirmed',
        beyond: 'payment',
        does: 'Collect Payment',
        charge: 'stateTransitions',
        source: 'src/backend/booking/template.yaml:338',
      },
      {
        step: 'confirmed',
        beyond: 'payment',
        run: 'payment/CollectPayment',
        on: 'call',
        source: 'src/backend/booking/template.yaml:340',
        logged: logged(
          'payment/CollectPayment',
          56,
          { operation: 'payment_collection', details: answer },
          'SuccessfulPayment',
        ),
      },
      {
        step: 'confirmed',
        does: 'Confirm Booking',
        charge: 'stateTransitions',
        source: 'src/backend/booking/template.yaml:378',
      },
      {
        step: 'confirmed',
        run: 'booking/ConfirmBooking',
        on: 'call',
        source: 'src/backend/booking/template.yaml:380',
        requests: [
          {
            operation: 'UpdateItem',
            input: {
              TableName: 'booking',
              Key: { id: BOOKING_ID },
              ConditionExpression: 'id = :idVal',
              UpdateExpression: 'SET bookingReference = :br, #STATUS = :confirmed',
              ExpressionAttributeNames: { '#STATUS': 'status' },
              ExpressionAttributeValues: { ':br': 'Ab3_xY', ':idVal': BOOKING_ID, ':confirmed': 'CONFIRMED' },
            },
            source: 'src/backend/booking/src/confirm-booking/confirm.py:55',
          },
        ],
        logged: logged(
          'booking/ConfirmBooking',
          68,
          { operation: 'booking_confirmation', details: answer },
          'SuccessfulBooking',
        ),
      },
      {
        step: 'notified',
        does: 'Notify Booking Confirmed',
        charge: 'stateTransitions',
        source: 'src/backend/booking/template.yaml:443',
      },
      {
        step: 'notified',
        run: 'booking/NotifyBooking',
        on: 'call',
        source: 'src/backend/booking/template.yaml:445',
        published: 1,
        logged: logged(
          'booking/NotifyBooking',
          83,
          { operation: 'booking_notification', details: answer },
          'SuccessfulNotification',
        ),
      },
      {
        step: 'notified',
        does: 'Booking Confirmed',
        charge: 'stateTransitions',
        source: 'src/backend/booking/template.yaml:472',
      },
      {
        step: 'notified',
        beyond: 'loyalty points',
        run: 'loyalty/IngestLoyalty',
        on: 'event',
        source: 'src/backend/loyalty/template.yaml:81',
        requests: [
          {
            operation: 'PutItem',
            input: {
              TableName: 'loyalty',
              Item: {
                id: BOOKING_ID,
                customerId: CUSTOMER_ID,
                points: 400,
                flag: 'active',
                date: '2026-11-24T12:00:00.000Z',
              },
            },
            source: 'src/backend/loyalty/src/ingest/index.ts:91',
          },
        ],
      },
    ],
    standing: [],
    observed: { traced: 'src/backend/booking/template.yaml:9' },
  };
}
