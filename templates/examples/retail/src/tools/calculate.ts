import type { CalculateHandler } from '../generated/types/calculate.ts';
import { evaluateArithmetic } from '../retail/arithmetic.ts';
import { roundToCents } from '../retail/money.ts';

export const handler: CalculateHandler = ({ expression }, ctx) => {
  const value = evaluateArithmetic(expression) ?? ctx.fail('EXPRESSION_INVALID');
  return { result: roundToCents(value) };
};
