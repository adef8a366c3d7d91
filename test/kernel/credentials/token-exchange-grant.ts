/** Token exchange (RFC 8693) for an issuer that has not got it: of access tokens that it gave to its own accounts. */
import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { errors, type Provider, type ResourceServer } from 'oidc-provider';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** The parameters of a request, by their names. */
export type Exchanged = Readonly<Record<string, unknown>>;

export interface ExchangePolicy {
  /** The issuer's own. */
  readonly keys: JWTVerifyGetKey;
  /** Whom the tokens were issued for that may be exchanged: their `aud`. */
  readonly subjectAudience: string;
  /** Those who have an account. */
  readonly accounts: ReadonlySet<string>;
  /** The upstreams that tokens are issued for, by what a request may call them; the first is meant where it names none. */
  readonly targets: ReadonlyMap<unknown, { readonly url: string; readonly server: ResourceServer }>;
}

export interface Exchanges {
  /** What was asked for, in order, granted or not. */
  readonly asked: readonly Exchanged[];
  /** Who acts, where a token was exchanged for another. */
  readonly actorOf: (token: object) => string | undefined;
}

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

export function exchangeTokens(provider: Provider, policy: ExchangePolicy): Exchanges {
  const asked: Exchanged[] = [];
  const actors = new WeakMap<object, string>();
  provider.registerGrantType<Record<string, unknown>>(
    TOKEN_EXCHANGE,
    async (ctx) => {
      const { client, params } = ctx.oidc;
      asked.push(present(params));
      const accountId = await subjectOf(params, provider.issuer, policy);
      const actor = (await actorOf(params, provider)) ?? client.clientId;
      const { url, server } = targetOf(params, policy);
      const scope = scopeOf(params, server);
      const { requested_token_type: type = ACCESS_TOKEN } = params;
      if (type !== ACCESS_TOKEN) throw new errors.InvalidRequest('no tokens of that type are issued');
      const grantId = await new provider.Grant({ accountId, clientId: client.clientId }).save();
      const resourceServer = new provider.ResourceServer(url, server);
      const about = { accountId, client, grantId, gty: TOKEN_EXCHANGE, resourceServer, scope };
      const issued = new provider.AccessToken(about);
      actors.set(issued, actor);
      ctx.body = {
        access_token: await issued.save(),
        issued_token_type: ACCESS_TOKEN,
        token_type: 'Bearer',
        expires_in: issued.expiration,
        scope,
      };
    },
    PARAMETERS,
  );
  return { asked, actorOf: (token) => actors.get(token) };
}

/** Of an access token that this issuer gave to one of its accounts. */
async function subjectOf(params: Exchanged, issuer: string, policy: ExchangePolicy): Promise<string> {
  const { subject_token: token, subject_token_type: type } = params;
  if (type !== ACCESS_TOKEN) throw new errors.InvalidRequest('subject_token_type is not that of access tokens');
  const claims = await jwtVerify(String(token), policy.keys, {
    issuer,
    audience: policy.subjectAudience,
    typ: 'at+jwt',
    requiredClaims: ['exp', 'sub', 'client_id'],
  }).catch(() => undefined);
  const { sub = '', client_id: clientId } = claims?.payload ?? {};
  // A token that a client got for itself stands for no account.
  if (sub === clientId || !policy.accounts.has(sub)) throw new errors.InvalidRequest('subject_token is not good here');
  return sub;
}

/** Of a token that a client of this issuer got for itself; `undefined` where there is none. */
async function actorOf(params: Exchanged, provider: Provider): Promise<string | undefined> {
  const { actor_token: token, actor_token_type: type } = params;
  if (token === undefined && type === undefined) return undefined;
  if (type !== ACCESS_TOKEN) throw new errors.InvalidRequest('actor_token_type is not that of access tokens');
  const found = await provider.ClientCredentials.find(String(token));
  if (found?.clientId === undefined) throw new errors.InvalidRequest('actor_token is not good here');
  return found.clientId;
}

function targetOf({ audience, resource }: Exchanged, { targets }: ExchangePolicy) {
  const named = [audience, resource].filter((name) => name !== undefined);
  const [target, ...others] = (named.length === 0 ? [...targets.keys()].slice(0, 1) : named).map((name) =>
    targets.get(name),
  );
  if (target === undefined || others.some((other) => other?.url !== target.url)) throw new errors.InvalidTarget();
  return target;
}

function scopeOf({ scope }: Exchanged, server: ResourceServer): string {
  const offered = server.scope.split(' ');
  const asked = scope === undefined ? offered : String(scope).split(' ');
  if (asked.some((one) => !offered.includes(one))) throw new errors.InvalidScope('it is not offered', String(scope));
  return asked.join(' ');
}

function present(params: Exchanged): Exchanged {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}
