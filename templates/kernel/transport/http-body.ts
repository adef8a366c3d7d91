/** Reads the JSON of a request within caps, before anything else looks at it. */
import type { IncomingMessage } from 'node:http';

import { brokenCap } from '../json.ts';
import type { RequestLimits } from '../settings.ts';
import { BUSY } from './http-answer.ts';
import type { Refusal } from './transport.ts';

/** A body that is not taken. */
export class UnusableBody extends Error {
  override readonly name = 'UnusableBody';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** What a message wraps around a tool's arguments, which have the same caps for themselves. */
const ENVELOPE = { depth: 2, elements: 100 };

/** What all bodies together may take while they are read, however many clients send however slowly. */
const MOST_BYTES_AT_ONCE = 33_554_432;
let bytesHeld = 0;

const PARSE_ERROR = -32700;
const CUT_SHORT = { status: 400, message: 'The body ended before its end.' };
const INVALID_REQUEST = -32600;

/** Rejects with `UnusableBody`. */
export async function readJson(request: IncomingMessage, limits: RequestLimits): Promise<unknown> {
  const body = parse(await readBytes(request, limits.maxBodyBytes));
  if (Array.isArray(body)) throw invalid('Batches are not part of the protocol: send one message.');
  const broken = brokenCap(body, {
    maxDepth: limits.maxDepth + ENVELOPE.depth,
    maxElements: limits.maxElements + ENVELOPE.elements,
  });
  if (broken !== undefined) throw invalid(`The message has too many levels or members (${broken}): send less.`);
  return body;
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      bytesHeld += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      if (bytesHeld > MOST_BYTES_AT_ONCE) throw new UnusableBody(BUSY);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    // A client that leaves half-way is no fault of this server's.
    throw error instanceof UnusableBody ? error : new UnusableBody(CUT_SHORT);
  } finally {
    bytesHeld -= size;
  }
}

/** Refuses what is no UTF-8: replacing it would change an argument that nobody sees again. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new UnusableBody({ status: 400, code: PARSE_ERROR, message: 'Parse error: the body is not JSON.' });
  }
}

function invalid(message: string): UnusableBody {
  return new UnusableBody({ status: 400, code: INVALID_REQUEST, message });
}

function tooLarge(maxBytes: number): UnusableBody {
  return new UnusableBody({ status: 413, message: `The body is larger than ${maxBytes} bytes.` });
}
