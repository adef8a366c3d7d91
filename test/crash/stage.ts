/** A run: a server's processes under load over one store, somebody who disturbs them, and the verdict. */
import type { Change } from '../generated-tests/project.ts';
import { picking, type Pick } from '../proof/spelling.ts';
import { startFleet, type Fleet } from './fleet.ts';
import { judge, type Complaint, type History } from './judge.ts';
import { startLoad, type Entry, type Load } from './load.ts';
import type { Mode, StoreName } from './manifest.ts';
import { newMoments, type Moments } from './moments.ts';
import { PLACES, type StorePlace } from './places.ts';
import type { Rows } from './rows.ts';
import { buildServer, warmUp } from './server.ts';
import { settleAll } from './settle.ts';
import { startUpstream, type Conduct, type Upstream } from './upstream.ts';
import { startWorker } from './worker.ts';

/** What a disturbance can reach. */
export interface Stage {
  readonly fleet: Fleet;
  readonly moments: Moments;
  readonly upstream: Upstream;
  readonly rows: Rows;
  readonly pick: Pick;
  readonly load: Load;
}

export interface RunOptions<Counts> {
  readonly store: StoreName;
  readonly mode?: Mode;
  readonly seed: number;
  readonly conduct: (pick: Pick) => Conduct;
  readonly leaseMs: number;
  /** How long the server waits for the ledger. */
  readonly timeoutMs: number;
  /** Started processes that wait to take another's place. */
  readonly spares?: number;
  /** Where it is not one of the machine's own servers. */
  readonly place?: () => Promise<StorePlace>;
  readonly change?: Change | undefined;
  readonly disturb: (stage: Stage) => Promise<Counts>;
}

export interface Run<Counts> {
  readonly seed: number;
  readonly counts: Counts;
  readonly complaints: readonly Complaint[];
  readonly histories: readonly History[];
}

const PROCESSES = 6;
const CALLERS = 8;

export async function run<Counts>(options: RunOptions<Counts>): Promise<Run<Counts>> {
  const { store, mode = 'quarantine', seed, leaseMs, timeoutMs, spares = 0, change } = options;
  await using ending = new AsyncDisposableStack();
  const pick = picking(seed);
  const moments = newMoments();
  const server = await buildServer({ store, mode, leaseMs, timeoutMs, ...(change === undefined ? {} : { change }) });
  ending.defer(() => server.remove());
  const place = await (options.place ?? PLACES[store])();
  ending.defer(() => place.remove());
  await warmUp(server, place.variables);
  const rows = await place.openRows();
  ending.defer(() => rows.close());
  const upstream = await startUpstream({ mode, moments, conduct: () => options.conduct(pick) });
  ending.defer(() => upstream.close());
  const environment = { ...server.environment, ...place.variables };
  const start = (number: number) =>
    startWorker({ number, file: server.file, variables: { ...environment, ...upstream.variablesOf(number) } });
  const fleet = await startFleet({ size: PROCESSES, spares, start });
  ending.defer(() => fleet.stop());

  const load = startLoad({ fleet, upstream, moments, pick, callers: CALLERS, leaseMs });
  const disturbance = options.disturb({ fleet, moments, upstream, rows, pick, load });
  const counts = await Promise.race([disturbance, load.failed]);
  upstream.calmDown();
  await load.stop();
  await upstream.idle();
  await settleAll(load.entries, { fleet, upstream, moments, pick, mode });
  await upstream.idle();
  const histories = await historiesOf(load.entries, upstream, rows);
  return { seed, counts, complaints: judge(histories, mode), histories };
}

async function historiesOf(entries: readonly Entry[], upstream: Upstream, rows: Rows): Promise<History[]> {
  const states = new Map((await rows.all()).map(({ key, state }) => [key, state]));
  return entries.map(({ name, heard }) => {
    const [posting] = upstream.postingsOf(name);
    const state = posting && states.get(posting.key);
    return { name, heard, effects: upstream.effectsOf(name), state };
  });
}
