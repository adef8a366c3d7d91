/** Arguments that are shown nowhere: neither in errors nor, but for their hash, in audit. */

/** Whether the field lies at or below one of the JSON Pointers; a `*` in those stands for any item or member. */
export function isSensitive(field: string, sensitive: readonly string[]): boolean {
  return sensitive.some((pointer) => covers(pointer.split('/'), field.split('/')));
}

function covers(pattern: readonly string[], field: readonly string[]): boolean {
  return pattern.length <= field.length && pattern.every((token, index) => token === '*' || token === field[index]);
}
