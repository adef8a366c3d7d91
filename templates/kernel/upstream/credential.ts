/** What authenticates the server to an upstream. */
import type { Environment } from '../config/environment.ts';
import type { Secret } from '../config/secret.ts';
import type { Reach, UpstreamSettings } from '../settings.ts';
import type {
  ClientCredentialsDeclaration,
  CredentialDeclaration,
  ObtainedCredential,
  ProviderDeclaration,
  TokenExchangeDeclaration,
  UpstreamDeclaration,
} from '../tool.ts';

/** The only thing that holds the credential. */
export type Authorizer = Pick<UpstreamSettings, 'authorize' | 'discard' | 'actsForCaller'>;

/** How a credential finds what it needs of the environment. */
export interface CredentialReading {
  readonly upstream: UpstreamDeclaration;
  readonly environment: Environment;
  readonly secret: (name: string) => Secret;
  /** The addresses that somebody who issues credentials for this upstream may be at. */
  readonly reach: (url: URL) => Reach;
}

export type CredentialKind<Declaration> = (declaration: Declaration, reading: CredentialReading) => Authorizer;

/** The credentials that are obtained while the server runs; a project has those that its manifest names. */
export interface CredentialKinds {
  readonly 'oauth-client-credentials'?: CredentialKind<ClientCredentialsDeclaration>;
  readonly 'oauth-token-exchange'?: CredentialKind<TokenExchangeDeclaration>;
  readonly provider?: CredentialKind<ProviderDeclaration>;
}

/** Throws where the project lacks what obtains the credential. */
export function authorizerFor(
  credential: CredentialDeclaration,
  reading: CredentialReading,
  kinds: CredentialKinds,
): Authorizer {
  const { environment, secret, upstream } = reading;
  switch (credential.type) {
    case 'none':
      return { authorize: () => {} };
    case 'bearer': {
      const token = secret(credential.token.secret);
      return { authorize: (headers) => headers.set('authorization', `Bearer ${token.reveal()}`) };
    }
    case 'api-key': {
      const key = secret(credential.key.secret);
      return { authorize: (headers) => headers.set(credential.header, key.reveal()) };
    }
    case 'basic': {
      const username = environment.setting(credential.username, `the user name for the upstream ${upstream.name}`);
      const password = secret(credential.password.secret);
      return { authorize: (headers) => headers.set('authorization', `Basic ${basic(username, password.reveal())}`) };
    }
    case 'oauth-client-credentials':
      return present(kinds[credential.type], credential)(credential, reading);
    case 'oauth-token-exchange':
      return present(kinds[credential.type], credential)(credential, reading);
    case 'provider':
      return present(kinds.provider, credential)(credential, reading);
  }
}

function present<Kind>(kind: Kind | undefined, { type }: ObtainedCredential): Kind {
  if (kind === undefined)
    throw new Error(`An upstream has the credential ${type}, so it needs the part that obtains it`);
  return kind;
}

function basic(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
}
