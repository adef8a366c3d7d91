/** The worlds that are searched. */
import { implemented } from './protocol.ts';
import type { Rules } from './steps.ts';
import type { Left, Scenario } from './world.ts';

export interface Size {
  readonly workers: number;
  readonly crashes: number;
  /** Of the same effect. */
  readonly requests: number;
}

export const SMALL: Size = { workers: 2, crashes: 2, requests: 4 };
export const LARGE: Size = { workers: 3, crashes: 3, requests: 6 };

const NOTHING: Left = {
  crashes: 0,
  requests: 0,
  otherArguments: 0,
  otherDigests: 0,
  retries: 0,
  lookUps: 0,
  reclaims: 0,
  lists: 0,
  extensions: 0,
};

/** Where a call can have other arguments, or may be tried again in more ways than one, that takes the place of a call. */
export function scenariosOf({ workers, crashes, requests }: Size) {
  const plain: Scenario = {
    workers,
    keys: 1,
    left: { ...NOTHING, crashes, requests },
    afterUnknown: 'quarantine',
    steps: 0,
    approval: 'none',
    cap: null,
    upstream: 'plain',
    fault: 'safe',
  };
  const left = (more: Partial<Left>): Left => ({ ...plain.left, ...more });
  const fewer = (more: Partial<Left>): Left => left({ requests: requests - 1, ...more });
  const mixed = fewer({ otherArguments: 1 });
  const resend: Scenario = { ...plain, afterUnknown: 'resend', upstream: 'keyed', left: fewer({ reclaims: 1 }) };
  return {
    quarantine: { ...plain, left: mixed },
    reconciled: { ...plain, left: left({ lists: 1, extensions: 1 }) },
    setAgain: { ...plain, afterUnknown: 'set-again', upstream: 'natural', left: { ...mixed, retries: 1 } },
    resend,
    resendInCall: { ...resend, left: fewer({ retries: 1 }) },
    resendOther: { ...resend, left: fewer({ otherDigests: 1 }) },
    resendThenLookUp: { ...resend, left: fewer({ lookUps: 1 }) },
    lookUp: { ...plain, left: left({ lookUps: 2 }) },
    steps: { ...plain, steps: 2, left: mixed },
    stepsGuarded: { ...plain, steps: 2, approval: 'approver', cap: 1 },
    approver: { ...plain, approval: 'approver', left: mixed },
    caller: { ...plain, approval: 'caller', left: mixed },
    caps: { ...plain, keys: 2, cap: 1 },
  } as const satisfies Readonly<Record<string, Scenario>>;
}

/** By name: what every generated server does, for each of the ways in which repeating can be safe. */
export function implementedRules(size: Size): Readonly<Record<string, Rules>> {
  const scenarios: Readonly<Record<string, Scenario>> = scenariosOf(size);
  return Object.fromEntries(
    Object.entries(scenarios).map(([name, scenario]) => [name, { scenario, protocol: implemented }]),
  );
}
