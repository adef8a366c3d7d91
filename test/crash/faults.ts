/** The ways in which one exchange with the ledger is broken, and the names of the entries that they are tried on. */
import type { Conduct } from './upstream.ts';

/**
 * What happens once that many bytes of the request, or of the answer, have gone through.
 * - `reset`: the server's connection is reset; the ledger's ends.
 * - `end`: the connection to whoever should get the rest ends, as if that were all.
 * - `stall`: nothing more comes, until the server gives up.
 * - `delay`: the rest comes late, while the server still waits for it.
 * - `twice`: the answer goes on, and then comes again.
 */
export interface Fault {
  readonly framing: NonNullable<Conduct['framing']>;
  readonly ending: 'answer' | 'refuse';
  readonly side: 'request' | 'reply';
  readonly kind: 'reset' | 'end' | 'stall' | 'twice' | 'delay';
  readonly position: number;
}

const FRAMINGS = ['length', 'chunked', 'close'] as const;
const ENDINGS = ['answer', 'refuse'] as const;
const SIDES = ['request', 'reply'] as const;
const KINDS = ['reset', 'end', 'stall', 'twice', 'delay'] as const;

/** All names are of one length, so that all exchanges have the same number of bytes. */
export function nameOf({ framing, ending, side, kind, position }: Fault): string {
  const numbers = [FRAMINGS.indexOf(framing), ENDINGS.indexOf(ending), SIDES.indexOf(side), KINDS.indexOf(kind)];
  return `f-${numbers.join('')}-${String(position).padStart(4, '0')}`;
}

/** The name of an entry that nothing happens to; as long as all others. */
export const UNDISTURBED = 'f-0000-none';

export function faultOf(name: string): Fault | undefined {
  const [, numbers = '', position] = /^f-(\d{4})-(\d{4})$/.exec(name) ?? [];
  const [framing, ending, side, kind] = Array.from(numbers, Number);
  const fault = {
    framing: FRAMINGS[framing ?? -1],
    ending: ENDINGS[ending ?? -1],
    side: SIDES[side ?? -1],
    kind: KINDS[kind ?? -1],
  };
  const isWhole = (given: typeof fault): given is Omit<Fault, 'position'> =>
    Object.values(given).every((value) => value !== undefined);
  return isWhole(fault) ? { ...fault, position: Number(position) } : undefined;
}

/** Every fault at every position, or at one of every `step`, up to the end of the longest exchange. */
export function allFaults(lengths: { readonly request: number; readonly reply: number }, step: number): Fault[] {
  const positions = (length: number) => Array.from({ length: Math.ceil((length + 1) / step) }, (_, at) => at * step);
  const kinds = ['reset', 'end', 'stall'] as const;
  const requests = kinds.flatMap((kind) =>
    positions(lengths.request).map((position) => {
      return { framing: 'length', ending: 'answer', side: 'request', kind, position } as const;
    }),
  );
  const answers = FRAMINGS.map((framing) => ({ framing, ending: 'answer' }) as const);
  const replies = [...answers, { framing: 'length', ending: 'refuse' } as const].flatMap((sent) =>
    ([...kinds, 'delay'] as const).flatMap((kind) =>
      positions(lengths.reply).map((position) => ({ ...sent, side: 'reply', kind, position }) as const),
    ),
  );
  const twice = answers.map((sent) => ({ ...sent, side: 'reply', kind: 'twice', position: 0 }) as const);
  return [...requests, ...replies, ...twice];
}
