/** What makes a write safe to repeat. */
import { entry } from './entry.ts';
import { quote } from './words.ts';

export interface KeyArgument {
  readonly expression: string;
  readonly use: 'key' | 'occurrence';
}

export const WRITES = {
  'idempotency-missing': entry<{ readonly tool: string; readonly mutability: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool, mutability }) =>
      `${quote(tool)} is ${mutability} and does not say how a repeated call is recognised.`,
    why: 'Clients repeat calls whose answer was lost. Without a key the second call acts a second time.',
    fix: () => 'Add "idempotency" with a strategy: derived-key, caller-key, natural or read-before-write.',
    example: 'idempotency:\n  strategy: derived-key\n  key: [$args#/invoice_id]',
  }),
  'only-for-writes': entry<{ readonly field: string; readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ field, tool }) => `${quote(tool)} is read-only, where ${quote(field)} has no effect.`,
    why: 'It would look like a guard and guard nothing.',
    fix: ({ field }) => `Remove ${quote(field)}, or correct the mutability.`,
    example: 'mutability: read-only',
  }),
  'strategy-field-unused': entry<{ readonly field: string; readonly strategy: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ field, strategy }) => `The strategy ${strategy} has no use for ${quote(field)}.`,
    why: 'It would look as if it told calls apart or recovered them, and do nothing.',
    fix: ({ field }) => `Remove ${quote(field)}, or choose another strategy.`,
    example: 'idempotency: { strategy: natural }',
  }),
  'key-missing': entry<{ readonly strategy: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ strategy }) => `The strategy ${strategy} needs a key.`,
    why: 'The key says which effect is meant; two calls with equal keys are one effect.',
    fix: () => 'Add "key:" with the arguments that identify the effect.',
    example: 'key: [$args#/invoice_id, $args#/reason]',
  }),
  'key-optional': entry<KeyArgument>({
    severity: 'error',
    stage: 'manifest',
    message: ({ expression, use }) => `${expression} is part of the ${use}, but a call may leave it out.`,
    why: 'Calls that mean different things would share one key, and all but the first would not be executed.',
    fix: () => 'Make the argument required in "inputSchema", at every level down to it.',
    example: 'required: [invoice_id]',
  }),
  'key-nullable': entry<KeyArgument>({
    severity: 'error',
    stage: 'manifest',
    message: ({ expression, use }) => `${expression} is part of the ${use}, but it may be null.`,
    why: 'Calls that mean different things would share one key, and all but the first would not be executed.',
    fix: () => 'Give the argument a type without null.',
    example: 'invoice_id: { type: string, minLength: 1 }',
  }),
  'key-can-be-empty': entry<KeyArgument>({
    severity: 'error',
    stage: 'manifest',
    message: ({ expression, use }) => `${expression} is part of the ${use}, but it may be empty.`,
    why: 'Calls that mean different things would share one key, and all but the first would not be executed.',
    fix: () => 'Require something: minLength, a pattern, an enum or a format for texts, minItems for lists.',
    example: 'invoice_id: { type: string, minLength: 1 }',
  }),
  'timezone-unknown': entry<{ readonly timezone: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ timezone }) => `${quote(timezone)} is no IANA time zone.`,
    why: 'The window starts at midnight there, so it must be a real place.',
    fix: () => 'Write a name such as UTC or Europe/Berlin.',
    example: 'occurrence: { every: day, timezone: Europe/Berlin }',
  }),
  'retention-too-short': entry<{ readonly retention: string; readonly least: string; readonly tool?: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ retention, least, tool }) =>
      `A retention of ${retention} is too short${tool === undefined ? '' : ` for ${quote(tool)}`}: at least ${least}.`,
    why: 'A repeat that arrives after the record is gone acts a second time.',
    fix: ({ least }) => `Write "retention: ${least}" or more.`,
    example: 'idempotency: { store: sqlite, retention: 24h }',
  }),
};
