/** Trying again: how often, how long in between, and within which budget. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { UpstreamSettings } from '../settings.ts';

const FIRST_DELAY_MS = 100;
/** Retries may add a tenth to the load of an upstream … */
const BUDGET_SHARE = 0.1;
/** … and these many more, so that an upstream that is rarely called is retried at all. */
const BUDGET_FLOOR = 10;

/** What an attempt came to. */
export interface Tried<Result> {
  readonly result: Result;
  /** Trying again is safe and may help. */
  readonly again: boolean;
  /** The upstream asked for this pause. */
  readonly retryAfterMs?: number | undefined;
}

export interface RetryOptions {
  /** Bounds on attempts and pauses, and the identity of the budget. */
  readonly upstream: UpstreamSettings;
  /** No attempt begins later than this many milliseconds after the first one. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
  readonly random?: () => number;
}

/** The result of the last attempt. A pause that would be longer than allowed ends the trying. */
export async function retry<Result>(
  attempt: () => Promise<Tried<Result>>,
  { upstream, withinMs, signal, random = Math.random }: RetryOptions,
): Promise<Result> {
  const { attempts, maxDelayMs } = upstream.declaration;
  const budget = budgetOf(upstream);
  const latest = performance.now() + withinMs;
  budget.deposit();
  for (let round = 1; ; round += 1) {
    const { result, again, retryAfterMs = 0 } = await attempt();
    if (!again || round >= attempts || signal.aborted) return result;
    const pause = Math.max(retryAfterMs, jitter(round, { maxDelayMs, random }));
    if (pause > maxDelayMs || performance.now() + pause > latest || !budget.withdraw()) return result;
    try {
      await sleep(pause, undefined, { signal });
    } catch {
      return result;
    }
  }
}

/** Full jitter: anything up to 100 ms, 200 ms, 400 ms …, capped. */
export function jitter(round: number, { maxDelayMs, random }: { maxDelayMs: number; random: () => number }): number {
  return random() * Math.min(maxDelayMs, FIRST_DELAY_MS * 2 ** (round - 1));
}

/** A token bucket: each call puts a tenth in, each retry takes one out. */
class RetryBudget {
  #tokens = BUDGET_FLOOR;

  deposit(): void {
    this.#tokens = Math.min(BUDGET_FLOOR, this.#tokens + BUDGET_SHARE);
  }

  withdraw(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

const budgets = new WeakMap<UpstreamSettings, RetryBudget>();

function budgetOf(upstream: UpstreamSettings): RetryBudget {
  const known = budgets.get(upstream);
  if (known !== undefined) return known;
  const budget = new RetryBudget();
  budgets.set(upstream, budget);
  return budget;
}
