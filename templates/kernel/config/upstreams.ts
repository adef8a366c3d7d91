/** The upstreams' settings: where they are, and what authenticates the server to them. */
import type { UpstreamSettings } from '../settings.ts';
import type { ServerDeclaration, UpstreamDeclaration } from '../tool.ts';
import { authorizeWith } from '../upstream/credential.ts';
import { isReservedHeader } from '../upstream/headers.ts';
import { quote, type Environment } from './environment.ts';
import { isLoopback } from './loopback.ts';
import { readSecret } from './secret.ts';

export function readUpstreams(server: ServerDeclaration, environment: Environment): Map<string, UpstreamSettings> {
  checkRequestHeaders(server, environment);
  return new Map(server.upstreams.map((declaration) => [declaration.name, readUpstream(declaration, environment)]));
}

function readUpstream(declaration: UpstreamDeclaration, environment: Environment): UpstreamSettings {
  const { name, credential } = declaration;
  return {
    declaration,
    baseUrl: readBaseUrl(declaration, environment),
    authorize: authorizeWith(credential, {
      setting: (setting) => environment.setting(setting, `the user name for the upstream ${name}`),
      secret: (variable) => readSecret(environment, variable, `the ${credential.type} secret of the upstream ${name}`),
    }),
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
    environment.problem(`${source} is ${quote(value)}, which is no URL: write one such as https://${allowedHosts[0]}.`);
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
