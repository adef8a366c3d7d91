/** Processes of a generated server, the store that they share, and the ledger that they post to. */
import type { Change } from '../generated-tests/project.ts';
import { picking, type Pick } from '../proof/spelling.ts';
import { startFleet, type Fleet } from './fleet.ts';
import type { Mode, StoreName } from './manifest.ts';
import { newMoments, type Moments } from './moments.ts';
import { PLACES, type StorePlace } from './places.ts';
import type { Rows } from './rows.ts';
import { buildServer, warmUp } from './server.ts';
import { startUpstream, type Conduct, type Upstream } from './upstream.ts';
import { startWorker } from './worker.ts';

export interface Stage extends AsyncDisposable {
  readonly mode: Mode;
  readonly fleet: Fleet;
  readonly moments: Moments;
  readonly upstream: Upstream;
  readonly rows: Rows;
  readonly pick: Pick;
}

export interface Link {
  readonly url: string;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly store: StoreName;
  /** Without it, `quarantine`. */
  readonly mode?: Mode;
  readonly seed: number;
  readonly leaseMs: number;
  /** How long the server waits for the ledger. */
  readonly timeoutMs: number;
  readonly processes: number;
  /** Started processes that wait to take another's place. */
  readonly spares?: number;
  readonly conduct: (pick: Pick, entry: string) => Conduct;
  /** Where the store is, if not on one of the machine's own servers. */
  readonly place?: () => Promise<StorePlace>;
  /** What leads to the ledger, if not its own address; gets that address. */
  readonly link?: (url: string) => Promise<Link>;
  readonly change?: Change | undefined;
  /** How many writes a caller may have executed in a day. */
  readonly perDay?: number;
}

/** Everything ends with the stage. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { store, mode = 'quarantine', seed, leaseMs, timeoutMs, processes, spares = 0, change, perDay } = options;
  await using ending = new AsyncDisposableStack();
  const pick = picking(seed);
  const moments = newMoments();
  const server = await buildServer({
    store,
    mode,
    leaseMs,
    timeoutMs,
    perDay,
    ...(change === undefined ? {} : { change }),
  });
  ending.defer(() => server.remove());
  const place = await (options.place ?? PLACES[store])();
  ending.defer(() => place.remove());
  await warmUp(server, place.variables);
  const rows = await place.openRows();
  ending.defer(() => rows.close());
  const upstream = await startUpstream({ mode, moments, conduct: (entry) => options.conduct(pick, entry) });
  ending.defer(() => upstream.close());
  const link = await options.link?.(upstream.url);
  ending.defer(async () => link?.close());
  const environment = { ...server.environment, ...place.variables, LEDGER_URL: (link ?? upstream).url };
  const start = (number: number) =>
    startWorker({ number, file: server.file, variables: { ...environment, LEDGER_TOKEN: String(number) } });
  const fleet = await startFleet({ size: processes, spares, start });
  ending.defer(() => fleet.stop());
  const owned = ending.move();
  return { mode, fleet, moments, upstream, rows, pick, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
