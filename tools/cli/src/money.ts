import { type Currency, minorDigits } from '@orderly/contracts';

/** Minor units as people write them: `1,234.50 EUR`, `153 JPY`. */
export function money(amount: number, currency: Currency): string {
  const digits = minorDigits(currency);
  const text = String(amount).padStart(digits + 1, '0');
  const whole = BigInt(text.slice(0, text.length - digits)).toLocaleString('en');
  return `${digits === 0 ? whole : `${whole}.${text.slice(-digits)}`} ${currency}`;
}
