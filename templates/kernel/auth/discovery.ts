/** Asks an issuer where it publishes its keys. */
import { isTrustworthy } from '../config/loopback.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Reach } from '../settings.ts';
import { IssuerUnavailable } from './access-token.ts';
import { askIssuer } from './ask-issuer.ts';

/** Rejects with `IssuerUnavailable`. */
export async function discoverKeys(issuer: string, reach: Reach): Promise<URL> {
  const problems: string[] = [];
  for (const url of metadataUrls(issuer)) {
    const metadata = await readMetadata(url, reach, problems);
    if (metadata === undefined) continue;
    if (metadata['issuer'] !== issuer) throw new IssuerUnavailable(`${url.href} is the metadata of another issuer`);
    const keys = URL.parse(String(metadata['jwks_uri']));
    if (keys === null || !isTrustworthy(keys)) throw new IssuerUnavailable(`${url.href} names no jwks_uri over https`);
    return keys;
  }
  throw new IssuerUnavailable(`${issuer} publishes no metadata: ${problems.join('; ')}`);
}

/** Where RFC 8414 and OpenID Connect Discovery put it. */
function metadataUrls(issuer: string): readonly URL[] {
  const path = new URL(issuer).pathname.replace(/\/$/, '');
  return [
    new URL(`/.well-known/oauth-authorization-server${path}`, issuer),
    new URL(`${path}/.well-known/openid-configuration`, issuer),
  ];
}

/** `undefined` where there is none; why is noted. */
async function readMetadata(url: URL, reach: Reach, problems: string[]): Promise<JsonObject | undefined> {
  try {
    const { status, body } = await askIssuer({ url, reach });
    if (status === 200 && isJsonObject(body)) return body;
    problems.push(`${url.href} answered with ${status}`);
  } catch (error) {
    if (!(error instanceof IssuerUnavailable)) throw error;
    problems.push(error.message);
  }
  return undefined;
}
