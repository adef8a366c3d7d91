/** Which effect a call that writes means: its key, by the tool's strategy, and the fingerprint of its arguments. */
import type { Caller } from '../caller.ts';
import { evaluate, type Expression } from '../expression.ts';
import { hashArguments, hashKey } from '../idempotency/key.ts';
import { windowAt, windowWithinGrace } from '../idempotency/occurrence.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { IdempotencyPolicy, Occurrence } from '../policy.ts';
import { invalidArguments, keyRequired, Refusal } from './errors.ts';

export interface Effect {
  readonly key: string;
  /** The key this call would have had in the window before, while that is only just over. */
  readonly previousKey?: string;
  readonly fingerprint: string;
  /** What reaches the request or the handler: all arguments but the idempotency key. */
  readonly args: JsonObject;
}

export interface EffectInput {
  readonly server: string;
  readonly environment: string;
  readonly tool: string;
  readonly policy: IdempotencyPolicy;
  readonly caller: Caller;
  /** Validated, defaults filled in. */
  readonly args: JsonObject;
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds since the epoch; only an occurrence that is a window of time asks for it. */
  readonly now: number;
}

export const KEY_ARGUMENT = 'idempotency_key';
export const KEY_META = 'hardened-mcp/idempotency-key';

/** Throws `Refusal` where a value that the key needs is missing or empty. */
export function identifyEffect(input: EffectInput): Effect {
  switch (input.policy.strategy) {
    case 'derived-key':
    case 'read-before-write':
      return byDerivedKey(input, input.policy);
    case 'caller-key':
      return byCallerKey(input);
    case 'natural':
      return { key: keyOf(input, ['natural'], [input.args]), fingerprint: hashArguments(input.args), args: input.args };
  }
}

function byDerivedKey(input: EffectInput, policy: Extract<IdempotencyPolicy, { readonly key: unknown }>): Effect {
  const { occurrence } = policy;
  const values = policy.key.map((expression) => keyValue(expression, input));
  const spec = [
    policy.strategy,
    policy.key.map(nameOf),
    occurrence === undefined ? null : nameOfOccurrence(occurrence),
  ];
  const { current, previous } = occurrences(occurrence, input);
  return {
    key: keyOf(input, spec, values, current),
    ...(previous === undefined ? {} : { previousKey: keyOf(input, spec, values, previous) }),
    fingerprint: hashArguments(input.args),
    args: input.args,
  };
}

function byCallerKey(input: EffectInput): Effect {
  const callerKey = readCallerKey(input);
  const { [KEY_ARGUMENT]: _, ...args } = input.args;
  return { key: keyOf(input, ['caller-key'], [callerKey]), fingerprint: hashArguments(args), args };
}

function keyOf(input: EffectInput, spec: JsonValue, values: readonly JsonValue[], occurrence: JsonValue = null) {
  const { server, environment, tool, caller } = input;
  const { subject, tenant = null } = caller;
  return hashKey({ tenant, subject, server, environment, tool, spec, values, occurrence });
}

function occurrences(
  occurrence: Occurrence | undefined,
  input: EffectInput,
): { readonly current: JsonValue; readonly previous?: JsonValue | undefined } {
  if (occurrence === undefined) return { current: null };
  if ('argument' in occurrence) return { current: keyValue(occurrence.argument, input) };
  return { current: windowAt(occurrence, input.now), previous: windowWithinGrace(occurrence, input.now) };
}

/** Two calls that both leave out what tells them apart would be taken for one: an empty value is no value. */
function keyValue(expression: Expression, { args, caller }: EffectInput): JsonValue {
  const value = evaluate(expression, { args, principal: caller });
  if (value !== undefined && value !== null && !isEmpty(value)) return value;
  const field = expression.source.from === 'args' ? expression.source.pointer : '';
  const rule = value === undefined || value === null ? 'required' : 'minLength';
  throw new Refusal(invalidArguments([{ field, rule, ...(rule === 'minLength' ? { allowed: 1 } : {}) }]));
}

function isEmpty(value: JsonValue): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

const CALLER_KEY = /^[\x21-\x7e]{16,255}$/;

function readCallerKey({ args, meta }: EffectInput): string {
  const given = [args[KEY_ARGUMENT], meta?.[KEY_META]].filter((key) => key !== undefined);
  const [key, other = key] = given;
  if (key === undefined) throw new Refusal(keyRequired());
  const field = `/${KEY_ARGUMENT}`;
  if (typeof key !== 'string' || !CALLER_KEY.test(key)) {
    throw new Refusal(invalidArguments([{ field, rule: 'pattern', allowed: CALLER_KEY.source }]));
  }
  if (key !== other) throw new Refusal(invalidArguments([{ field, rule: 'const', allowed: `_meta ${KEY_META}` }]));
  return key;
}

function nameOf({ source }: Expression): string {
  return source.from === 'args' ? `args#${source.pointer}` : source.from;
}

function nameOfOccurrence(occurrence: Occurrence): JsonValue {
  return 'argument' in occurrence ? nameOf(occurrence.argument) : [occurrence.every, occurrence.timezone];
}
