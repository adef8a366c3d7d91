/** DNS as somebody else has it: the only stand-in here. Everything else, from the connection on, is real. */
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP } from 'node:net';

type Answered = (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void;

const answers: (readonly string[])[] = [];
let asked = 0;

/** What the next look-ups are answered with; the last answer is given for ever. */
export function answerLookups(...next: readonly (readonly string[])[]): void {
  answers.splice(0, answers.length, ...next);
  asked = 0;
}

/** How often somebody asked. */
export const lookups = (): number => asked;

/** In place of `lookup` of `node:dns`, as it answers with `all: true`. */
export function lookup(_host: string, { all }: LookupOptions, callback: Answered): void {
  if (all !== true) throw new Error('Only a look-up of all addresses can be checked');
  const found = answers[Math.min(asked, answers.length - 1)] ?? [];
  asked += 1;
  const addresses = found.map((address) => ({ address, family: isIP(address) }));
  // Later, as DNS answers.
  setImmediate(() => callback(null, addresses));
}
