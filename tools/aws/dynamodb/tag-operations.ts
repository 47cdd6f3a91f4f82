import type { Database, Operation } from './database.ts';
import { resourceNotFound, validationException } from './errors.ts';
import { boundedText, list, optional, required, structure, text } from './request.ts';
import { tags } from './table-definition.ts';

/** @throws AwsError unless the ARN is one of a table that exists */
const checkResource = (database: Database, arn: string): void => {
  const [, name] = /^arn:aws[a-z-]*:dynamodb:[^:]+:\d{12}:table\/([a-zA-Z0-9_.-]+)$/.exec(arn) ?? [];
  if (name === undefined)
    throw validationException(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  if (database.tables.get(name)?.arn !== arn) throw resourceNotFound(`ResourcArn: ${arn} not found`);
};

const tagResourceRequest = structure('TagResource', { ResourceArn: required(text), Tags: required(tags) });

export const tagResource: Operation = (database, input) => {
  const { ResourceArn, Tags } = tagResourceRequest(input, '');
  checkResource(database, ResourceArn);
  if (Tags.length === 0) throw validationException('Atleast one Tag needs to be provided as Input.');
  database.tag(ResourceArn, new Map(Tags.map(({ Key, Value }) => [Key, Value])));
  return {};
};

const untagResourceRequest = structure('UntagResource', {
  ResourceArn: required(text),
  TagKeys: required(list(boundedText(1, 128))),
});

export const untagResource: Operation = (database, input) => {
  const { ResourceArn, TagKeys } = untagResourceRequest(input, '');
  checkResource(database, ResourceArn);
  if (TagKeys.length === 0) throw validationException('Atleast one Tag Key needs to be provided as Input.');
  database.untag(ResourceArn, TagKeys);
  return {};
};

const listTagsRequest = structure('ListTagsOfResource', {
  ResourceArn: required(text),
  NextToken: optional(text),
});

/** All tags fit on one page: a resource has 50 at most, and AWS's pages hold that many. */
export const listTagsOfResource: Operation = (database, input) => {
  const { ResourceArn, NextToken } = listTagsRequest(input, '');
  checkResource(database, ResourceArn);
  if (NextToken !== undefined) throw validationException('Invalid NextToken');
  return { Tags: [...database.tagsOf(ResourceArn)].map(([Key, Value]) => ({ Key, Value })) };
};
