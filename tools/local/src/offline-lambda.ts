import type { OfflineLambda } from './serverless.ts';

interface LambdaModule {
  readonly default: { readonly prototype: { create(functions: readonly unknown[]): void } };
}

/**
 * Reaches the functions of serverless-offline, which its plugin keeps to itself: the class hands over the object that
 * the plugin makes of it. To be called before serverless-offline starts.
 * @returns gives the functions once serverless-offline has started
 */
export const catchOfflineLambda = async (): Promise<() => OfflineLambda> => {
  // The name is a variable because the package comes without types.
  const name: string = 'serverless-offline/lambda';
  const { default: Lambda }: LambdaModule = await import(name);
  const { create } = Lambda.prototype;
  let caught: OfflineLambda | undefined;
  Lambda.prototype.create = function (this: OfflineLambda & LambdaModule['default']['prototype'], functions) {
    caught = this;
    create.call(this, functions);
  };
  return () => {
    if (caught) return caught;
    throw new Error('serverless-offline has made no functions: this works with its version 14.8.');
  };
};
