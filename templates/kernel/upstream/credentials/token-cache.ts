/** Tokens that were obtained, in memory only: as few as are in use, renewed in time, one request at a time for each. */
import type { Secret } from '../../config/secret.ts';
import { elapsedMs, instantNow, type Instant } from '../../pipeline/elapsed.ts';
import type { CredentialNeed } from '../../settings.ts';
import type { Authorizer } from '../credential.ts';
import { CredentialUnavailable, notObtained } from './unavailable.ts';

export interface IssuedToken {
  readonly token: Secret;
  /** How long it lives from when it was asked for; `undefined` where nobody says. */
  readonly expiresInMs: number | undefined;
}

/** A token that something is to be sent with. */
export interface Wanted {
  /** Those of one name share a token. */
  readonly name: string;
  /** It is not kept for longer, in milliseconds from now; absent: as long as it lives. */
  readonly keepMs?: number;
  /** Rejects with `CredentialUnavailable`. Takes only so long. */
  readonly issue: () => Promise<IssuedToken>;
}

interface Kept {
  readonly token: Secret;
  readonly since: Instant;
  readonly livesMs: number;
  readonly freshMs: number;
}

/** Of a token whose issuer does not say. */
const ASSUMED_LIFE_MS = 300_000;
const LEAST_MARGIN_MS = 30_000;
/** Beyond that, those that were not used for the longest go first, and are obtained again. */
const MOST_KEPT = 1_000;

/** One token for each set of scopes. */
export function keepTokens(issue: (scopes: readonly string[] | undefined) => Promise<IssuedToken>): Authorizer {
  return keepWanted(({ scopes }) => ({ name: nameOf(scopes), issue: () => issue(scopes) }));
}

export function nameOf(scopes: readonly string[] | undefined): string {
  return scopes === undefined ? '' : [...new Set(scopes)].toSorted().join(' ');
}

/** Tokens travel as `Authorization: Bearer`. `want` may throw `CredentialUnavailable`. */
export function keepWanted(want: (need: CredentialNeed) => Wanted): Authorizer {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Kept>>();

  async function find(need: CredentialNeed): Promise<Secret> {
    const wanted = want(need);
    const { name } = wanted;
    const before = kept.get(name);
    if (before !== undefined && elapsedMs(before.since) < before.freshMs) {
      keep(name, before);
      return before.token;
    }
    try {
      const { token } = await orAborted(underWay.get(name) ?? obtain(wanted), need.signal);
      return token;
    } catch (error) {
      if (isRefusal(error)) throw error;
      // The margin is there for this: the old one is good until it ends, unless the upstream refused it.
      if (before !== undefined && kept.get(name) === before && elapsedMs(before.since) < before.livesMs)
        return before.token;
      throw error;
    }
  }

  function obtain({ name, keepMs = Infinity, issue }: Wanted): Promise<Kept> {
    // From before it was asked for: it lives for less than it says.
    const since = instantNow();
    const work = issue().then(({ token, expiresInMs = ASSUMED_LIFE_MS }) => {
      const freshMs = expiresInMs - Math.max(LEAST_MARGIN_MS, expiresInMs / 10);
      const issued = { token, since, livesMs: Math.min(expiresInMs, keepMs), freshMs: Math.min(freshMs, keepMs) };
      keep(name, issued);
      return issued;
    });
    const settled = work.finally(() => underWay.delete(name));
    // Whoever asked may have left.
    settled.catch(() => {});
    underWay.set(name, settled);
    return settled;
  }

  /** As the one that was used last. */
  function keep(name: string, issued: Kept): void {
    kept.delete(name);
    kept.set(name, issued);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  }

  return {
    authorize: async (headers, need = {}) => {
      const token = await find(need);
      headers.set('authorization', bearer(token));
    },
    discard: (headers) => {
      const refused = headers.get('authorization');
      for (const [name, { token }] of kept) {
        // Another call may have brought a new one meanwhile, which nobody refused.
        if (bearer(token) === refused) kept.delete(name);
      }
    },
  };
}

/** The issuer said no: that holds for what it gave before, too. */
function isRefusal(error: unknown): boolean {
  return error instanceof CredentialUnavailable && !error.body.retryable;
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
