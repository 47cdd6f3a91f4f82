import { SqsUnderTest } from './sqs-under-test.ts';

const API = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
const GUIDE = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

/** A page of AWS's documentation: `API_SendMessage` or a page of the developer guide. */
export type Page = string;

/** One case: a sentence that AWS's page states, and how to see that it holds. */
export interface Case {
  /** E.g. `API_SendMessage`. */
  readonly page: Page;
  readonly check: (sqs: SqsUnderTest) => Promise<void>;
}

export const pageUrl = (page: Page): string => `${page.startsWith('API_') ? API : GUIDE}/${page}.html`;

/** Each case gets an SQS of its own. The test's name is the sentence; the page is where AWS says so. */
export const conforms = (cases: Readonly<Record<string, Case>>): void => {
  for (const [sentence, { page, check }] of Object.entries(cases)) {
    it(sentence, async () => {
      const underTest = new SqsUnderTest();
      try {
        await check(underTest);
      } catch (error) {
        if (error instanceof Error) error.message += `\n\nAWS documents it: ${pageUrl(page)}`;
        throw error;
      } finally {
        underTest.sqs.close();
      }
    });
  }
};
