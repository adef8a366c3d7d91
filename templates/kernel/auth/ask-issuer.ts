/** Asks an issuer, as all requests leave: at a checked address, without following redirects, within a time and a size. */
import type { JsonValue } from '../json.ts';
import type { Reach } from '../settings.ts';
import { valueOf } from '../upstream/answer.ts';
import { send } from '../upstream/send.ts';
import { IssuerUnavailable, PATIENCE_MS } from './access-token.ts';

export interface IssuerQuestion {
  readonly url: URL;
  readonly reach: Reach;
  /** Present for a POST: who asks, and what. */
  readonly form?: { readonly authorization: string; readonly fields: Readonly<Record<string, string>> };
}

export interface IssuerAnswer {
  readonly status: number;
  /** JSON, or text; `undefined` where there is none that could be read. */
  readonly body: JsonValue | undefined;
}

const MOST_BYTES = 256_000;

/** Rejects with `IssuerUnavailable`, which says nothing of what was asked or answered. */
export async function askIssuer({ url, reach, form }: IssuerQuestion): Promise<IssuerAnswer> {
  const headers = new Headers({ accept: 'application/json', 'accept-encoding': 'identity' });
  if (form !== undefined) {
    headers.set('authorization', form.authorization);
    headers.set('content-type', 'application/x-www-form-urlencoded');
  }
  const body = form && new URLSearchParams(form.fields).toString();
  const { signal } = new AbortController();
  const attempt = await send(
    { method: form === undefined ? 'GET' : 'POST', url, headers, body },
    { timeoutMs: PATIENCE_MS, maxResponseBytes: MOST_BYTES, signal, reach },
  );
  if (attempt.kind === 'not-allowed') {
    throw new IssuerUnavailable(`${url.host} leads to an address that is not connected to`);
  }
  if (attempt.kind !== 'answered') throw new IssuerUnavailable(`${url.href} gave no answer`);
  const { answer } = attempt;
  if (answer.body.kind === 'broken') throw new IssuerUnavailable(`${url.href} gave no whole answer`);
  if (answer.body.kind === 'too-large') throw new IssuerUnavailable(`${url.href} answered with too much`);
  return { status: answer.status, body: valueOf(answer.body) };
}
