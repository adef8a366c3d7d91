/** What a worker may do next: the steps of `pipeline/write-path.ts`, between any two of which it may pause or die. */
import type { Execution, Outcome } from '../../../templates/kernel/execution.ts';
import { failure } from '../../../templates/kernel/failure.ts';
import { conclude } from '../../../templates/kernel/pipeline/conclude.ts';
import { outcomeUnknown, upstreamUnavailable } from '../../../templates/kernel/pipeline/errors.ts';
import type { Rules, Step } from './steps.ts';
import { KEY, withAttempt, withWorker, type Attempt, type Worker, type World } from './world.ts';

const ID = 'op_1';
const LEASE_MS = 1_000;
/** Nothing is forgotten here: what is older than its retention may be done again, and is meant to. */
const RETENTION_MS = Number.MAX_SAFE_INTEGER;

const IDLE: Worker = { at: 'idle' };

export function workerSteps(rules: Rules, world: World, index: number): readonly Step[] {
  const worker = world.workers[index] ?? IDLE;
  const at = { rules, world, index, name: `worker ${index + 1}` };
  const { left } = world;
  if (worker.at === 'idle') {
    return [
      ...(left.requests > 0 ? [begin(at, 'requests')] : []),
      ...(left.otherArguments > 0 ? [begin(at, 'otherArguments')] : []),
    ];
  }
  const dead = withWorker({ ...world, left: { ...left, crashes: left.crashes - 1 } }, index, IDLE);
  return [...liveSteps(at, worker), ...(left.crashes > 0 ? [{ what: `worker ${index + 1} crashes`, next: dead }] : [])];
}

interface At {
  readonly rules: Rules;
  readonly world: World;
  readonly index: number;
  readonly name: string;
}

type Busy = Exclude<Worker, { readonly at: 'idle' }>;

function liveSteps(at: At, worker: Busy): readonly Step[] {
  const { world, index, name } = at;
  const { fence } = worker;
  switch (worker.at) {
    case 'claimed':
      return [
        ...markSent(at, fence),
        { what: `the client of ${name} leaves`, next: withWorker(world, index, { at: 'giving-back', fence }) },
      ];
    case 'giving-back':
      return [giveBack(at, fence)];
    case 'sent':
      return [send(at, worker), conclusionOf(at, { fence, late: false }, NOT_SENT)];
    case 'waiting':
      return [...answers(at, worker), ...(worker.late ? [] : giveUp(at, fence))];
    case 'recording':
      return [record(at, worker)];
  }
}

function begin({ rules, world, index, name }: At, what: 'requests' | 'otherArguments'): Step {
  const { scenario, protocol } = rules;
  const sendAgain = scenario.recovery === 'send-again';
  const claim = {
    id: ID,
    key: KEY,
    fingerprint: what,
    tool: 'tool',
    subject: 'ada',
    tenant: null,
    leaseMs: LEASE_MS,
    sendAgain,
  };
  const { now, row, lastFence, left } = world;
  const unknown = row !== undefined && protocol.asOf(row, now).state === 'unknown';
  const { next, result } = protocol.begin(row, claim, { now, lastFence, retentionMs: RETENTION_MS });
  const after = { ...world, row: next, left: { ...left, [what]: left[what] - 1 } };
  const who = `${name} begins${what === 'requests' ? '' : ' with other arguments'}: `;
  switch (result.kind) {
    case 'claimed': {
      const { fence } = result.operation;
      const history = { ...world.history, reruns: world.history.reruns + (unknown && !sendAgain ? 1 : 0) };
      const claimed = { ...after, lastFence: Math.max(lastFence, fence), history };
      return { what: `${who}claimed, fence ${fence}`, next: withWorker(claimed, index, { at: 'claimed', fence }) };
    }
    case 'done':
      return { what: `${who}done`, next: tell(after, result.outcome) };
    default:
      return { what: who + result.kind, next: after };
  }
}

/** SENT may be on record although the store's answer got lost; then nothing is sent. */
function markSent({ rules, world, index, name }: At, fence: number): readonly Step[] {
  const { next: row, result } = rules.protocol.markSent(world.row, { key: KEY, fence }, world.now);
  const marked = row?.state === 'sent' && row.fence === fence;
  const after = { ...world, row };
  const refused = withWorker(after, index, { at: 'giving-back', fence });
  if (!result) return [{ what: `${name} may not send`, next: refused }];
  return [
    { what: `${name} records SENT`, next: withWorker(after, index, { at: 'sent', fence, marked }) },
    { what: `${name} records SENT, and does not hear that it did`, next: refused },
  ];
}

function giveBack({ rules, world, index, name }: At, fence: number): Step {
  const { next: row } = rules.protocol.release(world.row, { key: KEY, fence }, world.now);
  return { what: `${name} gives its claim back`, next: withWorker({ ...world, row }, index, IDLE) };
}

function send({ world, index, name }: At, { fence, marked }: Extract<Worker, { readonly at: 'sent' }>): Step {
  const sent = withAttempt(world, fence, { fence, marked, state: 'flying' });
  return { what: `${name} sends`, next: withWorker(sent, index, { at: 'waiting', fence, late: false }) };
}

const REFUSAL = failure({ code: 'REFUSED', category: 'failed_precondition', message: 'No.' });
const NOT_SENT: Execution<string> = { kind: 'not-sent', error: upstreamUnavailable() };
const AMBIGUOUS: Execution<string> = { kind: 'ambiguous', error: outcomeUnknown(ID) };

/** What may be heard of a request: what became of it, or nothing that says so. */
function answers(at: At, worker: Extract<Worker, { readonly at: 'waiting' }>): readonly Step[] {
  const attempt = at.world.attempts.find(({ fence }) => fence === worker.fence);
  return [...answersOf(attempt), AMBIGUOUS].map((execution) => conclusionOf(at, worker, execution));
}

function answersOf(attempt: Attempt | undefined): readonly Execution<string>[] {
  if (attempt === undefined || attempt.state === 'flying') return [];
  if (attempt.state !== 'refused') return [{ kind: 'succeeded', result: attempt.state.receipt }];
  return [true, false].map((terminal) => ({ kind: 'rejected', error: REFUSAL, terminal }));
}

function conclusionOf(
  { world, index, name }: At,
  { fence, late }: { readonly fence: number; readonly late: boolean },
  execution: Execution<string>,
): Step {
  const conclusion = conclude(execution, ID);
  const heard = world.attempts.find((attempt) => attempt.fence === fence)?.state !== 'flying';
  const after = heard ? withAttempt(world, fence, undefined) : world;
  return {
    what: `${name} hears: ${execution.kind}, so ${conclusion.state}`,
    next: withWorker(after, index, { at: 'recording', fence, late, conclusion }),
  };
}

/** The deadline: the caller is told that the outcome is unknown, the work goes on. The store may be away just then. */
function giveUp({ rules, world, index, name }: At, fence: number): readonly Step[] {
  const late = withWorker(world, index, { at: 'waiting', fence, late: true });
  const { next: row } = rules.protocol.recordUnknown(world.row, { key: KEY, fence }, world.now);
  return [
    { what: `${name} is at its deadline, and records UNKNOWN`, next: { ...late, row } },
    { what: `${name} is at its deadline, and the store away`, next: { ...late, owed: [...world.owed, fence] } },
  ];
}

function record(at: At, { fence, late, conclusion }: Extract<Worker, { readonly at: 'recording' }>): Step {
  const { rules, world, index, name } = at;
  const { protocol } = rules;
  const claimed = { key: KEY, fence };
  const idle = (changed: World) => withWorker(changed, index, IDLE);
  switch (conclusion.state) {
    case 'released': {
      const { next: row } = protocol.release(world.row, claimed, world.now);
      return { what: `${name} gives the key back`, next: idle({ ...world, row }) };
    }
    case 'unknown': {
      const { next: row } = protocol.recordUnknown(world.row, claimed, world.now);
      return { what: `${name} records UNKNOWN`, next: idle({ ...world, row }) };
    }
    case 'done': {
      const outcome = conclusion.kept ?? conclusion.answer;
      const { next: row, result } = protocol.recordOutcome(world.row, { claimed, outcome }, world.now);
      const after = { ...world, row };
      const told = result === 'lost' || late ? after : tell(after, conclusion.answer);
      return { what: `${name} records its outcome: ${result}`, next: idle(told) };
    }
  }
}

/** A caller got a final answer, with nothing said about its not being on record. */
function tell(world: World, outcome: Outcome): World {
  const text = JSON.stringify(outcome);
  const { history } = world;
  return history.told.includes(text) ? world : { ...world, history: { ...history, told: [...history.told, text] } };
}
