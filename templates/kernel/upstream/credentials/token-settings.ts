/** Where tokens are asked for, and who this server is there: read from the environment. */
import { quote, type Environment } from '../../config/environment.ts';
import { isTrustworthy } from '../../config/loopback.ts';
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
  const value = environment.setting(setting, `the URL where tokens for the upstream ${upstream} are issued`);
  if (value === '') return NOWHERE;
  const url = URL.parse(value);
  const problem = problemOf(url);
  if (url !== null && problem === undefined) return url;
  const source = 'env' in setting ? setting.env : `The token URL of the upstream ${upstream}`;
  environment.problem(
    `${source} is ${quote(withoutUser(value))}, which ${problem}: write one such as https://login.example/token.`,
  );
  return NOWHERE;
}

/** A URL that has a user may have a password. */
function withoutUser(value: string): string {
  return value.replace(/\/\/[^/@]*@/, '//…@');
}

function problemOf(url: URL | null): string | undefined {
  if (url === null) return 'is no URL';
  if (url.username !== '' || url.password !== '') return 'has a user in it';
  if (url.search !== '' || url.hash !== '') return 'has a query or a fragment';
  return isTrustworthy(url) ? undefined : 'does not start with https:// and is not of this machine';
}
