/** What an upstream answered: read up to a cap, and told apart by what it is, not by what it calls itself. */
import type { IncomingMessage } from 'node:http';

import type { JsonValue } from '../json.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** `broken`: cut off, or said to be JSON and is not. `too-large`: the rest was not read. */
export type AnswerBody =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'too-large' };

/** Reads at most `maxBytes` of the body. Never rejects. */
export async function readAnswer(incoming: IncomingMessage, maxBytes: number): Promise<Answer> {
  const body = await readBody(incoming, maxBytes);
  return { status: incoming.statusCode ?? 0, headers: headersOf(incoming), body };
}

/** Gives up on the connection where there is more. */
async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<AnswerBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > maxBytes) {
        incoming.destroy();
        return { kind: 'too-large' };
      }
      chunks.push(chunk);
    }
  } catch {
    return { kind: 'broken' };
  }
  if (!incoming.complete) return { kind: 'broken' };
  return parseBody(Buffer.concat(chunks).toString('utf8'), incoming.headers['content-type'] ?? '');
}

/** `undefined` where there is none. */
export function valueOf(body: AnswerBody): JsonValue | undefined {
  return body.kind === 'json' || body.kind === 'text' ? body.value : undefined;
}

const JSON_TYPE = /^application\/(?:[^;]+\+)?json\b/i;

/** JSON that is called something else is still JSON where it cannot be taken for a word or a number. */
function parseBody(text: string, contentType: string): AnswerBody {
  if (text === '') return { kind: 'empty' };
  if (contentType !== '' && !JSON_TYPE.test(contentType) && !/^\s*[[{]/.test(text))
    return { kind: 'text', value: text };
  try {
    // JSON.parse returns a JSON value, whatever its declared type.
    return { kind: 'json', value: JSON.parse(text) as JsonValue };
  } catch {
    return JSON_TYPE.test(contentType) ? { kind: 'broken' } : { kind: 'text', value: text };
  }
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
