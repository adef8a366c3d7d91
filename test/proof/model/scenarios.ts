/** The worlds that are searched, and the unsafe ones in which a double effect must be found. */
import * as protocols from './protocol.ts';
import type { Protocol } from './protocol.ts';
import type { Rules } from './steps.ts';
import type { Scenario } from './world.ts';

export interface Size {
  readonly workers: number;
  readonly crashes: number;
  /** Of the same key; one of them has other arguments. */
  readonly requests: number;
}

export const SMALL: Size = { workers: 2, crashes: 2, requests: 4 };
export const LARGE: Size = { workers: 3, crashes: 3, requests: 6 };

/** By name: what every generated server does, for each of the ways in which repeating can be safe. */
export function implementedRules(size: Size): Readonly<Record<string, Rules>> {
  const plain = quarantine(size);
  const rules = (changes: Partial<Scenario>): Rules => ({
    scenario: { ...plain, ...changes },
    protocol: protocols.implemented,
  });
  return {
    'quarantine, an upstream that applies whatever arrives': rules({}),
    'send again, a value that is set': rules({ recovery: 'send-again', upstream: 'natural', otherKeys: 0 }),
    'send again, an upstream that applies each key once': rules({
      recovery: 'send-again',
      upstream: 'keyed',
      otherKeys: 0,
    }),
    'look-up once nothing can arrive any more': rules({ lookup: 'settled', otherKeys: 0 }),
  };
}

/** By name: one thing changed each, and each doubles an effect. */
export function unsafeRules(size: Size): Readonly<Record<string, Rules>> {
  const scenario = quarantine(size);
  const variant = (protocol: Protocol): Rules => ({ scenario, protocol });
  const lookup = (lookup: Scenario['lookup']): Rules => ({
    scenario: { ...scenario, lookup },
    protocol: protocols.implemented,
  });
  return {
    'no SENT on record': variant(protocols.withoutSent),
    'SENT is taken over when its lease ends': variant(protocols.takingOverSent),
    'the record is deleted on an error': variant(protocols.deletingOnError),
    'an unknown outcome is looked up at once': lookup('at-once'),
    'a look-up does not reckon with a worker that paused before sending': lookup('nothing-on-its-way'),
    'an unknown outcome is sent again to an upstream without keys': variant(protocols.sendingAgain),
    'an older fence counts': variant(protocols.ignoringFences),
  };
}

function quarantine({ workers, crashes, requests }: Size): Scenario {
  return {
    workers,
    crashes,
    requests: requests - 1,
    otherArguments: 1,
    otherKeys: 1,
    recovery: 'quarantine',
    upstream: 'plain',
    lookup: 'never',
  };
}
