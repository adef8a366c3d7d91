/** The small turns of phrase that messages share. */

/** Names in a row: `a`, `a or b`, `a, b or c`; after twelve the rest is counted. */
export function list(names: readonly string[], joint: 'or' | 'and' = 'or'): string {
  const shown = names.length > 13 ? [...names.slice(0, 12), `${names.length - 12} more`] : names;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} ${joint} ${shown.at(-1)}`;
}

/** A name in quotes, on one line, short, with everything hidden spelt out. */
export function quote(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return spellHidden(JSON.stringify(shown));
}

/** The text with every character that a terminal would obey or hide written as its code point. */
export function spellHidden(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` Did you mean ${quote(suggestion)}?`;
}
