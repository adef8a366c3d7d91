/**
 * The ledger that servers post to: it never dies, and knows what really happened. It takes its time, before and after
 * it applies a request, and ends some of them badly. What it was sent it applies, whether or not the sender still lives.
 */
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Pick } from '../proof/spelling.ts';
import { newLedger, type Posting } from './ledger.ts';
import { KEY_HEADER, OPERATION_HEADER, type Mode } from './manifest.ts';
import type { Moments } from './moments.ts';

export interface Upstream {
  readonly url: string;
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
  /** What else it waits for before it is applied. */
  readonly held?: Promise<void>;
  readonly afterMs: number;
  /** `refuse` and `lose` come before anything is applied, the others after. */
  readonly ending: 'answer' | 'fail' | 'hang-up' | 'refuse' | 'lose';
  /** How the answer says where it ends; without it, `chunked`. The connection ends after any. */
  readonly framing?: 'length' | 'chunked' | 'close';
}

export const CALM: Conduct = { beforeMs: 0, afterMs: 0, ending: 'answer' };

/** One request in five ends badly. */
export function unruly(pick: Pick): Conduct {
  const endings = ['fail', 'hang-up', 'refuse', 'lose'] as const;
  return { beforeMs: pick(100), afterMs: pick(100), ending: endings[pick(20)] ?? 'answer' };
}

/** Answers, but takes its time. */
export function slow(pick: Pick): Conduct {
  return { beforeMs: pick(60), afterMs: pick(60), ending: 'answer' };
}

export interface UpstreamOptions {
  readonly mode: Mode;
  readonly moments: Moments;
  /** Asked once for each request. */
  readonly conduct: (entry: string) => Conduct;
}

interface Asked {
  readonly response: ServerResponse;
  readonly asked: Conduct;
}

export async function startUpstream({ mode, moments, conduct }: UpstreamOptions): Promise<Upstream> {
  const byEntry = new Map<string, Posting[]>();
  const byWorker = new Map<number, Posting[]>();
  const ledger = newLedger(mode);
  const resting = new EventEmitter<{ idle: [] }>();
  let calm = false;
  let underWay = 0;

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
    // Who sends is told by the credential, because nothing else of a request may differ from process to process.
    const worker = Number(authorization.replace('Bearer ', ''));
    await post({ entry, key: String(key), ledgerKey: ledgerKey?.toString(), worker, applied: false }, response);
  }

  async function post(posting: Posting, response: ServerResponse): Promise<void> {
    const { entry, worker } = posting;
    byEntry.set(entry, [...(byEntry.get(entry) ?? []), posting]);
    byWorker.set(worker, [...(byWorker.get(worker) ?? []), posting]);
    moments.emit('arrived', worker);
    const begun = ledger.begin(posting);
    const asked = calm ? CALM : conduct(entry);
    if (begun.kind === 'busy') return sendJson(response, 409, { error: 'busy' });
    if (begun.kind === 'known') return answer(posting, begun.effect, { response, asked });
    try {
      if (asked.beforeMs > 0) await sleep(asked.beforeMs);
      await asked.held;
      if (asked.ending === 'lose') return void response.destroy();
      if (asked.ending === 'refuse') return sendJson(response, 422, { error: 'refused' }, asked);
      await answer(posting, ledger.apply(posting), { response, asked });
    } finally {
      ledger.end(posting);
    }
  }

  async function answer(posting: Posting, effect: string, { response, asked }: Asked): Promise<void> {
    posting.applied = true;
    moments.emit('applied', posting.worker);
    if (asked.afterMs > 0) await sleep(asked.afterMs);
    if (asked.ending === 'hang-up') return void response.destroy();
    if (asked.ending === 'fail') sendJson(response, 500, { error: 'failed' });
    else sendJson(response, 200, { entry: posting.entry, effect }, asked);
    moments.emit('answered', posting.worker);
  }

  function answerLookup(entry: string, response: ServerResponse): void {
    const [effect] = ledger.effectsOf(entry);
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
    url: `http://127.0.0.1:${port}`,
    postingsOf: (entry) => byEntry.get(entry) ?? [],
    postingsBy: (worker) => byWorker.get(worker) ?? [],
    effectsOf: ledger.effectsOf,
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

function sendJson(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, unknown>>,
  { framing }: Partial<Conduct> = {},
): void {
  const text = JSON.stringify(body);
  if (framing === 'close') response.useChunkedEncodingByDefault = false;
  const length = framing === 'length' ? { 'content-length': Buffer.byteLength(text) } : {};
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...length }).end(text);
}
