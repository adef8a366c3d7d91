/** What the ledger holds. It adds a line for every request, unless the mode lets it tell that it is the same again. */
import type { Mode } from './manifest.ts';

/** A request that posts. */
export interface Posting {
  readonly entry: string;
  /** The key that the store knows the operation by. */
  readonly key: string;
  /** The key that the ledger was sent, to have one effect per key. */
  readonly ledgerKey: string | undefined;
  /** Which process sent it. */
  readonly worker: number;
  /** Whether its effect has come about, by this request or, under the same key, by an earlier one. */
  applied: boolean;
}

export interface Ledger {
  /** `busy`: a request under the same key is under way. `known`: one had this effect. */
  begin(posting: Posting): { readonly kind: 'new' | 'busy' } | { readonly kind: 'known'; readonly effect: string };
  apply(posting: Posting): string;
  end(posting: Posting): void;
  /** The lines that an entry has become; one, if all is well. */
  effectsOf(entry: string): readonly string[];
}

export function newLedger(mode: Mode): Ledger {
  const lines = new Map<string, string[]>();
  const busy = new Set<string>();
  const effectsOf = new Map<string, string>();
  const keyOf = ({ ledgerKey }: Posting) => (mode === 'keyed' ? ledgerKey : undefined);

  function addLine({ entry }: Posting): string {
    const before = lines.get(entry) ?? [];
    const line = mode === 'natural' ? `${entry} is set` : `${entry} line ${before.length + 1}`;
    lines.set(entry, [...before.filter((other) => other !== line), line]);
    return line;
  }

  return {
    begin: (posting) => {
      const key = keyOf(posting);
      if (key === undefined) return { kind: 'new' };
      const effect = effectsOf.get(key);
      if (effect !== undefined) return { kind: 'known', effect };
      if (busy.has(key)) return { kind: 'busy' };
      busy.add(key);
      return { kind: 'new' };
    },
    apply: (posting) => {
      const key = keyOf(posting);
      const line = addLine(posting);
      if (key !== undefined) effectsOf.set(key, line);
      return line;
    },
    end: (posting) => {
      const key = keyOf(posting);
      if (key !== undefined) busy.delete(key);
    },
    effectsOf: (entry) => lines.get(entry) ?? [],
  };
}
