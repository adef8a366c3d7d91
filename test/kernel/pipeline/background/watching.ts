/** Servers whose background work is awaited, round by round. */
import { afterEach, beforeEach, expect, vi } from 'vitest';

import type { ConclusionEvent } from '../../../../templates/kernel/audit.ts';
import type { Caller } from '../../../../templates/kernel/caller.ts';
import type { Bank } from '../bank.ts';
import { ada, type Running } from '../harness.ts';
import { refund, refundsAt, upstreamsAt, type RefundOptions } from '../refunds.ts';

/** Rounds begin at once, and what failed is tried again in the next one. */
export function withoutPauses(): void {
  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
  afterEach(() => vi.restoreAllMocks());
}

/** A server whose call ended in doubt, and who is gone since. Answers the operation's id. */
export async function leaveDoubt(
  bank: Bank,
  { caller = ada, ...options }: RefundOptions & { readonly path: string; readonly caller?: Caller },
): Promise<string> {
  const server = refundsAt(bank, options);
  const { error } = await server.call(refund, { caller });
  expect(error.executed).toBe('unknown');
  server.kill();
  return error.operation_id ?? '';
}

export interface Watching extends Running {
  /** Resolves when so many more rounds of looking after operations have ended. */
  rounds(count: number): Promise<void>;
  stateOf(id: string): Promise<string | undefined>;
  conclusions(): readonly ConclusionEvent[];
}

/** A server that looks after what others left. */
export function watch(bank: Pick<Bank, 'url'>, options: RefundOptions): Watching {
  let begun = 0;
  const server = refundsAt(bank, {
    ...options,
    settings: { leaseMs: 1_000, upstreams: upstreamsAt(bank), ...options.settings },
    wrap: (store) => ({
      ...(options.wrap?.(store) ?? store),
      list: (query) => {
        begun += 1;
        return store.list(query);
      },
    }),
  });
  return {
    ...server,
    rounds: async (count) => {
      const before = begun;
      // A round has ended when the next one begins, and the first may have been under way.
      await expect.poll(() => begun).toBeGreaterThanOrEqual(before + count + 1);
    },
    stateOf: async (id) => (await server.store.findById(id))?.state,
    conclusions: () => server.audit.filter((event) => event.event === 'operation_concluded'),
  };
}
