/** What must hold of every entry, whatever happened to the processes, the store and the connections. Pure. */
import type { OperationState } from '../../templates/kernel/idempotency/operation.ts';
import type { Heard } from './load.ts';
import type { Mode } from './manifest.ts';
import type { Reply } from './worker.ts';

/** All that is known of an entry in the end. */
export interface History {
  readonly name: string;
  /** In the order in which it was heard; the last is what is told from now on. */
  readonly heard: readonly Heard[];
  /** The lines of the ledger that it became. */
  readonly effects: readonly string[];
  /** What its operation is in the store; absent where it has none, or never reached the ledger. */
  readonly state: OperationState | undefined;
}

export type Rule = keyof typeof RULES;

export interface Complaint {
  readonly rule: Rule;
  readonly history: History;
}

type Result = Extract<Reply, { kind: 'result' }>;

/** Each says what is wrong with a history where it is true. */
const RULES = {
  'has two effects': ({ effects }: History) => effects.length > 1,
  'was told two results': (history: History) => new Set(resultsOf(history).map(({ text }) => text)).size > 1,
  'was told a result that is not told again': (history: History) =>
    resultsOf(history).some(({ recorded }) => recorded) && lastOf(history)?.kind !== 'result',
  'was told a result and has no such effect': (history: History) =>
    resultsOf(history).some(({ text }) => !history.effects.some((effect) => text.includes(`"${effect}"`))),
  'has an effect without a mark in the store': ({ effects, state }: History) =>
    effects.length > 0 && state !== 'sent' && state !== 'done' && state !== 'unknown',
  'was said not to be executed by the call that did': ({ heard }: History) =>
    heard.some(({ reply, sent }) => saysNo(reply) && sent.some(({ applied }) => applied)),
  'has an effect that is not told of': (history: History) => history.effects.length > 0 && !tells(lastOf(history)),
  'stays in doubt although there is a way out': ({ state }: History, mode: Mode) =>
    mode !== 'quarantine' && state !== undefined && state !== 'done',
  'met an internal error': ({ heard }: History) => heard.some(({ reply }) => isInternal(reply)),
} as const;

export function judge(histories: readonly History[], mode: Mode): readonly Complaint[] {
  // The keys of the object above, and no others.
  const rules = Object.keys(RULES) as readonly Rule[];
  return histories.flatMap((history) =>
    rules.filter((rule) => RULES[rule](history, mode)).map((rule) => ({ rule, history })),
  );
}

function resultsOf({ heard }: History): readonly Result[] {
  return heard.map(({ reply }) => reply).filter((reply) => reply.kind === 'result');
}

function lastOf({ heard }: History): Reply | undefined {
  return heard.at(-1)?.reply;
}

/** Not knowing is told too. */
function tells(reply: Reply | undefined): boolean {
  if (reply?.kind === 'error') return reply.executed === 'unknown' || reply.executed === 'yes';
  return reply?.kind === 'result';
}

function saysNo(reply: Reply): boolean {
  return reply.kind === 'error' && reply.executed === 'no';
}

function isInternal(reply: Reply): boolean {
  return reply.kind === 'error' && (reply.code === 'INTERNAL' || reply.code.startsWith('protocol error'));
}
