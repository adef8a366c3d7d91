/** How an operation stands in the row or hash of a store, and how it is read back. */
import type { Outcome } from '../execution.ts';
import type { ErrorBody } from '../failure.ts';
import { isJsonObject } from '../json.ts';
import { readDetails, writeDetails } from './operation-details.ts';
import { shelfOf, standsUntil, type Operation, type OperationState } from './operation.ts';

export type Column = string | number | null;

const STATES = {
  'pending-approval': true,
  approved: true,
  denied: true,
  claimed: true,
  sent: true,
  done: true,
  unknown: true,
  released: true,
} satisfies Record<OperationState, true>;

export function writeOperation(operation: Operation): Record<string, Column> {
  return {
    key: operation.key,
    id: operation.id,
    fingerprint: operation.fingerprint,
    tool: operation.tool,
    subject: operation.subject,
    tenant: operation.tenant,
    state: operation.state,
    shelf: shelfOf(operation),
    stands_until: standsUntil(operation),
    fence: operation.fence,
    lease_until: operation.leaseUntil,
    created_at: operation.createdAt,
    updated_at: operation.updatedAt,
    outcome: operation.outcome === null ? null : JSON.stringify(operation.outcome),
    details: writeDetails(operation),
  };
}

const NUMBERS = ['fence', 'lease_until', 'created_at', 'updated_at'] as const;
const isNumber = Number.isSafeInteger;

/** A row that makes no sense reads as UNKNOWN: what it stood for may have happened. */
export function readOperation(row: Readonly<Record<string, unknown>>): Operation {
  const outcome = readOutcome(row['outcome']);
  const state = String(row['state']);
  const details = readDetails(row['details']);
  const numbers = NUMBERS.map((column) => Number(row[column]));
  const [fence = 0, leaseUntil = 0, createdAt = 0, updatedAt = 0] = numbers.map((one) => (isNumber(one) ? one : 0));
  const hasSense = (state === 'done') === (outcome !== undefined) && numbers.every(isNumber) && details.sound;
  const sound = isState(state) && hasSense;
  return {
    id: String(row['id']),
    key: String(row['key']),
    fingerprint: String(row['fingerprint']),
    tool: String(row['tool']),
    subject: String(row['subject']),
    tenant: row['tenant'] === null ? null : String(row['tenant']),
    state: sound ? state : 'unknown',
    fence,
    leaseUntil,
    createdAt,
    updatedAt,
    outcome: sound ? (outcome ?? null) : null,
    ...details.details,
  };
}

function isState(state: string): state is OperationState {
  return Object.hasOwn(STATES, state);
}

function readOutcome(text: unknown): Outcome | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isOutcome(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOutcome(value: unknown): value is Outcome {
  if (!isJsonObject(value)) return false;
  if (value['ok'] === true) return typeof value['result'] === 'string' && isJsonText(value['result']);
  return value['ok'] === false && isErrorBody(value['error']);
}

function isErrorBody(value: unknown): value is ErrorBody {
  const members = ['code', 'category', 'message', 'retry', 'executed'];
  return isJsonObject(value) && members.every((member) => typeof value[member] === 'string');
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
