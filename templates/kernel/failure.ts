/**
 * The error envelope: what a caller is told when a call did not succeed. Its shape is public and fixed;
 * the text of a failed call is the JSON of `{ ok: false, error }`.
 */
import type { JsonValue } from './json.ts';

export type Category =
  | 'invalid_input'
  | 'unauthenticated'
  | 'permission_denied'
  | 'not_found'
  | 'conflict'
  | 'failed_precondition'
  | 'approval_required'
  | 'rate_limited'
  | 'unavailable'
  | 'cancelled'
  | 'cap_exceeded'
  | 'idempotency_conflict'
  | 'in_progress'
  | 'outcome_unknown'
  | 'upstream_error'
  | 'internal';

/** What the caller may do next. */
export type Retry = 'never' | 'after_fix' | 'same_call' | 'check_status_first' | 'after_auth' | 'after_approval';

/** Whether the effect happened. */
export type Executed = 'no' | 'yes' | 'pending' | 'unknown';

/** One fault of the arguments. `field` is a JSON Pointer; `rule` the JSON Schema keyword. */
export interface Violation {
  readonly field: string;
  readonly rule: string;
  readonly allowed?: JsonValue;
  readonly got?: JsonValue;
}

/** The error as it goes over the wire; optional members are absent, never null. */
export interface ErrorBody {
  readonly code: string;
  readonly category: Category;
  readonly message: string;
  /** The same call, unchanged, is safe and may succeed. */
  readonly retryable: boolean;
  readonly retry: Retry;
  readonly executed: Executed;
  readonly retry_after_ms?: number;
  readonly field?: string;
  readonly violations?: readonly Violation[];
  readonly suggested_action?: string;
  readonly operation_id?: string;
}

const RETRY: Readonly<Record<Category, Retry>> = {
  invalid_input: 'after_fix',
  unauthenticated: 'after_auth',
  permission_denied: 'never',
  not_found: 'after_fix',
  conflict: 'after_fix',
  failed_precondition: 'after_fix',
  approval_required: 'after_approval',
  rate_limited: 'same_call',
  unavailable: 'same_call',
  cancelled: 'same_call',
  cap_exceeded: 'never',
  idempotency_conflict: 'after_fix',
  in_progress: 'same_call',
  outcome_unknown: 'check_status_first',
  upstream_error: 'never',
  internal: 'never',
};

const EXECUTED: Readonly<Partial<Record<Category, Executed>>> = {
  in_progress: 'pending',
  outcome_unknown: 'unknown',
};

export interface FailureDetails {
  readonly executed?: Executed | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly violations?: readonly Violation[] | undefined;
  readonly suggestedAction?: string | undefined;
  readonly operationId?: string | undefined;
}

/**
 * The envelope of a category; `retry`, `retryable` and the usual `executed` follow from it. Where the effect
 * happened or may have happened, the same call is never offered again.
 */
export function failure(
  about: { readonly code: string; readonly category: Category; readonly message: string },
  details: FailureDetails = {},
): ErrorBody {
  const executed = details.executed ?? EXECUTED[about.category] ?? 'no';
  const retry = retryOf(about.category, executed);
  const [first] = details.violations ?? [];
  return {
    code: about.code,
    category: about.category,
    message: about.message,
    retryable: retry === 'same_call',
    retry,
    executed,
    ...(details.retryAfterMs === undefined ? {} : { retry_after_ms: details.retryAfterMs }),
    ...(first === undefined ? {} : { field: first.field }),
    ...(details.violations === undefined ? {} : { violations: details.violations }),
    ...(details.suggestedAction === undefined ? {} : { suggested_action: details.suggestedAction }),
    ...(details.operationId === undefined ? {} : { operation_id: details.operationId }),
  };
}

function retryOf(category: Category, executed: Executed): Retry {
  if (executed === 'unknown') return 'check_status_first';
  const usual = RETRY[category];
  return executed === 'yes' && usual === 'same_call' ? 'never' : usual;
}
