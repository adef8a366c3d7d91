/**
 * Characters that a person does not see but a model reads. They are looked for in every text of the
 * manifest, names of members included: any of them can end up in what a model is shown.
 */
import { finding, type Finding } from './finding.ts';
import { isObject, member } from './pointer.ts';

/** Line and paragraph separators (U+2028, U+2029) are visible as breaks, so they are left alone. */
const KINDS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a control character', /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u],
  ['it reorders the text around it', /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u],
  ['a Unicode tag', /[\u{e0000}-\u{e007f}]/u],
  ['a variation selector', /[\u180b-\u180f\ufe00-\ufe0d\u{e0100}-\u{e01ef}]/u],
  ['half of a surrogate pair', /\p{Cs}/u],
  [
    'it has no width',
    /[\u00ad\u034f\u115f\u1160\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/u,
  ],
];

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
  for (const [kind, pattern] of KINDS) {
    const character = pattern.exec(text)?.[0];
    if (character === undefined) continue;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return [finding('hidden-text', pointer, { character: `U+${code}`, kind }, part)];
  }
  return [];
}
