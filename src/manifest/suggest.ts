/** "Did you mean …?" */

/** The candidate that the word is most likely a misspelling of; `undefined` where none is near. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = fold(word);
  const limit = Math.max(1, Math.floor(typed.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const known = fold(candidate);
    if (Math.abs(known.length - typed.length) > limit) continue;
    const distance = editDistance(typed, known);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `{ suggestion }` or nothing, for arguments of diagnostics. */
export function suggestion(word: string, candidates: Iterable<string>): { readonly suggestion?: string } {
  const found = suggest(word, candidates);
  return found === undefined ? {} : { suggestion: found };
}

// Case and separators are what people get wrong first: `input_schema` is inputSchema.
function fold(word: string): string {
  return word
    .slice(0, 100)
    .toLowerCase()
    .replaceAll(/[_\s-]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const cost = from[row - 1] === to[column - 1] ? 0 : 1;
      const edits = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + cost];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && isSwap) edits.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...edits));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
