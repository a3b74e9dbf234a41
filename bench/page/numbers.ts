import type { Spread } from '../spread.ts';

/** `median (min–max)` */
export function of({ median, min, max }: Spread, digits = 0): string {
  const text = (value: number) => thousands(value, digits);
  return `${text(median)} (${text(min)}–${text(max)})`;
}

export function thousands(value: number, digits = 0): string {
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
