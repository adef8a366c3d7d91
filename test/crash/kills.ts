/** Kills processes at moments that hurt, and asks what each of them left behind. */
import { anyMoment } from './moments.ts';
import { run, type Run, type RunOptions } from './run.ts';
import type { Stage } from './stage.ts';
import { unruly } from './upstream.ts';

/** For each kill, the entries that it left SENT or UNKNOWN. */
export type Kills = readonly (readonly string[])[];

export interface KillOptions extends Pick<RunOptions<Kills>, 'store' | 'mode' | 'seed' | 'change'> {
  readonly kills: number;
}

/** Short, so that a killed process is soon given up. */
const LEASE_MS = 2_000;
const TIMEOUT_MS = 2_000;
/** As many as can start at a time without being in each other's way. */
const SPARES = 3;

/** Kills that many processes while entries are posted to a ledger that fails often. */
export function runWithKills({ kills, ...options }: KillOptions) {
  return run({
    ...options,
    conduct: unruly,
    leaseMs: LEASE_MS,
    timeoutMs: TIMEOUT_MS,
    spares: SPARES,
    disturb: (stage) => kill(kills, stage),
  });
}

async function kill(kills: number, stage: Stage): Promise<Kills> {
  const { fleet, moments, pick } = stage;
  const left: Promise<string[]>[] = [];
  while (left.length < kills) {
    await fleet.spareReady();
    const worker = fleet.find(await anyMoment(moments, pick));
    if (worker !== undefined && fleet.kill(worker)) {
      left.push(worker.gone.then(() => leftBy(worker.number, stage)));
    }
  }
  return Promise.all(left);
}

/** Only of entries that nobody else has posted since. */
async function leftBy(worker: number, { upstream, rows }: Stage): Promise<string[]> {
  const own = upstream.postingsBy(worker).filter((posting) => upstream.postingsOf(posting.entry).at(-1) === posting);
  const found = await Promise.all(own.map(async ({ entry, key }) => ({ entry, row: await rows.find(key) })));
  return found.filter(({ row }) => row?.state === 'sent' || row?.state === 'unknown').map(({ entry }) => entry);
}

export interface KillCounts {
  readonly kills: number;
  /** Kills that left an operation of which nobody could tell whether it was executed. */
  readonly inDoubt: number;
  /** Those among them whose operation was executed. */
  readonly executed: number;
}

export function countKills({ counts, histories }: Run<Kills>): KillCounts {
  const posted = new Set(histories.filter(({ effects }) => effects.length > 0).map(({ name }) => name));
  return {
    kills: counts.length,
    inDoubt: counts.filter((entries) => entries.length > 0).length,
    executed: counts.filter((entries) => entries.some((entry) => posted.has(entry))).length,
  };
}
