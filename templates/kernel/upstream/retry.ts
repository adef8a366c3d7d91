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
  const latest = performance.now() + withinMs;
  deposit(upstream);
  for (let round = 1; ; round += 1) {
    const { result, again, retryAfterMs = 0 } = await attempt();
    if (!again || round >= attempts || signal.aborted) return result;
    const pause = Math.max(retryAfterMs, jitter(round, { maxDelayMs, random }));
    if (pause > maxDelayMs || performance.now() + pause > latest || !withdraw(upstream)) return result;
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

/** A token bucket for each upstream: a call puts a tenth in, a retry takes one out. */
const tokens = new WeakMap<UpstreamSettings, number>();

function deposit(upstream: UpstreamSettings): void {
  tokens.set(upstream, Math.min(BUDGET_FLOOR, (tokens.get(upstream) ?? BUDGET_FLOOR) + BUDGET_SHARE));
}

function withdraw(upstream: UpstreamSettings): boolean {
  const left = tokens.get(upstream) ?? BUDGET_FLOOR;
  if (left >= 1) tokens.set(upstream, left - 1);
  return left >= 1;
}
