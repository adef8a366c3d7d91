/** Asks an issuer where it publishes its keys. */
import { isTrustworthy } from '../config/loopback.ts';
import { isJsonObject } from '../json.ts';
import { IssuerUnavailable, PATIENCE_MS } from './access-token.ts';

/** Rejects with `IssuerUnavailable`. */
export async function discoverKeys(issuer: string): Promise<URL> {
  for (const url of metadataUrls(issuer)) {
    const metadata = await fetchMetadata(url);
    if (metadata === undefined) continue;
    if (metadata['issuer'] !== issuer) throw new IssuerUnavailable(`${url.href} is the metadata of another issuer`);
    const keys = URL.parse(String(metadata['jwks_uri']));
    if (keys === null || !isTrustworthy(keys)) throw new IssuerUnavailable(`${url.href} names no jwks_uri over https`);
    return keys;
  }
  throw new IssuerUnavailable(`${issuer} publishes no metadata`);
}

/** Where RFC 8414 and OpenID Connect Discovery put it. */
function metadataUrls(issuer: string): readonly URL[] {
  const path = new URL(issuer).pathname.replace(/\/$/, '');
  return [
    new URL(`/.well-known/oauth-authorization-server${path}`, issuer),
    new URL(`${path}/.well-known/openid-configuration`, issuer),
  ];
}

/** `undefined` where there is none; never follows a redirect. */
async function fetchMetadata(url: URL): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    const body: unknown = response.ok ? await response.json() : undefined;
    return isJsonObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
