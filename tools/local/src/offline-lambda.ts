import type { OfflineFunction, OfflineLambda } from './serverless.ts';

interface LambdaPrototype {
  create(functions: readonly unknown[]): void;
  get(functionKey: string): OfflineFunction;
}

interface LambdaModule {
  readonly default: { readonly prototype: LambdaPrototype };
}

/**
 * Reaches the functions of serverless-offline, which its plugin keeps to itself: the class hands over the object that
 * the plugin makes of it. To be called before serverless-offline starts.
 * @param watch gets every worker before it is run
 * @returns gives the functions once serverless-offline has started
 */
export const catchOfflineLambda = async (
  watch: (worker: OfflineFunction) => OfflineFunction,
): Promise<() => OfflineLambda> => {
  // The name is a variable because the package comes without types.
  const name: string = 'serverless-offline/lambda';
  const { default: Lambda }: LambdaModule = await import(name);
  const { create, get } = Lambda.prototype;
  let caught: OfflineLambda | undefined;
  Lambda.prototype.create = function (this: OfflineLambda & LambdaPrototype, functions) {
    caught = this;
    create.call(this, functions);
  };
  Lambda.prototype.get = function (this: LambdaPrototype, functionKey) {
    return watch(get.call(this, functionKey));
  };
  return () => {
    if (caught) return caught;
    throw new Error('serverless-offline has made no functions: this works with its version 14.8.');
  };
};
