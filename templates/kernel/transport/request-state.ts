/**
 * What a client keeps while its user is asked, and sends back with the answer. It is signed over who asked for what, and
 * as text: the SDK's own codec binds to no tool, and takes several spellings of one signature.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

import type { Caller } from '../caller.ts';
import type { Question } from '../pipeline/call.ts';

/** The question that a state stands for. The client can read it. */
export interface Asked extends Pick<Question, 'operationId' | 'key' | 'fingerprint'> {
  /** Milliseconds since the epoch, by the clock of the process that asked; the store keeps the time that counts. */
  readonly expiresAt: number;
}

/** Whom a state is good for, and for which tool: signed too, but not told to the client. */
export interface BoundTo {
  readonly caller: Pick<Caller, 'subject' | 'tenant'>;
  readonly tool: string;
  readonly secret: string;
}

export type ReadState =
  | { readonly kind: 'valid'; readonly asked: Asked }
  /** `signature`: changed, or made for another caller or tool, or elsewhere. */
  | { readonly kind: 'refused'; readonly reason: 'signature' | 'expired' };

const VERSION = 'v1';

export function writeState({ operationId, key, fingerprint, expiresAt }: Asked, boundTo: BoundTo): string {
  const asked: Asked = { operationId, key, fingerprint, expiresAt };
  return sign(Buffer.from(JSON.stringify(asked)).toString('base64url'), boundTo);
}

export function readState(state: string, boundTo: BoundTo, now: number): ReadState {
  const [, body = ''] = state.split('.');
  if (!isEqual(state, sign(body, boundTo))) return { kind: 'refused', reason: 'signature' };
  // Whatever is signed was written above.
  const asked = JSON.parse(Buffer.from(body, 'base64url').toString()) as Asked;
  return asked.expiresAt > now ? { kind: 'valid', asked } : { kind: 'refused', reason: 'expired' };
}

function sign(body: string, { caller, tool, secret }: BoundTo): string {
  const signed = JSON.stringify([VERSION, caller.tenant ?? null, caller.subject, tool, body]);
  return `${VERSION}.${body}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

function isEqual(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
