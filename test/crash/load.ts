/** Entries, each posted by calls that are repeated: at once on two processes, after errors, and much later. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Pick as Picking } from '../proof/spelling.ts';
import type { Fleet } from './fleet.ts';
import type { Posting } from './ledger.ts';
import type { Moments } from './moments.ts';
import type { Upstream } from './upstream.ts';
import type { Reply, Worker } from './worker.ts';

export interface Heard {
  readonly reply: Reply;
  /** What the process that answered had sent to the ledger since it was called. */
  readonly sent: readonly Posting[];
}

export interface Entry {
  readonly name: string;
  readonly heard: Heard[];
}

export interface LoadOptions {
  readonly fleet: Fleet;
  readonly upstream: Upstream;
  readonly moments: Moments;
  readonly pick: Picking;
  /** How many entries are posted at a time. */
  readonly callers: number;
  readonly leaseMs: number;
}

export interface Load {
  /** All there are so far. */
  readonly entries: readonly Entry[];
  /** Rejects where hardly any call succeeds, so that nobody waits for what will not come. */
  readonly failed: Promise<never>;
  /** Begins no other entry; resolves when no call is under way. */
  stop(): Promise<void>;
}

const TRIES = 2;
/** Enough to be sure that it is not the disturbance that makes entries fail. */
const VAIN_ENTRIES = 1_000;

export function startLoad({ callers, leaseMs, ...options }: LoadOptions): Load {
  const { fleet, pick } = options;
  const entries: Entry[] = [];
  const later = new Set<Promise<void>>();
  const stopping = new AbortController();
  let inVain = 0;

  async function post(entry: Entry): Promise<void> {
    const first = fleet.pick(pick);
    const others = pick(3) === 0 ? [fleet.pick(pick, [first])] : [];
    const asked = [first, ...others];
    const answered = Promise.all(asked.map((worker) => callOnce(entry, worker, options)));
    // Whoever hears nothing for long asks somebody else.
    const impatient = new AbortController();
    const patience = sleep(leaseMs + pick(leaseMs), undefined, { signal: impatient.signal });
    const again = patience.then(
      () => callOnce(entry, fleet.pick(pick, asked), options),
      () => undefined,
    );
    await answered;
    impatient.abort();
    await again;
    for (let tries = 1; tries < TRIES && !isAnswered(entry); tries += 1) {
      await callOnce(entry, fleet.pick(pick), options);
    }
    if (!isAnswered(entry) || pick(4) === 0) {
      const repeated = repeat(entry).finally(() => later.delete(repeated));
      later.add(repeated);
    }
  }

  /** By now the lease of whoever died has ended. */
  async function repeat(entry: Entry): Promise<void> {
    await sleep(leaseMs + pick(2 * leaseMs), undefined, { signal: stopping.signal }).catch(() => {});
    if (!stopping.signal.aborted) await callOnce(entry, fleet.pick(pick), options);
  }

  async function keepPosting(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Posting what nothing will happen to only keeps the processor from what will.
      await fleet.spareReady();
      const entry: Entry = { name: `e-${entries.length + 1}`, heard: [] };
      entries.push(entry);
      await post(entry);
      inVain = isAnswered(entry) ? 0 : inVain + 1;
      // A store that is away refuses at once: whoever starts it needs the processor.
      if (inVain > callers) await sleep(10);
      if (inVain > VAIN_ENTRIES) throw new Error(`No call succeeds: ${JSON.stringify(entry.heard)}`);
    }
  }

  const posting = Promise.all(Array.from({ length: callers }, keepPosting));
  const failed = new Promise<never>((_, reject) => void posting.catch(reject));
  // Whoever stops the load hears of it too.
  failed.catch(() => {});
  return {
    entries,
    failed,
    stop: async () => {
      stopping.abort();
      await posting;
      await Promise.all(later);
    },
  };
}

function isAnswered({ heard }: Entry): boolean {
  return heard.at(-1)?.reply.kind === 'result';
}

/** No process is asked twice at a time for the same entry, so that what it sends is sent for this call. */
export async function callOnce(
  { name, heard }: Entry,
  worker: Worker,
  { upstream, moments }: Pick<LoadOptions, 'upstream' | 'moments'>,
): Promise<Reply> {
  const before = upstream.postingsOf(name).length;
  const answering = worker.call(name);
  moments.emit('called', worker.number);
  const reply = await answering;
  const sent = upstream.postingsOf(name).slice(before);
  heard.push({ reply, sent: sent.filter((posting) => posting.worker === worker.number) });
  return reply;
}
