/**
 * Where the access token that a caller came with is kept, apart from the delegation that a call carries. Two modules import
 * this one, and no other may: `auth/oauth.ts`, which has the token, and `upstream/credentials/token-exchange.ts`.
 */
import { createHash } from 'node:crypto';

import { Secret } from './config/secret.ts';
import type { Delegation } from './delegation.ts';

const tokens = new WeakMap<Delegation, Secret>();

/** `endsAt`: of the token, in milliseconds since the epoch. */
export function delegate(token: string, endsAt: number): Delegation {
  const delegation = Object.freeze({ id: createHash('sha256').update(token).digest('hex'), endsAt });
  tokens.set(delegation, new Secret(() => token));
  return delegation;
}

/** For an exchange (RFC 8693) at the issuer alone. Throws where `delegate` did not make it. */
export function subjectTokenOf(delegation: Delegation): Secret {
  const token = tokens.get(delegation);
  if (token === undefined) throw new Error('It was not made by delegate');
  return token;
}
