/** What a client is told that has to sign in first, or for more (RFC 6750 and RFC 9728). */
import type { ServerDeclaration } from '../tool.ts';
import type { Parties } from './access-token.ts';

export interface Challenge {
  readonly error?: 'invalid_token' | 'insufficient_scope';
  readonly description?: string;
  readonly scopes: readonly string[];
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** Where a client finds what to sign in to: the well-known path stands between host and path. */
export function metadataUrl(audience: string): URL {
  const { pathname } = new URL(audience);
  return new URL(`${WELL_KNOWN}${pathname === '/' ? '' : pathname}`, audience);
}

/** The paths under which a client may look for it. */
export function metadataPaths(audience: string): ReadonlySet<string> {
  return new Set([WELL_KNOWN, metadataUrl(audience).pathname]);
}

export function metadataOf(server: ServerDeclaration, { issuer, audience }: Parties): object {
  return {
    resource: audience,
    resource_name: server.title ?? server.name,
    authorization_servers: [issuer],
    scopes_supported: Object.keys(server.scopes),
    bearer_methods_supported: ['header'],
  };
}

/** The value of `WWW-Authenticate`. Scopes have neither quotes nor backslashes, nor has an encoded URL. */
export function wwwAuthenticate({ error, description, scopes }: Challenge, metadata: URL): string {
  const parameters = [
    ...(error === undefined ? [] : [['error', error] as const]),
    ...(description === undefined ? [] : [['error_description', description] as const]),
    ...(scopes.length === 0 ? [] : [['scope', scopes.join(' ')] as const]),
    ['resource_metadata', metadata.href] as const,
  ];
  return `Bearer ${parameters.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

/** What a client asks for at first: the scopes of the tools that read. */
export function baselineScopes({ tools }: ServerDeclaration): readonly string[] {
  const reading = tools.filter(({ policy }) => policy.mutability === 'read-only');
  return [...new Set(reading.flatMap(({ policy }) => policy.scopes))];
}
