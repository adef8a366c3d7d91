/** Money in US dollars: sums are rounded to cents, as binary fractions would drift. */

export function roundToCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

export function sum(amounts: readonly number[]): number {
  return roundToCents(amounts.reduce((total, amount) => total + amount, 0));
}
