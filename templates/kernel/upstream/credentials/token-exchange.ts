/**
 * `oauth-token-exchange`: the server asks for tokens in its caller's name (RFC 8693). The caller's own token goes to the
 * issuer, and never to the upstream.
 */
import type { Delegation } from '../../delegation.ts';
import { subjectTokenOf } from '../../subject-token.ts';
import type { TokenExchangeDeclaration } from '../../tool.ts';
import type { CredentialKind } from '../credential.ts';
import { keepWanted, nameOf } from './token-cache.ts';
import { ACCESS_TOKEN, requestToken } from './token-endpoint.ts';
import { readTokenEndpoint, targetOf } from './token-settings.ts';
import { noCaller, notIssued } from './unavailable.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';

export const tokenExchange: CredentialKind<TokenExchangeDeclaration> = (credential, reading) => {
  const endpoint = readTokenEndpoint(credential, reading);
  const actorToken = credential.actorToken && reading.secret(credential.actorToken.secret);
  const target = targetOf(credential);

  const exchange = async (delegation: Delegation, scopes: readonly string[] | undefined) => {
    const subjectToken = subjectTokenOf(delegation);
    const parameters = {
      subject_token: subjectToken.reveal(),
      subject_token_type: ACCESS_TOKEN,
      requested_token_type: ACCESS_TOKEN,
      ...(actorToken && { actor_token: actorToken.reveal(), actor_token_type: ACCESS_TOKEN }),
      ...target,
    };
    const issued = await requestToken(endpoint, { grantType: GRANT_TYPE, parameters, scopes });
    if (issued.token.reveal() === subjectToken.reveal()) throw notIssued("the issuer gives the caller's own token");
    return issued;
  };

  return {
    actsForCaller: true,
    ...keepWanted(({ scopes = credential.scopes, delegation }) => {
      if (delegation === undefined) throw noCaller();
      return {
        // Of one token of a caller; another of the same caller may stand for less.
        name: `${delegation.id} ${nameOf(scopes)}`,
        keepMs: delegation.endsAt - Date.now(),
        issue: () => exchange(delegation, scopes),
      };
    }),
  };
};
