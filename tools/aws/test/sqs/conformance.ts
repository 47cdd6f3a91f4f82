import { SqsUnderTest } from './sqs-under-test.ts';

const API = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
const GUIDE = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

/** Shows that a sentence holds. Each case gets an SQS of its own with a standard queue. */
type Case = (sqs: SqsUnderTest, queueUrl: string) => Promise<void>;

/**
 * Tests sentences that a page of AWS's documentation states.
 * @param page `API_SendMessage`, or the name of a page of the developer guide
 */
export const conforms = (page: string, cases: Readonly<Record<string, Case>>): void => {
  for (const [sentence, check] of Object.entries(cases)) {
    it(sentence, async () => {
      const underTest = new SqsUnderTest();
      try {
        await check(underTest, await underTest.create('given'));
      } catch (error) {
        const url = `${page.startsWith('API_') ? API : GUIDE}/${page}.html`;
        if (error instanceof Error) error.message += `\n\nAWS documents it: ${url}`;
        throw error;
      } finally {
        underTest.sqs.close();
      }
    });
  }
};
