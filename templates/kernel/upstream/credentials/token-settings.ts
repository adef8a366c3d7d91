/** Where tokens are asked for, and who this server is there: read from the environment. */
import type { Environment } from '../../config/environment.ts';
import { readIssuerUrl } from '../../config/issuer-url.ts';
import type { Setting, TokenEndpointDeclaration } from '../../tool.ts';
import type { CredentialReading } from '../credential.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** Notes in the environment what is wrong with it. */
export function readTokenEndpoint(
  { tokenUrl, clientId, clientSecret }: TokenEndpointDeclaration,
  { upstream, environment, secret, reach }: CredentialReading,
): TokenEndpoint {
  const url = readTokenUrl(environment, tokenUrl, upstream.name);
  return {
    url,
    reach: reach(url),
    timeoutMs: upstream.timeoutMs,
    clientId: environment.setting(clientId, `who this server is to the token issuer of the upstream ${upstream.name}`),
    clientSecret: secret(clientSecret.secret),
  };
}

/** What the tokens are meant for, as the parameters of a request say it. */
export function targetOf({ audience, resource }: TokenEndpointDeclaration): Readonly<Record<string, string>> {
  return { ...(audience === undefined ? {} : { audience }), ...(resource === undefined ? {} : { resource }) };
}

const NOWHERE = new URL('https://issuer.invalid');

function readTokenUrl(environment: Environment, setting: Setting, upstream: string): URL {
  const read = readIssuerUrl(environment, setting, {
    what: `the URL where tokens for the upstream ${upstream} are issued`,
    source: `The token URL of the upstream ${upstream}`,
    remedy: 'write one such as https://login.example/token',
  });
  return read?.url ?? NOWHERE;
}
