/** How callers of a test come in over HTTP: nobody asks them who they are, and the environment says what they hold. */
import type { Rights } from './connect.ts';

export interface SignedIn {
  /** What the server is started with. */
  readonly flags: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** What each request carries. */
  readonly headers: Readonly<Record<string, string>>;
}

export async function signIn(_rights: Rights): Promise<SignedIn> {
  return { flags: ['--insecure-local'], variables: {}, headers: {} };
}

/** What Node.js is started with. */
export const PRELOADED: readonly string[] = [];
