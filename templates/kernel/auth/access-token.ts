/** An access token that came with a request: what it may look like, what it says, and why it is not taken. */
import type { Environment } from '../config/environment.ts';
import type { AuthDeclaration } from '../tool.ts';

/** What a token says, once it was checked that it is good here and now. */
export type Claims = Readonly<Record<string, unknown>>;

/** Rejects with `TokenRefused` and `IssuerUnavailable`. */
export type ReadToken = (token: string) => Promise<Claims>;

/** The authorization server and this server, as tokens name them: compared as texts. */
export interface Parties {
  readonly issuer: string;
  readonly audience: string;
}

/** A way to find out what a token says. */
export interface TokenKind {
  /** Notes in the environment what is wrong with it. */
  readonly readSettings: (auth: AuthDeclaration, environment: Environment, parties: Parties) => ReadToken;
}

/** Seconds by which the clocks of two machines may differ. */
export const CLOCK_TOLERANCE_S = 30;

/** How long the authorization server may take, in milliseconds. */
export const PATIENCE_MS = 5_000;

/** The token is not good here. The reason is for the log, and says nothing of the token itself. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** Whether the token is good cannot be found out now. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

const BEARER = /^bearer +(?<token>[A-Za-z0-9._~+/-]+=*)$/i;

/** The token of an `Authorization` header; `undefined` where it carries none. */
export function tokenIn(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.groups?.['token'];
}
