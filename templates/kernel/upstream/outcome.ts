import { declaredError } from '../declared-error.ts';
/** From an attempt to how the execution ended: declared errors first, then the status table. */
import type { Execution } from '../execution.ts';
import { evaluate, type Scope } from '../expression.ts';
import { failure } from '../failure.ts';
import type { JsonValue } from '../json.ts';
import type { RequestInput } from '../settings.ts';
import type { DeclaredError, Tool } from '../tool.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { Tried } from './retry.ts';
import type { Answer, AnswerBody, Attempt } from './send.ts';
import { meaningOf, type Meaning } from './status-table.ts';

type Circumstances = Pick<RequestInput, 'tool' | 'scope' | 'conditions' | 'repeatable'>;

/** How the execution ended after this attempt, and whether another one is safe and may help. */
export function classify(attempt: Attempt, of: Circumstances): Tried<Execution> {
  switch (attempt.kind) {
    case 'not-sent':
      return { result: { kind: 'not-sent', error: failure(UNREACHABLE) }, again: true };
    case 'lost':
      return uncertain(of, UNANSWERED);
    case 'answered':
      return classifyAnswer(attempt.answer, of);
  }
}

/** What an earlier attempt may have done, no later refusal undoes: only an effect that is certain settles it. */
export function combine(before: Execution | undefined, latest: Execution): Execution {
  const happened = latest.kind === 'succeeded' || (latest.kind === 'rejected' && latest.error.executed === 'yes');
  return before?.kind === 'ambiguous' && !happened ? before : latest;
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
  const refused = isRead(of.tool) || (answer.status >= 300 && meaningOf(answer.status).refused);
  const executed = declared.executed ?? (refused ? 'no' : 'unknown');
  const error = declaredError(declared, scope, { executed, retryAfterMs });
  const again = of.repeatable && declared.category === 'unavailable';
  if (executed === 'unknown') return { result: { kind: 'ambiguous', error }, again, retryAfterMs };
  // An effect that happened must never be run again, so its error is the key's final answer.
  const terminal = declared.terminal === true || executed === 'yes';
  return { result: { kind: 'rejected', error, terminal }, again, retryAfterMs };
}

function succeeded(answer: Answer, of: Circumstances): Tried<Execution> {
  if (answer.body.kind === 'broken') return uncertain(of, UNANSWERED);
  if (answer.body.kind === 'too-large') {
    const executed = isRead(of.tool) ? 'no' : 'yes';
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
  return { result: { kind: 'rejected', error: failure(meaning, waits), terminal: false }, again: false };
}

/** A read that failed has done nothing; a write may have happened. */
function uncertain(of: Circumstances, meaning: Meaning, retryAfterMs?: number): Tried<Execution> {
  const again = of.repeatable && meaning.transient === true;
  if (isRead(of.tool)) {
    return { result: { kind: 'rejected', error: failure(meaning, { retryAfterMs }), terminal: false }, again };
  }
  const about =
    meaning.category === 'unavailable' ? (of.repeatable ? OUTCOME_UNKNOWN_REPEATABLE : OUTCOME_UNKNOWN) : meaning;
  const suggestedAction = of.repeatable ? 'Send the same call again.' : undefined;
  return { result: { kind: 'ambiguous', error: failure(about, { executed: 'unknown', suggestedAction }) }, again };
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

const OUTCOME_UNKNOWN_REPEATABLE = {
  ...OUTCOME_UNKNOWN,
  message: `${OUTCOME_UNKNOWN.message} It sets a value, so sending the same call again is safe.`,
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

function isRead(tool: Tool): boolean {
  return tool.policy.mutability === 'read-only';
}

function valueOf(body: AnswerBody): JsonValue | undefined {
  return body.kind === 'json' || body.kind === 'text' ? body.value : undefined;
}
