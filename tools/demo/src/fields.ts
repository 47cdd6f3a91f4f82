/** Reads the fields of a JSON object that came from outside, naming what is wrong with it. */
export interface Fields {
  text(name: string): string;
  number(name: string): number;
  optionalText(name: string): string | undefined;
  object(name: string): Fields;
  list(name: string): Fields[];
}

/** Thrown when an answer or event does not have the shape that the platform promises. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @param value parsed JSON
 * @param what names the value in errors, e.g. `GET http://.../orders/1`
 * @throws ShapeError when it is no object, or later when a field is not what is asked for
 */
export const fieldsOf = (value: unknown, what: string): Fields => {
  if (!isObject(value)) throw new ShapeError(`${what} is not a JSON object: ${JSON.stringify(value)}`);
  const wrong = (name: string, expected: string): never => {
    throw new ShapeError(`${what}: "${name}" is not ${expected}: ${JSON.stringify(value[name])}`);
  };
  const text = (name: string): string => {
    const field = value[name];
    return typeof field === 'string' ? field : wrong(name, 'a string');
  };
  return {
    text,
    number: (name) => {
      const field = value[name];
      return typeof field === 'number' ? field : wrong(name, 'a number');
    },
    optionalText: (name) => (value[name] === undefined ? undefined : text(name)),
    object: (name) => fieldsOf(value[name], `${what}: "${name}"`),
    list: (name) => {
      const field = value[name];
      if (!Array.isArray(field)) return wrong(name, 'a list');
      return field.map((item, index) => fieldsOf(item, `${what}: "${name}[${index}]"`));
    },
  };
};
