/** The upstreams' settings: where they are, and what authenticates the server to them. */
import type { Reach, UpstreamSettings } from '../settings.ts';
import type { ServerDeclaration, UpstreamDeclaration } from '../tool.ts';
import { addressIn, kindOf, mayReach } from '../upstream/address.ts';
import { authorizerFor, type CredentialKinds, type CredentialReading } from '../upstream/credential.ts';
import { isReservedHeader } from '../upstream/headers.ts';
import type { Environment } from './environment.ts';
import { isLoopback } from './loopback.ts';
import { reachOf } from './reach.ts';
import { readSecret } from './secret.ts';

/** `kinds`: what obtains credentials, where any upstream needs that. */
export function readUpstreams(
  server: ServerDeclaration,
  environment: Environment,
  kinds: CredentialKinds,
): Map<string, UpstreamSettings> {
  checkRequestHeaders(server, environment);
  return new Map(
    server.upstreams.map((declaration) => [declaration.name, readUpstream(declaration, environment, kinds)]),
  );
}

function readUpstream(
  declaration: UpstreamDeclaration,
  environment: Environment,
  kinds: CredentialKinds,
): UpstreamSettings {
  const { name, credential } = declaration;
  const baseUrl = readBaseUrl(declaration, environment);
  const reach = reachOf(declaration.addresses, baseUrl);
  checkAddress(declaration, { baseUrl, reach, environment });
  const reading: CredentialReading = {
    upstream: declaration,
    environment,
    secret: (variable) => readSecret(environment, variable, `the ${credential.type} secret of the upstream ${name}`),
    reach: (url) => reachOf(declaration.addresses, url),
  };
  return {
    declaration,
    baseUrl,
    reach,
    ...authorizerFor(credential, reading, kinds),
  };
}

const NOWHERE = new URL('https://upstream.invalid');

function readBaseUrl(declaration: UpstreamDeclaration, environment: Environment): URL {
  const { name, baseUrl, allowedHosts } = declaration;
  const source = 'env' in baseUrl ? baseUrl.env : `The base URL of the upstream ${name}`;
  const hosts = allowedHosts.join(', ');
  const value = environment.setting(baseUrl, `the base URL of the upstream ${name}, on one of these hosts: ${hosts}`);
  if (value === '') return NOWHERE;
  const url = URL.parse(value);
  if (url === null) {
    environment.problem(`${source} is no URL: write one such as https://${allowedHosts[0]}.`);
    return NOWHERE;
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    environment.problem(
      `${source} has a user, password, query or fragment: give the address only, and secrets as the credential.`,
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    environment.problem(`${source} must start with https://; http:// is for this machine (127.0.0.1, localhost) only.`);
  }
  if (!allowedHosts.some((host) => host === url.host || host === url.hostname)) {
    environment.problem(
      `${source} leads to ${url.host}, which is not allowed: use one of ${hosts}, or add the host to allowedHosts of the upstream ${name} in the manifest.`,
    );
  }
  return url;
}

/** What a name leads to is only known, and checked, when there is a connection to make. */
function checkAddress(
  { name }: UpstreamDeclaration,
  about: { readonly baseUrl: URL; readonly reach: Reach; readonly environment: Environment },
): void {
  const { baseUrl, reach, environment } = about;
  const address = addressIn(baseUrl);
  if (address === undefined || mayReach(reach, address)) return;
  const kind = kindOf(address);
  environment.problem(
    kind === 'never'
      ? `The upstream ${name} would be at ${address}, where no upstream may be: use its host name, or its public address.`
      : `The upstream ${name} would be at ${address}, which is no public address: if that is meant, set addresses of the upstream ${name} to private in the manifest.`,
  );
}

/** A declared header that the server sets itself would be a hole, so the server does not start with one. */
function checkRequestHeaders({ tools, upstreams }: ServerDeclaration, environment: Environment): void {
  for (const { definition, request } of tools) {
    const credential = upstreams.find(({ name }) => name === request?.upstream)?.credential;
    const key = credential?.type === 'api-key' ? credential.header.toLowerCase() : undefined;
    for (const name of Object.keys(request?.headers ?? {})) {
      if (!isReservedHeader(name) && name.toLowerCase() !== key) continue;
      environment.problem(`The tool ${definition.name} declares the header ${name}, which the server sets: remove it.`);
    }
  }
}
