/** Calls as what they mean, the ways of sending each, and the way of what was sent through the pipeline to its key. */
import type { JsonSchema } from '../../src/manifest/json-schema.ts';
import { compileSchema } from '../../src/model/validators.ts';
import { args } from '../../templates/kernel/expression.ts';
import type { JsonObject, JsonValue } from '../../templates/kernel/json.ts';
import {
  identifyEffect,
  KEY_ARGUMENT,
  KEY_META,
  type Effect,
} from '../../templates/kernel/pipeline/identify-effect.ts';
import { readArguments } from '../../templates/kernel/pipeline/read-arguments.ts';
import { validateArguments } from '../../templates/kernel/pipeline/validate-arguments.ts';
import type { IdempotencyPolicy } from '../../templates/kernel/policy.ts';
import type { Tool } from '../../templates/kernel/tool.ts';
import { spell, type Pick } from './spelling.ts';

/** One call, said in the one way in which each meaning can be said once. */
export interface Meaning {
  readonly server: string;
  readonly environment: string;
  readonly tool: string;
  readonly subject: string;
  readonly tenant: string | null;
  readonly policy: keyof typeof POLICIES;
  /** Of the local calendar in `TIMEZONE`, from 28 February 2028. */
  readonly day: number;
  readonly minute: number;
  readonly callerKey: string;
  readonly invoice: string;
  readonly amount: number;
  readonly currency: string;
  readonly options: { readonly notify: boolean; readonly channel: string };
  readonly extra: JsonObject;
}

/** Half an hour off the full hour, and without daylight saving time: its days can be told without a library. */
const TIMEZONE = { name: 'Asia/Kolkata', offsetMs: 5.5 * 3_600_000 } as const;
const FIRST_DAY = Date.UTC(2028, 1, 28);

export const POLICIES = {
  natural: { strategy: 'natural', recovery: 'send-again' },
  invoice: { strategy: 'derived-key', key: [args('/invoice')], recovery: 'quarantine' },
  currency: { strategy: 'derived-key', key: [args('/currency')], recovery: 'quarantine' },
  amount: { strategy: 'derived-key', key: [args('/invoice'), args('/amount')], recovery: 'quarantine' },
  daily: {
    strategy: 'derived-key',
    key: [args('/invoice')],
    occurrence: { every: 'day', timezone: TIMEZONE.name },
    recovery: 'quarantine',
  },
  perCurrency: {
    strategy: 'derived-key',
    key: [args('/invoice')],
    occurrence: { argument: args('/currency') },
    recovery: 'quarantine',
  },
  callerKey: { strategy: 'caller-key', recovery: 'quarantine' },
} as const satisfies Readonly<Record<string, IdempotencyPolicy>>;

const DEFAULTS = { amount: 1, currency: 'EUR', options: { notify: false, channel: 'mail' }, extra: {} } as const;

const SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['invoice'],
  properties: {
    invoice: { type: 'string', minLength: 1 },
    amount: { type: 'number', default: DEFAULTS.amount },
    currency: { type: 'string', default: DEFAULTS.currency },
    options: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        notify: { type: 'boolean', default: DEFAULTS.options.notify },
        channel: { type: 'string', default: DEFAULTS.options.channel },
      },
    },
    extra: { type: 'object', default: DEFAULTS.extra },
    [KEY_ARGUMENT]: { type: 'string' },
  },
};

const { validate } = compileSchema(SCHEMA, 'input');
const LIMITS = { maxBodyBytes: 100_000, maxDepth: 16, maxElements: 1_000 };

/** What the pipeline makes of a meaning, sent in one of many ways. Throws `Refusal`. */
export function effectOf(meaning: Meaning, pick: Pick): Effect {
  const { server, environment, tool, subject, tenant, policy, callerKey } = meaning;
  const keyInMeta = pick(2) === 0;
  const given = policy === 'callerKey' && !keyInMeta ? { [KEY_ARGUMENT]: callerKey } : {};
  return effectOfText(spell({ ...argumentsOf(meaning, pick), ...given }, pick), {
    server,
    environment,
    tool,
    policy: POLICIES[policy],
    // What a caller may do, and in which session, makes no other operation.
    caller: {
      subject,
      ...(tenant === null ? {} : { tenant }),
      run: `run-${pick(3)}`,
      scopes: new Set(['write', 'read'].slice(pick(2))),
      roles: new Set(),
    },
    meta: policy === 'callerKey' && keyInMeta ? { [KEY_META]: callerKey, progressToken: pick(9) } : undefined,
    now: timeOf(meaning) + pick(60_000),
  });
}

/** The effect of arguments as JSON text, by the pipeline's own steps. */
export function effectOfText(text: string, about: Omit<Parameters<typeof identifyEffect>[0], 'args'>): Effect {
  const read = readArguments(JSON.parse(text), LIMITS);
  return identifyEffect({ ...about, args: validateArguments(toolOf(about), validate, read) });
}

function toolOf({ tool, policy }: { readonly tool: string; readonly policy: IdempotencyPolicy }): Tool {
  return {
    definition: {
      name: tool,
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    },
    policy: { mutability: 'additive', scopes: [], roles: [], idempotency: policy, sensitive: [] },
    errors: [],
    validators: async () => ({ input: validate }),
  };
}

/** The arguments, with those that are the default left out or not. */
function argumentsOf({ invoice, amount, currency, options, extra }: Meaning, pick: Pick): JsonObject {
  const given = { amount, currency, options: withoutDefaults({ ...options }, DEFAULTS.options, pick), extra };
  return { invoice, ...withoutDefaults(given, { ...DEFAULTS, options: {} }, pick) };
}

function withoutDefaults(given: JsonObject, defaults: JsonObject, pick: Pick): JsonObject {
  const isDefault = (name: string, value: JsonValue) => JSON.stringify(value) === JSON.stringify(defaults[name]);
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => !isDefault(name, value) || pick(2) === 0));
}

function timeOf({ day, minute }: Meaning): number {
  return FIRST_DAY + day * 86_400_000 + minute * 60_000 - TIMEZONE.offsetMs;
}

/** Everything that makes a call another operation, and nothing else. */
export function operationMeant(meaning: Meaning): unknown {
  const { server, environment, tool, subject, tenant, policy } = meaning;
  return { server, environment, tool, subject, tenant, policy, by: keyMeant(meaning) };
}

function keyMeant(meaning: Meaning): unknown {
  const { invoice, amount, currency, day, callerKey } = meaning;
  switch (meaning.policy) {
    case 'natural':
      return argumentsMeant(meaning);
    case 'invoice':
      return { invoice };
    case 'currency':
      return { currency };
    case 'amount':
      return { invoice, amount };
    case 'daily':
      return { invoice, day };
    case 'perCurrency':
      return { invoice, currency };
    case 'callerKey':
      return { callerKey };
  }
}

/** Everything that must be the same for a call to be a repeat, and not a conflict. */
export function argumentsMeant({ invoice, amount, currency, options, extra }: Meaning): unknown {
  return { invoice, amount, currency, options, extra };
}
