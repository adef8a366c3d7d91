/** Operations for people: one in full, and what follows from an answer. */
import { escapeControls } from '../log.ts';
import type { Action, OperationView } from './desk.ts';

const LONGEST_VALUE = 2_000;

/** Everything that is known of it, and what can be done now. */
export function describeOperation(operation: OperationView, program: string): string {
  const { actions, age_ms: age, ...facts } = operation;
  const known = Object.entries({ ...facts, age: duration(age) }).map(
    ([name, value]) => `${name.padEnd(WIDTH)}${valueText(value)}`,
  );
  return [...known, '', ...whatNow(operation.operation_id, actions, program)].join('\n');
}

const WIDTH = 16;

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? plain(value) : escapeControls(JSON.stringify(value, null, 2));
  const short =
    text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE).toWellFormed()}… (all of it: --json)`;
  return short.replaceAll('\n', `\n${' '.repeat(WIDTH)}`);
}

const COMMANDS: Readonly<Record<Action, readonly string[]>> = {
  approve: ['approve ID'],
  deny: ['deny ID'],
  resolve: ['resolve ID --executed --result <file>', 'resolve ID --executed', 'resolve ID --not-executed'],
};

function whatNow(id: string, actions: readonly Action[], program: string): readonly string[] {
  if (actions.length === 0) return ['There is nothing to do about it now.'];
  const first = actions.includes('resolve')
    ? 'Find out at the upstream whether it happened, then say so:'
    : 'Answer the question, or let it expire:';
  const commands = actions.flatMap((action) => COMMANDS[action]);
  return [first, ...commands.map((command) => `  ${program} ${command.replace('ID', id)}`)];
}

/** What follows from what an operator just said. */
export function afterAnswer({ operation_id: id, state, approval }: OperationView): string {
  switch (state) {
    case 'approved':
      return `Approved: ${plain(approval?.summary ?? id)}. The same call will be executed once, until ${approval?.expires_at}.`;
    case 'denied':
      return `Denied: ${plain(approval?.summary ?? id)}. The same call is told so, until ${approval?.expires_at}.`;
    case 'released':
      return `${id} was not executed. The same call will be executed again.`;
    case 'done':
      return `${id} was executed. The same call is answered from the record, and not executed again.`;
    default:
      return `${id} is ${state}.`;
  }
}

/** Without what a terminal acts on. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, ' ');
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

/** In its largest unit: `3d`, `17h`, `5m`, `42s`. */
export function duration(ms: number): string {
  const unit = UNITS.find(([, length]) => ms >= length);
  return unit === undefined ? `${Math.max(0, Math.floor(ms / 1_000))}s` : `${Math.floor(ms / unit[1])}${unit[0]}`;
}
