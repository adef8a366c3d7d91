/**
 * The ledger that servers post to: it never dies, and knows what really happened. It takes its time, before and after
 * it applies a request, and ends some of them badly. What it was sent it applies, whether or not the sender still lives.
 */
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Pick } from '../proof/spelling.ts';
import { KEY_HEADER, OPERATION_HEADER, type Mode } from './manifest.ts';
import type { Moments } from './moments.ts';
import type { Variables } from './places.ts';

/** A request that posts. */
export interface Posting {
  readonly entry: string;
  /** The key that the store knows the operation by. */
  readonly key: string;
  /** The key that the ledger was sent, to have one effect per key. */
  readonly ledgerKey: string | undefined;
  /** Which process sent it. */
  readonly worker: number;
  /** Whether it had an effect, or, where effects have keys, found its own. */
  applied: boolean;
}

export interface Upstream {
  /** What tells the process of this number of the ledger, and the ledger who sends: nothing else of a request may differ. */
  variablesOf(worker: number): Variables;
  /** In the order in which they arrived. */
  postingsOf(entry: string): readonly Posting[];
  postingsBy(worker: number): readonly Posting[];
  /** The lines that an entry has become; one, if all is well. */
  effectsOf(entry: string): readonly string[];
  /** From now on every request is answered, and well. */
  calmDown(): void;
  /** Resolves as soon as no request is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** What happens to one request; times in milliseconds. */
export interface Conduct {
  readonly beforeMs: number;
  readonly afterMs: number;
  /** `refuse` and `lose` come before anything is applied, the others after. */
  readonly ending: 'answer' | 'fail' | 'hang-up' | 'refuse' | 'lose';
}

export const CALM: Conduct = { beforeMs: 0, afterMs: 0, ending: 'answer' };

/** One request in five ends badly. */
export function unruly(pick: Pick): Conduct {
  const endings = ['fail', 'hang-up', 'refuse', 'lose'] as const;
  return { beforeMs: pick(60), afterMs: pick(60), ending: endings[pick(20)] ?? 'answer' };
}

/** Answers, but takes its time. */
export function slow(pick: Pick): Conduct {
  return { beforeMs: pick(60), afterMs: pick(60), ending: 'answer' };
}

export interface UpstreamOptions {
  readonly mode: Mode;
  readonly moments: Moments;
  /** Asked once for each request. */
  readonly conduct: () => Conduct;
}

export async function startUpstream({ mode, moments, conduct }: UpstreamOptions): Promise<Upstream> {
  const byEntry = new Map<string, Posting[]>();
  const byWorker = new Map<number, Posting[]>();
  const effects = new Map<string, string[]>();
  const resting = new EventEmitter<{ idle: [] }>();
  let calm = false;
  let underWay = 0;

  /** The line that the entry has become: a new one, unless the ledger can tell that it is the same again. */
  function apply(posting: Posting): string {
    const { entry } = posting;
    const lines = effects.get(entry) ?? [];
    effects.set(entry, lines);
    const name = lineOf(posting, mode) ?? `${entry} line ${lines.length + 1}`;
    if (!lines.includes(name)) lines.push(name);
    return name;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , entry] = (request.url ?? '').split('/');
    if (entry === undefined) return void response.writeHead(404).end();
    if (request.method === 'GET') return answerLookup(entry, response);
    // Only what arrived as a whole is a request.
    const arrived = await request.toArray().then(
      () => request.complete,
      () => false,
    );
    if (!arrived) return;
    const { [OPERATION_HEADER]: key, [KEY_HEADER]: ledgerKey, authorization = '' } = request.headers;
    const worker = Number(authorization.replace('Bearer ', ''));
    await post({ entry, key: String(key), ledgerKey: ledgerKey?.toString(), worker, applied: false }, response);
  }

  async function post(posting: Posting, response: ServerResponse): Promise<void> {
    const { entry, worker } = posting;
    byEntry.set(entry, [...(byEntry.get(entry) ?? []), posting]);
    byWorker.set(worker, [...(byWorker.get(worker) ?? []), posting]);
    const { beforeMs, afterMs, ending } = calm ? CALM : conduct();
    moments.emit('arrived', worker);
    if (beforeMs > 0) await sleep(beforeMs);
    if (ending === 'lose') return void response.destroy();
    if (ending === 'refuse') return sendJson(response, 422, { error: 'refused' });
    const effect = apply(posting);
    posting.applied = true;
    moments.emit('applied', worker);
    if (afterMs > 0) await sleep(afterMs);
    if (ending === 'hang-up') return void response.destroy();
    if (ending === 'fail') sendJson(response, 500, { error: 'failed' });
    else sendJson(response, 200, { entry, effect });
    moments.emit('answered', worker);
  }

  function answerLookup(entry: string, response: ServerResponse): void {
    const effect = effects.get(entry)?.[0];
    sendJson(response, 200, effect === undefined ? {} : { line: { entry, effect } });
  }

  const server = createServer((request, response) => {
    underWay += 1;
    void handle(request, response).finally(() => {
      underWay -= 1;
      if (underWay === 0) resting.emit('idle');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // A server that listens on a TCP port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    variablesOf: (worker) => ({ LEDGER_URL: `http://127.0.0.1:${port}`, LEDGER_TOKEN: String(worker) }),
    postingsOf: (entry) => byEntry.get(entry) ?? [],
    postingsBy: (worker) => byWorker.get(worker) ?? [],
    effectsOf: (entry) => effects.get(entry) ?? [],
    calmDown: () => {
      calm = true;
    },
    idle: async () => {
      if (underWay > 0) await once(resting, 'idle');
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The one line that all requests of this kind become, where the ledger can tell that they are the same. */
function lineOf({ entry, ledgerKey }: Posting, mode: Mode): string | undefined {
  if (mode === 'natural') return `${entry} is set`;
  return mode === 'keyed' && ledgerKey !== undefined ? `${entry} under ${ledgerKey}` : undefined;
}

function sendJson(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
