interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly L?: readonly Value[];
  readonly M?: Readonly<Record<string, Value>>;
}

/** An item as a stream record has it, as far as it is looked at. */
export type Image = Readonly<Record<string, Value>>;

export const text = (image: Image, name: string): string => image[name]?.S ?? '';
export const number = (image: Image, name: string): number => Number(image[name]?.N);
