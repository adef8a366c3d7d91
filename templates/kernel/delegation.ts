/** A caller's leave to act for them at an upstream, as a call carries it: nothing of their token can be got out of it. */
export interface Delegation {
  /** Tells the tokens of callers apart, and nothing else of them: a hash. */
  readonly id: string;
  /** When the caller's token ends: milliseconds since the epoch. */
  readonly endsAt: number;
}
