import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
/** Whoever acts beside the calls: people who say yes or no, look-ups, and the reconciler of every server. */
import { conclude } from '../../../templates/kernel/pipeline/conclude.ts';
import type { Rules, Step } from './steps.ts';
import { change, KEYS, rowOf } from './store-steps.ts';
import { APPROVAL_MS, LEASE_MS, SETTLE_MS, WINDOW_MS } from './times.ts';
import { receiptOf, withoutLost } from './upstream.ts';
import { spend, type World } from './world.ts';

/** A look-up that was answered, and not yet acted upon. */
export interface Look {
  readonly operation: Operation;
  readonly at: number;
  readonly found: boolean;
}

/** An operation as a reconciler read it, some time ago. */
export interface Seen {
  readonly operation: Operation;
}

/** What a person was asked, some time ago; `agreed`: a caller's yes, which comes with their next call. */
export interface Question {
  readonly id: string;
  readonly fingerprint: string;
  readonly agreed: boolean;
}

/** What is true of a person's yes, whatever the store makes of it. */
export interface Yes {
  readonly fingerprint: string;
  /** `null`: as long as the store takes it to stand. */
  readonly until: number | null;
  readonly used: boolean;
}

const KEY = KEYS[0];

export function besideSteps(rules: Rules, world: World): readonly Step[] {
  return [...lookSteps(rules, world), ...reconcilerSteps(rules, world), ...personSteps(rules, world)];
}

/** As `findOut` does: reads the upstream once what was sent had time to arrive, and then settles the operation. */
function lookSteps({ scenario, protocol }: Rules, world: World): readonly Step[] {
  const { look, now, left, history } = world;
  if (look !== null) return [settle({ scenario, protocol }, world, look)];
  const row = rowOf(world, KEY);
  const operation = row && protocol.asOf(row, now);
  if (operation?.state !== 'unknown' || left.lookUps === 0) return [];
  const waits = scenario.fault !== 'looks-up-at-once';
  const at = waits ? Math.max(now, operation.updatedAt + SETTLE_MS) : now;
  const found = (history.effects[0] ?? 0) > 0;
  const next = { ...withoutLost(spend(world, 'lookUps'), at), now: at, look: { operation, at, found } };
  return [{ what: `a look-up finds ${found ? 'the effect' : 'nothing'}`, next }];
}

function settle({ scenario, protocol }: Rules, world: World, { operation, at, found }: Look): Step {
  const after = { ...world, look: null };
  if (found) {
    const { answer } = conclude({ kind: 'succeeded', result: receiptOf(1) }, operation);
    const { world: next } = change(after, KEY, (current, { now }) =>
      protocol.recordOutcome(current, { claimed: operation, outcome: answer }, now),
    );
    return { what: 'what the look-up found is recorded', next };
  }
  const settleMs = scenario.fault === 'looks-up-at-once' ? 0 : SETTLE_MS;
  const { world: next, result } = change(after, KEY, (current, { now }) =>
    protocol.settle(current, { claimed: operation, lookUp: { settleMs, lookedAt: at } }, now),
  );
  return { what: result ? 'the look-up gives the key back' : 'the look-up came too late', next };
}

/** Lists what is open, and looks after it later: as it was, or as it is by now. */
function reconcilerSteps({ protocol }: Rules, world: World): readonly Step[] {
  const { seen, now, left } = world;
  if (seen !== null) {
    const { operation } = seen;
    const read = protocol.asOf(operation, now).state;
    if (operation.leaseUntil > now) return [];
    const as = read === 'unknown' ? 'unknown' : 'released';
    const { world: next, result } = change({ ...world, seen: null }, KEY, (current, { now }) =>
      protocol.lapse(current, { claimed: operation, as }, now),
    );
    return [{ what: `a reconciler takes fence ${operation.fence} for ${as}: ${String(result)}`, next }];
  }
  const operation = rowOf(world, KEY);
  if (left.lists === 0 || operation === undefined) return [];
  if (operation.state === 'claimed' || operation.state === 'sent') {
    return [{ what: 'a reconciler lists the operation', next: { ...spend(world, 'lists'), seen: { operation } } }];
  }
  return [];
}

function personSteps({ scenario, protocol }: Rules, world: World): readonly Step[] {
  const { question, now } = world;
  const row = rowOf(world, KEY);
  if (scenario.approval === 'none') return [];
  if (question === null || (question.agreed && question.id !== row?.id)) {
    if (row?.state !== 'pending-approval') return [];
    const asked = { id: row.id, fingerprint: row.fingerprint, agreed: false };
    return [{ what: `a person is asked about ${row.id}`, next: { ...world, question: asked } }];
  }
  const { id, fingerprint, agreed } = question;
  if (agreed) return [];
  if (scenario.approval === 'caller') {
    const yes = { fingerprint, until: null, used: false };
    return [{ what: `the caller agrees to ${id}`, next: { ...world, yes, question: { ...question, agreed: true } } }];
  }
  return [true, false].map((approve) => {
    const { world: next, result } = change({ ...world, question: null }, KEY, (current, at) =>
      protocol.decide(current, { id, approve, by: 'grace' }, at),
    );
    const yes = approve ? { fingerprint, until: now + APPROVAL_MS, used: false } : null;
    const decided = result === 'decided' ? { ...next, yes } : next;
    return { what: `a person says ${approve ? 'yes' : 'no'} to ${id}: ${result}`, next: decided };
  });
}

/** When an upstream surely remembers no key any more that the store takes it to remember. */
export function forgetsAt({ scenario }: Rules, world: World): number | null {
  const { state, firstSent } = rowOf(world, KEY) ?? {};
  if (scenario.upstream !== 'keyed' || state === 'done' || !firstSent) return null;
  switch (scenario.fault) {
    case 'forgets-within-the-window':
      return firstSent.at + WINDOW_MS / 2;
    case 'forgets-without-a-margin':
      return firstSent.at + WINDOW_MS;
    default:
      return firstSent.at + WINDOW_MS + LEASE_MS + SETTLE_MS;
  }
}
