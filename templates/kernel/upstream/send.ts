/**
 * One attempt at a request, over `node:http`. Unlike `fetch` it tells whether a connection was there before
 * anything failed, which decides between "nothing was sent" and "it may have happened".
 */
import { Agent as HttpAgent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import type { Reach } from '../settings.ts';
import { addressIn, mayReach } from './address.ts';
import { readAnswer, type Answer } from './answer.ts';
import { AddressRefused, checkedLookup } from './checked-lookup.ts';

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** What came back of one attempt. */
export type Attempt =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** No connection came about, so not a byte of the request left: DNS, refused, unreachable, TLS. */
  | { readonly kind: 'not-sent'; readonly reason: string }
  /** It would have gone to an address that this upstream may not be at, so there was no connection. */
  | { readonly kind: 'not-allowed' }
  /** A connection was there, but by then nothing might be sent any more, and nothing was. */
  | { readonly kind: 'too-late' }
  /** It left; it may have arrived. */
  | { readonly kind: 'lost'; readonly reason: string };

export interface SendOptions {
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly signal: AbortSignal;
  /** Where a connection may lead. */
  readonly reach: Reach;
  /**
   * Present for a write. Asked when its connection stands, just before the first byte leaves, and before every further
   * piece. A write has that connection for itself: one kept open might be closed by the upstream at the same moment.
   */
  readonly mayStillSend?: (() => boolean) | undefined;
}

/** For each reach its own: a connection must not be used by an upstream that may not be where it leads. */
const keptOpen: Readonly<Record<Reach, ReturnType<typeof makeAgents>>> = {
  public: makeAgents(),
  'this-machine': makeAgents(),
  private: makeAgents(),
};

function makeAgents() {
  const options = { keepAlive: true, maxSockets: 100 };
  return { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
}

/** Never rejects. The headers hold the credential; they are not kept. */
export async function send(request: OutgoingRequest, options: SendOptions): Promise<Attempt> {
  const { timeoutMs, maxResponseBytes, mayStillSend, signal, reach } = options;
  // An address in the URL is connected to as it stands: there is nothing to look up.
  const address = addressIn(request.url);
  if (address !== undefined && !mayReach(reach, address)) return { kind: 'not-allowed' };
  const isSecure = request.url.protocol === 'https:';
  const outgoing = (isSecure ? requestHttps : requestHttp)(request.url, {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    agent: mayStillSend === undefined ? keptOpen[reach][isSecure ? 'https:' : 'http:'] : false,
    lookup: checkedLookup(reach),
    signal,
  });
  const timer = setTimeout(() => outgoing.destroy(new TimedOut()), timeoutMs);
  try {
    return await attempt(outgoing, { maxResponseBytes, mayStillSend: mayStillSend ?? always, body: request.body });
  } finally {
    clearTimeout(timer);
  }
}

const always = (): boolean => true;

class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

interface Attempted {
  readonly maxResponseBytes: number;
  readonly mayStillSend: () => boolean;
  readonly body: string | undefined;
}

function attempt(outgoing: ClientRequest, { maxResponseBytes, mayStillSend, body }: Attempted): Promise<Attempt> {
  // Now, so that nothing takes time between the question and the first byte.
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return new Promise((resolve) => {
    let connected = false;
    const begin = (): void => {
      if (!mayStillSend()) {
        resolve({ kind: 'too-late' });
        outgoing.destroy();
        return;
      }
      connected = true;
      // Not earlier: what is written before there is a connection leaves by itself, however late it comes about.
      if (bytes === undefined) outgoing.end();
      else sendBody(outgoing, bytes, mayStillSend);
    };
    const fail = (reason: string): void => resolve({ kind: connected ? 'lost' : 'not-sent', reason });
    outgoing.once('socket', (socket: Socket) => whenConnected(socket, begin));
    outgoing.on('error', (error) => {
      if (error instanceof AddressRefused) resolve({ kind: 'not-allowed' });
      else fail(reasonOf(error));
    });
    // An answer that switches protocols ends the request without an error or a response.
    outgoing.once('close', () => fail('closed'));
    outgoing.once('response', (incoming) => resolve(answered(incoming, maxResponseBytes)));
  });
}

const PIECE_BYTES = 16_384;

/** A piece when the one before is out: of a large body that is held up half-way, the rest must not leave too late. */
function sendBody(outgoing: ClientRequest, body: Buffer, mayStillSend: () => boolean): void {
  outgoing.setHeader('content-length', body.byteLength);
  const sendFrom = (start: number): void => {
    const end = start + PIECE_BYTES;
    const piece = body.subarray(start, end);
    if (end >= body.byteLength) outgoing.end(piece);
    else outgoing.write(piece, (error) => (!error && mayStillSend() ? sendFrom(end) : outgoing.destroy()));
  };
  sendFrom(0);
}

/** At once for a connection that was kept open; with TLS, when the certificate was seen to be good. */
function whenConnected(socket: Socket, begin: () => void): void {
  if (!socket.connecting) begin();
  else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', begin);
}

async function answered(incoming: IncomingMessage, maxBytes: number): Promise<Attempt> {
  return { kind: 'answered', answer: await readAnswer(incoming, maxBytes) };
}

/** The code of a failed connection (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); never the text, which may quote anything. */
function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
