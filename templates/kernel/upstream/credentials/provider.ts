/** `provider`: a function of yours finds the token, such as in a vault. */
import { Secret } from '../../config/secret.ts';
import { createLogger } from '../../log.ts';
import type { ProviderDeclaration } from '../../tool.ts';
import type { CredentialKind } from '../credential.ts';
import { keepTokens, type IssuedToken } from './token-cache.ts';
import { notObtained } from './unavailable.ts';

/** A token for the upstream; it is kept in memory, used by every call and sent as `Authorization: Bearer`. */
export interface ProvidedToken {
  readonly token: string;
  /** How long it lives, in milliseconds; absent: it is asked for again within minutes. */
  readonly expiresInMs?: number;
}

/** Asked again in time before a token ends, and when the upstream refused it. Anything thrown is told to nobody. */
export type CredentialProvider = (need: {
  /** What the token may carry: the tool's `upstreamScopes`; absent where it has none. */
  readonly scopes: readonly string[] | undefined;
  /** Aborts when nobody waits any more: after the upstream's time-out. */
  readonly signal: AbortSignal;
}) => ProvidedToken | Promise<ProvidedToken>;

/** `providers`: by the names of their upstreams. Throws where one is missing. */
export function provided(providers: Readonly<Record<string, CredentialProvider>>): CredentialKind<ProviderDeclaration> {
  return (_declaration, { upstream: { name, timeoutMs }, environment: { secrets } }) => {
    const provide = Object.hasOwn(providers, name) ? providers[name] : undefined;
    if (provide === undefined) throw new Error(`The upstream ${name} has no credential provider`);
    return keepTokens(async (scopes) => {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        return checked(await Promise.race([provide({ scopes, signal }), aborted(signal)]));
      } catch (error) {
        createLogger(secrets).error(`The credential provider of the upstream ${name} gave no token`, describe(error));
        throw notObtained();
      }
    });
  };
}

function checked({ token, expiresInMs }: ProvidedToken): IssuedToken {
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError('A token is visible ASCII');
  return { token: new Secret(() => token), expiresInMs };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}

/** Where it failed, and not what it said: that may quote the secret. */
function describe(error: unknown): { readonly error: string; readonly at: string } {
  if (!(error instanceof Error)) return { error: typeof error, at: '' };
  const at = (error.stack ?? '').split('\n').find((line) => /^ {4}at /.test(line)) ?? '';
  return { error: error.name, at: at.trim() };
}
