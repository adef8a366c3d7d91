/** An upstream that is called in its callers' names, and verifies what it gets; callers who signed in at the issuer. */
import type { Delegation } from '../../../templates/kernel/delegation.ts';
import { delegate } from '../../../templates/kernel/subject-token.ts';
import { CREDENTIAL, settingsAt, startApi } from './api.ts';
import { startIssuer, type Issuer } from './issuer.ts';

const EXCHANGE = { ...CREDENTIAL, type: 'oauth-token-exchange' } as const;

interface Exchanging {
  readonly livesS?: number;
  readonly credential?: object;
  /** Where the credential has one. */
  readonly actorToken?: (issuer: Issuer) => Promise<string>;
}

export async function startExchanging({ livesS = 3_600, credential = {}, actorToken }: Exchanging = {}) {
  const issuer = await startIssuer({ livesS });
  const api = await startApi({ verify: issuer.verify });
  const actor = actorToken && { actorToken: { secret: 'API_ACTOR_TOKEN' } };
  const settings = settingsAt(api.url, issuer.tokenUrl, {
    credential: { ...EXCHANGE, ...credential, ...actor },
    environment: { API_ACTOR_TOKEN: (await actorToken?.(issuer)) ?? 'not-used' },
  });
  return { issuer, api, settings };
}

/** Of a caller who came with this token. */
export function delegationOf(token: string, livesS = 3_600): Delegation {
  return delegate(token, Date.now() + livesS * 1_000);
}

/** Of one who signed in. */
export async function signedIn(issuer: Issuer, login: string, livesS?: number): Promise<Delegation> {
  return delegationOf((await issuer.signIn(login)).accessToken, livesS);
}
