/** Tokens that were obtained, in memory only: one for each set of scopes, renewed in time, one request at a time. */
import type { Secret } from '../../config/secret.ts';
import { elapsedMs, instantNow, type Instant } from '../../pipeline/elapsed.ts';
import type { CredentialNeed } from '../../settings.ts';
import type { Authorizer } from '../credential.ts';
import { notObtained } from './unavailable.ts';

export interface IssuedToken {
  readonly token: Secret;
  /** How long it lives from when it was asked for; `undefined` where nobody says. */
  readonly expiresInMs: number | undefined;
}

/** Rejects with `CredentialUnavailable`. Takes only so long. */
export type IssueToken = (scopes: readonly string[] | undefined) => Promise<IssuedToken>;

interface Kept {
  readonly token: Secret;
  readonly since: Instant;
  readonly livesMs: number;
}

/** Of a token whose issuer does not say. */
const ASSUMED_LIFE_MS = 300_000;
const LEAST_MARGIN_MS = 30_000;

/** Tokens travel as `Authorization: Bearer`. */
export function keepTokens(issue: IssueToken): Authorizer {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Kept>>();

  async function find({ scopes, signal }: CredentialNeed): Promise<Secret> {
    const place = scopes === undefined ? '' : [...new Set(scopes)].toSorted().join(' ');
    const before = kept.get(place);
    if (before !== undefined && elapsedMs(before.since) < freshMs(before)) return before.token;
    try {
      const { token } = await orAborted(underWay.get(place) ?? obtain(place, scopes), signal);
      return token;
    } catch (error) {
      // The margin is there for this: the old one is good until it ends, unless the upstream refused it.
      if (before !== undefined && kept.get(place) === before && elapsedMs(before.since) < before.livesMs)
        return before.token;
      throw error;
    }
  }

  function obtain(place: string, scopes: readonly string[] | undefined): Promise<Kept> {
    // From before it was asked for: it lives for less than it says.
    const since = instantNow();
    const work = issue(scopes).then(({ token, expiresInMs }) => {
      const issued = { token, since, livesMs: expiresInMs ?? ASSUMED_LIFE_MS };
      kept.set(place, issued);
      return issued;
    });
    const settled = work.finally(() => underWay.delete(place));
    // Whoever asked may have left.
    settled.catch(() => {});
    underWay.set(place, settled);
    return settled;
  }

  return {
    authorize: async (headers, need = {}) => {
      const token = await find(need);
      headers.set('authorization', bearer(token));
    },
    discard: (headers) => {
      const refused = headers.get('authorization');
      for (const [place, { token }] of kept) {
        // Another call may have brought a new one meanwhile, which nobody refused.
        if (bearer(token) === refused) kept.delete(place);
      }
    },
  };
}

function freshMs({ livesMs }: Kept): number {
  return livesMs - Math.max(LEAST_MARGIN_MS, livesMs / 10);
}

function bearer(token: Secret): string {
  return `Bearer ${token.reveal()}`;
}

/** Only the waiting ends: others may wait for the same. */
function orAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(notObtained());
    const settle = (): void => signal.removeEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(settle);
  });
}
