/** From an attempt to how the execution ended: declared errors first, then the status table. */
import { declaredError } from '../declared-error.ts';
import type { Execution } from '../execution.ts';
import { evaluate, type Scope } from '../expression.ts';
import { failure, type ErrorBody } from '../failure.ts';
import type { RequestInput } from '../settings.ts';
import type { DeclaredError } from '../tool.ts';
import { addressRefused } from './address-refused.ts';
import { valueOf, type Answer } from './answer.ts';
import { isWordOnKey, type Repetition } from './doubt.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { Tried } from './retry.ts';
import type { Attempt } from './send.ts';
import { meaningOf, type Meaning } from './status-table.ts';

type Circumstances = Pick<RequestInput, 'tool' | 'scope' | 'conditions'> & { readonly repetition: Repetition };

/** How the execution ended after this attempt, and whether another one is safe and may help. */
export function classify(attempt: Attempt, of: Circumstances): Tried<Execution> {
  switch (attempt.kind) {
    case 'not-sent':
      return { result: { kind: 'not-sent', error: failure(UNREACHABLE) }, again: true };
    case 'not-allowed':
      return { result: { kind: 'not-sent', error: addressRefused() }, again: false };
    case 'too-late':
      return { result: { kind: 'not-sent', error: failure(TOO_LATE) }, again: false };
    case 'lost':
      return uncertain(of, UNANSWERED);
    case 'answered':
      return classifyAnswer(attempt.answer, of);
  }
}

function classifyAnswer(answer: Answer, of: Circumstances): Tried<Execution> {
  const declared = of.tool.errors.find((error) => matches(error, answer, of.conditions));
  if (declared !== undefined) return asDeclared(declared, answer, of);
  if (answer.status >= 200 && answer.status < 300) return succeeded(answer, of);
  return byStatus(answer, of);
}

function matches({ when }: DeclaredError, { status, body }: Answer, conditions: Circumstances['conditions']): boolean {
  if (when === undefined || !when.status.includes(status)) return false;
  if (when.body === undefined) return true;
  // A schema such as `{ required: ['code'] }` accepts everything that is no object: only JSON may be asked.
  return body.kind === 'json' && conditions?.[when.body]?.(body.value) === true;
}

function asDeclared(declared: DeclaredError, answer: Answer, of: Circumstances): Tried<Execution> {
  const scope: Scope = { ...of.scope, response: { ...answer, body: valueOf(answer.body) } };
  const retryAfterMs =
    declared.retryAfter === undefined ? undefined : parseRetryAfter(evaluate(declared.retryAfter, scope), Date.now());
  const refused = of.repetition === 'read' || (answer.status >= 300 && meaningOf(answer.status).refused);
  const executed = declared.executed ?? (refused ? 'no' : 'unknown');
  const error = declaredError(declared, scope, { executed, retryAfterMs });
  const again = mayRepeat(of) && executed !== 'yes' && declared.category === 'unavailable';
  if (executed === 'unknown') return { result: { kind: 'ambiguous', error }, again, retryAfterMs };
  // An effect that happened must never be run again, so its error is the key's final answer.
  const terminal = declared.terminal === true || executed === 'yes';
  return { result: rejected(error, { terminal, status: answer.status, of }), again, retryAfterMs };
}

function succeeded(answer: Answer, of: Circumstances): Tried<Execution> {
  if (answer.body.kind === 'broken') return uncertain(of, UNANSWERED);
  if (answer.body.kind === 'too-large') {
    const executed = of.repetition === 'read' ? 'no' : 'yes';
    const error = failure(RESPONSE_TOO_LARGE, { executed });
    return { result: { kind: 'rejected', error, terminal: executed === 'yes' }, again: false };
  }
  const body = valueOf(answer.body);
  const scope: Scope = { ...of.scope, response: { ...answer, body } };
  const expression = of.tool.request?.result;
  const result = expression === undefined ? body : evaluate(expression, scope);
  return { result: { kind: 'succeeded', result: result ?? null }, again: false };
}

function byStatus(answer: Answer, of: Circumstances): Tried<Execution> {
  const meaning = meaningOf(answer.status);
  const retryAfterMs = parseRetryAfter(answer.headers.get('retry-after') ?? undefined, Date.now());
  if (!meaning.refused) return { ...uncertain(of, meaning, retryAfterMs), retryAfterMs };
  const waits = meaning.category === 'rate_limited' ? { retryAfterMs } : {};
  const { status } = answer;
  return { result: rejected(failure(meaning, waits), { terminal: false, status, of }), again: false };
}

function rejected(
  error: ErrorBody,
  about: { readonly terminal: boolean; readonly status: number; readonly of: Circumstances },
): Execution {
  const { terminal, status, of } = about;
  const isCertain = of.repetition === 'keyed' && error.executed === 'no' && isWordOnKey(status);
  return { kind: 'rejected', error, terminal, ...(isCertain ? { certain: true } : {}) };
}

/** A read that failed has done nothing; a write may have happened. */
function uncertain(of: Circumstances, meaning: Meaning, retryAfterMs?: number): Tried<Execution> {
  const again = mayRepeat(of) && meaning.transient === true;
  if (of.repetition === 'read') {
    return { result: { kind: 'rejected', error: failure(meaning, { retryAfterMs }), terminal: false }, again };
  }
  const about =
    meaning.category === 'unavailable'
      ? { ...OUTCOME_UNKNOWN, message: `${OUTCOME_UNKNOWN.message}${WHY_SAFE[of.repetition]}` }
      : meaning;
  const suggestedAction = mayRepeat(of) ? 'Send the same call again.' : undefined;
  return { result: { kind: 'ambiguous', error: failure(about, { executed: 'unknown', suggestedAction }) }, again };
}

function mayRepeat({ repetition }: Circumstances): boolean {
  return repetition !== 'twice';
}

const UNANSWERED: Meaning = {
  code: 'UPSTREAM_UNAVAILABLE',
  category: 'unavailable',
  message: 'The upstream did not answer completely. The same call may succeed later.',
  refused: false,
  transient: true,
};

const OUTCOME_UNKNOWN = {
  code: 'OUTCOME_UNKNOWN',
  category: 'outcome_unknown',
  message: 'The request was sent, but the upstream did not say what became of it. It may have been executed.',
} as const;

const WHY_SAFE = {
  'set-again': ' It sets a value, so sending the same call again is safe.',
  keyed: ' The upstream executes each operation once, so sending the same call again is safe.',
  twice: '',
} as const;

const RESPONSE_TOO_LARGE = {
  code: 'UPSTREAM_RESPONSE_TOO_LARGE',
  category: 'upstream_error',
  message: 'The answer of the upstream was larger than this server accepts. Ask for less.',
} as const;

const UNREACHABLE = {
  code: 'UPSTREAM_UNAVAILABLE',
  category: 'unavailable',
  message: 'The upstream could not be reached, so nothing was sent. The same call may succeed later.',
} as const;

const TOO_LATE = {
  code: 'TOO_LATE_TO_SEND',
  category: 'unavailable',
  message: 'The server was held up for longer than its claim lasts, so nothing was sent. Send the same call again.',
} as const;
