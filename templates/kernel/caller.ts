/** Who is calling: the part of an identity that tools, policies and audit may see. Never a token. */

export interface Caller {
  readonly subject: string;
  readonly tenant?: string;
  /** The run (session) that caps are counted by; set by the transport, never by the caller. */
  readonly run: string;
  /** Every scope held, with those that roles bring and scopes imply. */
  readonly scopes: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
}
