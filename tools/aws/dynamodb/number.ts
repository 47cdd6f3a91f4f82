import { validationException } from './errors.ts';

/**
 * DynamoDB's numbers: decimals of up to 38 significant digits, from 1E-130 to 9.9E+125 and their negatives. They
 * travel as text, and all arithmetic is exact.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
 */

/** The value is `digits * 10 ** exponent`; `digits` has no trailing zeros. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const MAX_DIGITS = 38;
const MAX_MAGNITUDE = 126;
const MIN_MAGNITUDE = -129;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;
/** Integers that are written as DynamoDB writes them, and that a double holds exactly. */
const SMALL_INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
const ZERO: Decimal = { digits: 0n, exponent: 0 };

const notNumeric = (text: string) =>
  validationException(`The parameter cannot be converted to a numeric value: ${text}`);

const checkRange = (significant: number, magnitude: number): void => {
  if (significant > MAX_DIGITS)
    throw validationException('Attempting to store more than 38 significant digits in a Number');
  if (magnitude > MAX_MAGNITUDE)
    throw validationException(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  if (magnitude < MIN_MAGNITUDE)
    throw validationException(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
};

const parseDecimal = (text: string): Decimal => {
  if (text === '') throw validationException('The parameter cannot be converted to a numeric value');
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '' && fraction === '') throw notNumeric(text);
  const all = (whole + fraction).replace(/^0+/, '');
  const significant = all.replace(/0+$/, '');
  if (significant === '') return ZERO;
  const exponent = Number(power) - fraction.length + all.length - significant.length;
  checkRange(significant.length, significant.length + exponent);
  return { digits: BigInt(sign + significant), exponent };
};

const formatDecimal = ({ digits, exponent }: Decimal): string => {
  if (digits === 0n) return '0';
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString();
  if (exponent >= 0) return sign + text + '0'.repeat(exponent);
  const point = text.length + exponent;
  return point > 0
    ? `${sign}${text.slice(0, point)}.${text.slice(point)}`
    : `${sign}0.${'0'.repeat(-point)}${text}`;
};

/**
 * The one way that DynamoDB writes a number: equal numbers give equal texts.
 * @throws AwsError ValidationException when the text is no number, or one that DynamoDB cannot hold
 */
export const canonicalNumber = (text: string): string =>
  SMALL_INTEGER.test(text) ? text : formatDecimal(parseDecimal(text));

const align = (a: Decimal, b: Decimal): readonly [a: bigint, b: bigint, exponent: number] => {
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = (each: Decimal): bigint => each.digits * 10n ** BigInt(each.exponent - exponent);
  return [scale(a), scale(b), exponent];
};

/** Compares two canonical numbers: negative, zero or positive. */
export const compareNumbers = (x: string, y: string): number => {
  if (x === y) return 0;
  // Doubles distinguish decimals of up to 15 digits, and keep their order.
  if (x.length < 16 && y.length < 16) return Number(x) - Number(y);
  const [a, b] = align(parseDecimal(x), parseDecimal(y));
  return a < b ? -1 : 1;
};

const combine = (x: string, y: string, sign: 1 | -1): string => {
  if (SMALL_INTEGER.test(x) && SMALL_INTEGER.test(y))
    return canonicalNumber(String(Number(x) + sign * Number(y)));
  const [a, b, exponent] = align(parseDecimal(x), parseDecimal(y));
  return canonicalNumber(`${a + BigInt(sign) * b}e${exponent}`);
};

/** @throws AwsError ValidationException when DynamoDB cannot hold the result */
export const addNumbers = (x: string, y: string): string => combine(x, y, 1);

/** @throws AwsError ValidationException when DynamoDB cannot hold the result */
export const subtractNumbers = (x: string, y: string): string => combine(x, y, -1);

const complement = (digits: string): string => digits.replace(/\d/g, (digit) => String(9 - Number(digit)));

/** A text for a canonical number: texts are ordered, by code units, as the numbers are. */
export const numberSortText = (text: string): string => {
  const { digits, exponent } = parseDecimal(text);
  if (digits === 0n) return '1';
  const magnitude = (significant: string): number => significant.length + exponent - MIN_MAGNITUDE;
  if (digits > 0n) {
    const significant = digits.toString();
    return `2${String.fromCharCode(0x100 + magnitude(significant))}${significant}`;
  }
  const significant = (-digits).toString();
  // The end mark puts -1.5 before -1.
  return `0${String.fromCharCode(0x300 - magnitude(significant))}${complement(significant)}~`;
};

/** Bytes that a number counts in an item: two digits a byte, one more, and one for a minus sign. */
export const numberBytes = (text: string): number => {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (text.startsWith('-') ? 1 : 0);
};
