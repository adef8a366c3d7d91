/** One process at work on one key: makes its calls one after another, and notes when each began and ended. */
import type { AfterUnknown } from '../../../templates/kernel/idempotency/claim.ts';
import type { Pick } from '../spelling.ts';
import type { Event } from './linearize.ts';
import { fenceGiven, perform, type StoreAccess } from './perform.ts';
import { nextCall } from './store-calls.ts';

export interface ProcessOptions {
  readonly process: number;
  readonly key: string;
  readonly access: StoreAccess;
  readonly callsEach: number;
  readonly afterUnknown: AfterUnknown;
  readonly pick: Pick;
  readonly shared: Shared;
  /** What goes by between two calls. */
  readonly pause?: () => Promise<void>;
  /** What goes by between a call's start and its arrival, and between its answer and its end. */
  readonly travel?: () => Promise<void>;
}

/** What all processes see. */
export interface Shared {
  /** A clock that never tells the same time twice. */
  tick(): number;
  readLatestFence(): number;
  writeLatestFence(fence: number): void;
}

const nothing = async () => {};

export async function runProcess(options: ProcessOptions): Promise<readonly Event[]> {
  const { process, key, access, callsEach, afterUnknown, pick, shared, pause = nothing, travel = nothing } = options;
  const events: Event[] = [];
  let own = 0;
  for (let count = 0; count < callsEach; count += 1) {
    await pause();
    const fences = [own, shared.readLatestFence()] as const;
    const call = nextCall(
      { key, fences, id: `op_${key}_${process}_${count}`, afterUnknown, expires: access.expire !== undefined },
      pick,
    );
    const start = shared.tick();
    await travel();
    const answer = await perform(access, key, call);
    await travel();
    events.push({ process, call, answer, start, end: shared.tick() });
    const given = fenceGiven(answer);
    if (given === undefined) continue;
    own = given;
    shared.writeLatestFence(given);
  }
  return events;
}
