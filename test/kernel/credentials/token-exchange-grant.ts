/** Token exchange (RFC 8693) for an issuer that has not got it: gives what was asked for, for any token but those it refuses. */
import { errors, type Provider } from 'oidc-provider';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The parameters of a request, by their names. */
export type Exchanged = Readonly<Record<string, unknown>>;

/** Callers' tokens that begin so are good no more. */
export const REVOKED = 'revoked-';

const PARAMETERS = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'requested_token_type',
  'audience',
  'resource',
  'scope',
];

export function exchangeTokens(provider: Provider): readonly Exchanged[] {
  const exchanged: Exchanged[] = [];
  provider.registerGrantType<Record<string, unknown>>(
    TOKEN_EXCHANGE,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      exchanged.push(present(params));
      if (String(params['subject_token']).startsWith(REVOKED)) throw new errors.InvalidGrant('it was revoked');
      const issued = new provider.ClientCredentials({ client, scope: params.scope });
      ctx.body = {
        access_token: await issued.save(),
        issued_token_type: params['requested_token_type'],
        token_type: 'Bearer',
        expires_in: issued.expiration,
        ...(params.scope !== undefined && { scope: params.scope }),
      };
    },
    PARAMETERS,
  );
  return exchanged;
}

function present(params: Exchanged): Exchanged {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}
