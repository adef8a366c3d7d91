import type { Outcome } from '../../../templates/kernel/execution.ts';
/** Calls that ask for a key, and reconcilers that ask for one on their behalf. */
import type { AfterUnknown, Claim } from '../../../templates/kernel/idempotency/claim.ts';
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { Rules, Step } from './steps.ts';
import { change, KEYS, rowOf } from './store-steps.ts';
import { APPROVAL_MS, LEASE_MS, WINDOW_MS } from './times.ts';
import { spend, withWorker, type Scenario, type World } from './world.ts';

export function claimSteps(rules: Rules, world: World, index: number): readonly Step[] {
  const { left } = world;
  const keys = KEYS.slice(0, rules.scenario.keys);
  return [
    ...keys.flatMap((key) => [
      ...(left.requests > 0 ? [begin(rules, world, { index, key, what: 'requests' })] : []),
      ...(left.otherArguments > 0 ? [begin(rules, world, { index, key, what: 'otherArguments' })] : []),
    ]),
    ...(left.reclaims > 0 ? reclaim(rules, world, index) : []),
  ];
}

interface Asking {
  readonly index: number;
  readonly key: (typeof KEYS)[number];
  readonly what: 'requests' | 'otherArguments';
}

function begin({ scenario, protocol }: Rules, before: World, { index, key, what }: Asking): Step {
  const calls = before.calls + 1;
  const claim = claimOf(scenario, before, { key, id: `op_${calls}`, fingerprint: what });
  const { world, result } = change({ ...spend(before, what), calls }, key, (current, at) =>
    protocol.begin(current, claim, at),
  );
  const name = `worker ${index + 1}`;
  const who = `${name} begins${what === 'requests' ? '' : ' with other arguments'}${key === KEYS[0] ? '' : ` (${key})`}: `;
  switch (result.kind) {
    case 'claimed': {
      const read = rowOf(before, key);
      const wasUnknown = read !== undefined && protocol.asOf(read, before.now).state === 'unknown';
      const rerun = wasUnknown && scenario.afterUnknown === 'quarantine';
      const isBegun = Object.keys(result.operation.steps).length > 0;
      const noted = isBegun ? world : noteApproval(world, scenario, claim);
      const next = underWay(rerun ? noteRerun(noted) : noted, index, result.operation);
      return { what: `${who}claimed, fence ${result.operation.fence}`, next };
    }
    case 'done':
      return {
        what: `${who}done`,
        next: scenario.afterUnknown === 'set-again' ? world : tell(world, key, result.outcome),
      };
    default:
      return { what: who + result.kind, next: world };
  }
}

/** The request of an operation that reads as UNKNOWN is to be sent again, by a reconciler that read it so. */
function reclaim({ protocol }: Rules, before: World, index: number): readonly Step[] {
  const [key] = KEYS;
  const row = rowOf(before, key);
  if (row === undefined || protocol.asOf(row, before.now).state !== 'unknown') return [];
  const asked = { claimed: row, leaseMs: LEASE_MS, withinMs: WINDOW_MS };
  const { world, result } = change(spend(before, 'reclaims'), key, (current, at) =>
    protocol.reclaim(current, asked, at),
  );
  if (result === undefined) return [];
  const what = `the reconciler of worker ${index + 1} claims it anew, fence ${result.fence}`;
  return [{ what, next: underWay(world, index, result) }];
}

function claimOf(
  scenario: Scenario,
  { question }: World,
  { key, id, fingerprint }: Pick<Claim, 'key' | 'id' | 'fingerprint'>,
): Claim {
  const { approval, cap } = scenario;
  const consent = question?.agreed === true ? question.id : null;
  return {
    id,
    key,
    fingerprint,
    tool: 'tool',
    subject: 'ada',
    tenant: null,
    leaseMs: LEASE_MS,
    irreversible: true,
    asked: { arguments: {}, complete: true },
    afterUnknown: afterUnknown(scenario),
    approval: approval === 'none' ? null : { by: approval, scope: null, summary: '', expiresMs: APPROVAL_MS, consent },
    caps: cap === null ? [] : [{ counter: 'all', window: 'run', limit: cap }],
  };
}

function afterUnknown({ afterUnknown: kind }: Scenario): AfterUnknown {
  return kind === 'resend' ? { kind, withinMs: WINDOW_MS } : { kind };
}

function underWay(world: World, index: number, operation: Operation): World {
  const todo = stepsLeft(world, operation);
  return withWorker(world, index, { at: 'claimed', operation, until: operation.leaseUntil, todo, late: false });
}

/** The steps that a handler goes through are those of the world; what it finished before, it knows from its claim. */
function stepsLeft({ history }: World, { steps }: Operation): readonly number[] {
  return [...history.effects.keys()].filter((step) => !Object.hasOwn(steps, String(step)));
}

function noteRerun(world: World): World {
  return { ...world, history: { ...world.history, reruns: world.history.reruns + 1 } };
}

/** A yes is to these arguments, stands for a time, and is good for one effect. */
function noteApproval(world: World, { approval }: Scenario, { fingerprint }: Claim): World {
  const { yes, now, history } = world;
  const stands = yes !== null && yes.fingerprint === fingerprint && (yes.until ?? Infinity) > now && !yes.used;
  if (approval === 'none' || stands) return world;
  return { ...world, history: { ...history, unapproved: history.unapproved + 1 } };
}

/** A caller got a final answer, with nothing said about its not being on record. */
export function tell(world: World, key: string, outcome: Outcome): World {
  const text = `${key} ${JSON.stringify(outcome)}`;
  const { history } = world;
  return history.told.includes(text) ? world : { ...world, history: { ...history, told: [...history.told, text] } };
}
