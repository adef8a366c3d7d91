/**
 * The errors that the pipeline itself gives: stable codes, and their wording in one place. Each message says
 * what is wrong and what to do next, and none repeats what an upstream or a handler said.
 */
import { failure, type Category, type ErrorBody, type FailureDetails, type Violation } from '../failure.ts';

/** Every code of the pipeline, with its category. */
export const CODES = {
  INVALID_ARGUMENTS: 'invalid_input',
  ARGUMENTS_TOO_DEEP: 'invalid_input',
  ARGUMENTS_TOO_LARGE: 'invalid_input',
  SCOPE_MISSING: 'permission_denied',
  ROLE_MISSING: 'permission_denied',
  TENANT_MISSING: 'permission_denied',
  WRITES_DISABLED: 'permission_denied',
  IDEMPOTENCY_KEY_REQUIRED: 'invalid_input',
  IDEMPOTENCY_CONFLICT: 'idempotency_conflict',
  IN_PROGRESS: 'in_progress',
  OUTCOME_UNKNOWN: 'outcome_unknown',
  APPROVAL_REQUIRED: 'approval_required',
  APPROVAL_DENIED: 'permission_denied',
  WRITE_CAP_EXCEEDED: 'cap_exceeded',
  REQUEST_RATE_EXCEEDED: 'rate_limited',
  STORE_HELD: 'unavailable',
  STORE_UNAVAILABLE: 'unavailable',
  CANCELLED: 'cancelled',
  DEADLINE_EXCEEDED: 'unavailable',
  UPSTREAM_UNAVAILABLE: 'unavailable',
  RESULT_INVALID: 'internal',
  RESULT_OMITTED: 'internal',
  RESULT_UNRECORDED: 'internal',
  REPLAY_INCOMPATIBLE: 'internal',
  OPERATION_NOT_FOUND: 'not_found',
  INTERNAL: 'internal',
} as const satisfies Record<string, Category>;

export type Code = keyof typeof CODES;

/** Ends a call before anything is executed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly body: ErrorBody;
  constructor(body: ErrorBody) {
    super(body.code);
    this.body = body;
  }
}

function error(code: Code, message: string, details?: FailureDetails): ErrorBody {
  return failure({ code, category: CODES[code], message }, details);
}

export function invalidArguments(violations: readonly Violation[]): ErrorBody {
  const faults = violations.slice(0, 3).map(({ field, rule }) => `${field || '/'} (${rule})`);
  const more = violations.length > faults.length ? ` and ${violations.length - faults.length} more` : '';
  const message = `The arguments are not valid: ${faults.join(', ')}${more}. Correct them as the violations say, then call again.`;
  return error('INVALID_ARGUMENTS', message, { violations });
}

export const argumentsTooDeep = (limit: number) =>
  error('ARGUMENTS_TOO_DEEP', `The arguments are nested deeper than ${limit} levels. Send a flatter value.`);

export const argumentsTooLarge = (limit: number) =>
  error('ARGUMENTS_TOO_LARGE', `The arguments hold more than ${limit} values. Send fewer, in several calls.`);

export const scopeMissing = (tool: string, scopes: readonly string[]) =>
  error('SCOPE_MISSING', `${tool} needs the scopes ${scopes.join(', ')}. Ask for a caller who holds all of them.`);

export const roleMissing = (tool: string, roles: readonly string[]) =>
  error('ROLE_MISSING', `${tool} needs one of the roles ${roles.join(', ')}. Ask for a caller who has one of them.`);

export const tenantMissing = (tool: string) =>
  error('TENANT_MISSING', `${tool} acts for one tenant, and this caller has none. Ask for a caller who has one.`);

export const writesDisabled = (tool: string) =>
  error(
    'WRITES_DISABLED',
    `${tool} writes, and writes are off on this server. An operator turns them on with MCP_WRITES=enabled.`,
  );

export const keyRequired = () =>
  error(
    'IDEMPOTENCY_KEY_REQUIRED',
    'This tool needs an idempotency key: send 16 to 255 visible ASCII characters as the argument idempotency_key, ' +
      'the same for every try of one intent and a new one for a new intent.',
    { violations: [{ field: '/idempotency_key', rule: 'required' }] },
  );

export const idempotencyConflict = (operationId: string) =>
  error(
    'IDEMPOTENCY_CONFLICT',
    'This operation was already asked for with other arguments, which stand. Repeat it with those arguments, or ' +
      'ask for another operation: other key fields, another idempotency key, or a later occurrence.',
    { operationId },
  );

export const inProgress = (operationId: string, retryAfterMs: number) =>
  error('IN_PROGRESS', 'The same operation is being executed. Send the same call again after the given time.', {
    operationId,
    retryAfterMs,
  });

/** What to do about an operation that may have happened. */
export const CHECK_STATUS =
  'Call get_operation_status with this operation_id; while it says unknown, ask a person to find out.';

/** The error with the operation that it is about; where nobody knows what happened, with what to do about that. */
export function aboutOperation(given: ErrorBody, operationId: string): ErrorBody {
  const { operation_id: _, ...error } = given;
  const action = error.suggested_action ?? (error.executed === 'unknown' ? CHECK_STATUS : undefined);
  return { ...error, ...(action === undefined ? {} : { suggested_action: action }), operation_id: operationId };
}

export const outcomeUnknown = (operationId: string) =>
  error(
    'OUTCOME_UNKNOWN',
    'It is not known whether this operation was executed, so it is not executed again. Find out before doing anything else.',
    { operationId, suggestedAction: CHECK_STATUS },
  );

/** `scope`: what an approver holds; `null` where the caller is asked in the client, if that can be done. */
export const approvalRequired = (
  operationId: string,
  { summary, scope, wasAsked }: { readonly summary: string; readonly scope: string | null; readonly wasAsked: boolean },
) => {
  const [message, suggestedAction] = scope === null ? fromCaller(summary, wasAsked) : fromApprover(summary, scope);
  return error('APPROVAL_REQUIRED', message, { operationId, suggestedAction });
};

function fromApprover(summary: string, scope: string): readonly [message: string, suggestedAction: string] {
  return [
    `Somebody who holds ${scope} has to approve first: ${summary}. Send the same call again once they have.`,
    `Give the operation_id to somebody who holds ${scope}, and wait.`,
  ];
}

function fromCaller(summary: string, wasAsked: boolean): readonly [message: string, suggestedAction: string] {
  return wasAsked
    ? [
        `A person has to agree first, and has not answered: ${summary}. The same call asks them again.`,
        'Talk to the person before you call again.',
      ]
    : [
        `A person has to agree first, and this client cannot ask one: ${summary}. Use a client that supports elicitation.`,
        'Tell the person that this client cannot ask for approval.',
      ];
}

export const approvalDenied = (operationId: string, summary: string) =>
  error('APPROVAL_DENIED', `This was not approved, and nothing was executed: ${summary}. Do not ask for it again.`, {
    operationId,
  });

/** `window`: as people say it, such as "in this hour". */
export const capExceeded = (
  tool: string,
  { limit, window, endsInMs }: { readonly limit: number; readonly window: string; readonly endsInMs: number | null },
) =>
  error(
    'WRITE_CAP_EXCEEDED',
    `${tool} reached its cap of ${limit} writes ${window}, so nothing was executed. Tell the person; do not look for another way.`,
    endsInMs === null ? {} : { retryAfterMs: endsInMs },
  );

export const requestRateExceeded = (perMinute: number, retryAfterMs: number) =>
  error('REQUEST_RATE_EXCEEDED', `More than ${perMinute} calls in a minute. Wait, then send the same call again.`, {
    retryAfterMs,
  });

export const storeHeld = () =>
  error(
    'STORE_HELD',
    'The record of operations was restored from a backup, so what cannot be undone waits until an operator has looked.',
    { retryAfterMs: 60_000 },
  );

export const storeUnavailable = () =>
  error(
    'STORE_UNAVAILABLE',
    'The record of operations cannot be reached, so nothing was executed. Send the same call again later.',
    { retryAfterMs: 1_000 },
  );

export const cancelled = () => error('CANCELLED', 'The call was cancelled before anything was executed.');

export const deadlineExceeded = () =>
  error('DEADLINE_EXCEEDED', 'The call took longer than this server allows, and nothing was changed. Try again later.');

export const upstreamUnavailable = () =>
  error('UPSTREAM_UNAVAILABLE', 'The system behind this tool gave no usable answer. Send the same call again later.');

export const resultInvalid = (operationId: string) =>
  error(
    'RESULT_INVALID',
    'The call was executed, but its result is not what this tool promises, so it is withheld. Do not call again; ' +
      'report the operation_id.',
    { executed: 'yes', operationId },
  );

export const resultOmitted = (operationId: string, about: { readonly bytes: number; readonly sha256: string }) =>
  error(
    'RESULT_OMITTED',
    `The operation was executed. Its result (${about.bytes} bytes, sha256 ${about.sha256}) was too large to keep. ` +
      'Read the current state instead of calling again.',
    { executed: 'yes', operationId },
  );

export const resultUnrecorded = (operationId: string) =>
  error(
    'RESULT_UNRECORDED',
    'The operation was executed: an operator found out. Its result is not known. It is not executed again; read the ' +
      'current state instead.',
    { executed: 'yes', operationId },
  );

export const replayIncompatible = (operationId: string) =>
  error(
    'REPLAY_INCOMPATIBLE',
    'The operation was executed before, but its result no longer fits what this tool returns today. It is not ' +
      'executed again; read the current state instead.',
    { executed: 'yes', operationId },
  );

export const operationNotFound = () =>
  error('OPERATION_NOT_FOUND', 'There is no such operation among those you asked for. Check the operation_id.');

/** `executed`: no for reads, unknown for writes that had begun. */
export const internal = (operationId: string, executed: 'no' | 'unknown') =>
  error(
    'INTERNAL',
    'The server failed unexpectedly. The details are in its log under this operation_id; report it.',
    executed === 'unknown' ? { executed, operationId, suggestedAction: CHECK_STATUS } : { executed, operationId },
  );
