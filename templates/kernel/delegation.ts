/** A caller's leave to act for them at an upstream. It holds their token, and only an exchange gets to see it. */

export interface Delegation {
  /** Hands the caller's token to an exchange (RFC 8693) for one that is meant for the upstream. Nothing shows it. */
  readonly exchangeWith: <Token>(exchanger: (subjectToken: string) => Promise<Token>) => Promise<Token>;
}
