/** `oauth-client-credentials`: the server asks for tokens in its own name (RFC 6749, section 4.4). */
import type { ClientCredentialsDeclaration } from '../../tool.ts';
import type { CredentialKind } from '../credential.ts';
import { keepTokens } from './token-cache.ts';
import { requestToken } from './token-endpoint.ts';
import { readTokenEndpoint, targetOf } from './token-settings.ts';

export const clientCredentials: CredentialKind<ClientCredentialsDeclaration> = (credential, reading) => {
  const endpoint = readTokenEndpoint(credential, reading);
  const parameters = targetOf(credential);
  return keepTokens((scopes = credential.scopes) =>
    requestToken(endpoint, { grantType: 'client_credentials', parameters, scopes }),
  );
};
