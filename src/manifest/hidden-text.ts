/**
 * Characters that a person does not see but a model reads. They are looked for in every text of the
 * manifest, names of members included: any of them can end up in what a model is shown.
 */
import { finding, type Finding } from './finding.ts';
import { isObject, member } from './pointer.ts';

type Range = readonly [first: number, last: number];

/** Line and paragraph separators (U+2028, U+2029) and U+FE0F, which colours emoji, can be seen. */
const HIDDEN: readonly (readonly [kind: string, ranges: readonly Range[]])[] = Object.entries({
  'a control character': [
    [0x00, 0x08],
    [0x0b, 0x1f],
    [0x7f, 0x9f],
  ],
  'it reorders the text around it': [
    [0x061c, 0x061c],
    [0x200e, 0x200f],
    [0x202a, 0x202e],
    [0x2066, 0x2069],
  ],
  'it has no width': [
    [0x00ad, 0x00ad],
    [0x034f, 0x034f],
    [0x115f, 0x1160],
    [0x200b, 0x200d],
    [0x2060, 0x2065],
    [0x206a, 0x206f],
    [0x3164, 0x3164],
    [0xfeff, 0xfeff],
    [0xffa0, 0xffa0],
    [0xfff9, 0xfffb],
  ],
  'a variation selector': [
    [0x180b, 0x180f],
    [0xfe00, 0xfe0e],
    [0xe0100, 0xe01ef],
  ],
  'a Unicode tag': [[0xe0000, 0xe007f]],
  'half of a surrogate pair': [[0xd800, 0xdfff]],
});

const PLAIN = /^[\x20-\x7e\n\t]*$/;

/** Every text that holds a hidden character; the first one of each. */
export function findHiddenText(value: unknown, pointer = ''): Finding[] {
  if (typeof value === 'string') return findIn(value, pointer, 'value');
  if (Array.isArray(value)) return value.flatMap((item, index) => findHiddenText(item, member(pointer, index)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...findIn(key, member(pointer, key), 'key'),
    ...findHiddenText(item, member(pointer, key)),
  ]);
}

function findIn(text: string, pointer: string, part: 'key' | 'value'): Finding[] {
  if (PLAIN.test(text)) return [];
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const kind = kindOf(codePoint);
    if (kind === undefined) continue;
    const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
    return [finding('hidden-text', pointer, { character: name, kind }, part)];
  }
  return [];
}

function kindOf(codePoint: number): string | undefined {
  return HIDDEN.find(([, ranges]) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last))?.[0];
}
