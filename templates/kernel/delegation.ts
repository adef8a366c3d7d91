/** A caller's leave to act for them at an upstream. It holds their token, and only an exchange gets to see it. */
import type { Secret } from './config/secret.ts';

export interface Delegation {
  /** Tells the tokens of callers apart, and nothing else of them: a hash. */
  readonly id: string;
  /** When the caller's token ends: milliseconds since the epoch. */
  readonly endsAt: number;
  /** Hands the caller's token to an exchange (RFC 8693) for one that is meant for the upstream. Nothing shows it. */
  readonly exchangeWith: <Token>(exchanger: (subjectToken: Secret) => Promise<Token>) => Promise<Token>;
}
