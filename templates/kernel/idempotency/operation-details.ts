/** The parts of an operation that no store looks for: kept as one JSON text. */
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Operation } from './operation.ts';

type Details = Pick<
  Operation,
  'asked' | 'inDoubt' | 'firstSent' | 'charges' | 'approval' | 'steps' | 'step' | 'resolvedBy'
>;

/** What a row without details stands for, and one whose details make no sense. */
const NONE: Details = {
  asked: { arguments: {}, complete: false },
  inDoubt: false,
  firstSent: null,
  charges: [],
  approval: null,
  steps: {},
  step: null,
  resolvedBy: null,
};

export function writeDetails(operation: Operation): string {
  const { asked, inDoubt, firstSent, charges, approval, steps, step, resolvedBy } = operation;
  return JSON.stringify({ asked, inDoubt, firstSent, charges, approval, steps, step, resolvedBy } satisfies Details);
}

/** `sound`: nothing is known to be missing. Rows of the first release have no details, and needed none. */
export function readDetails(text: unknown): { readonly sound: boolean; readonly details: Details } {
  if (text === null || text === undefined) return { sound: true, details: NONE };
  const value = parse(text);
  return isDetails(value) ? { sound: true, details: value } : { sound: false, details: NONE };
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function isDetails(value: unknown): value is Details {
  if (!isJsonObject(value)) return false;
  const { asked, inDoubt, firstSent, charges, approval, steps, step, resolvedBy } = value;
  return (
    isJsonObject(asked) &&
    isJsonObject(asked['arguments']) &&
    typeof asked['complete'] === 'boolean' &&
    typeof inDoubt === 'boolean' &&
    (firstSent === null || isFirstSent(firstSent)) &&
    Array.isArray(charges) &&
    charges.every((charge) => typeof charge === 'string') &&
    (approval === null || isApproval(approval)) &&
    isJsonObject(steps) &&
    isTextOrNull(step) &&
    isTextOrNull(resolvedBy)
  );
}

function isFirstSent(value: unknown): boolean {
  return isJsonObject(value) && typeof value['at'] === 'number' && isTextOrNull(value['digest']);
}

function isApproval(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const { by, scope, summary, expiresMs, expiresAt, decidedBy }: JsonObject = value;
  return (
    (by === 'caller' || by === 'approver') &&
    isTextOrNull(scope) &&
    typeof summary === 'string' &&
    typeof expiresMs === 'number' &&
    typeof expiresAt === 'number' &&
    isTextOrNull(decidedBy)
  );
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
