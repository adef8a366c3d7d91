/** Characters that nobody sees, but that a model, a terminal or a log viewer acts on. */

/** Not the joiners: some languages and emoji are not the same without them. Nor what only breaks lines. */
const HIDDEN = /(?![\n\r\t\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029\u3164]/gu;

/** With each of them written as JSON has it, so that JSON still means the same: `\u202e`. */
export function showHidden(text: string): string {
  return text.replaceAll(HIDDEN, escaped);
}

export function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
