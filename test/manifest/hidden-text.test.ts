import { expect, test } from 'vitest';

import { findHiddenText } from '../../src/manifest/hidden-text.ts';

test.each([
  0x00, 0x08, 0x0b, 0x0d, 0x1b, 0x7f, 0x85, 0x9f, 0xad, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x202a,
  0x202e, 0x2060, 0x2064, 0x2066, 0x2069, 0x3164, 0xd800, 0xdfff, 0xfeff, 0xfe00, 0xe0000, 0xe0041, 0xe007f, 0xe0100,
])('U+%s is found wherever it stands', (codePoint) => {
  const hidden = String.fromCodePoint(codePoint);
  const character = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;

  const found = findHiddenText({
    tools: [{ description: `a${hidden}b`, inputSchema: { properties: { [`x${hidden}`]: {} } } }],
  });

  expect(found.map(({ pointer, part, args }) => ({ pointer, part, args }))).toMatchObject([
    { pointer: '/tools/0/description', part: 'value', args: { character } },
    { pointer: `/tools/0/inputSchema/properties/x${hidden}`, part: 'key', args: { character } },
  ]);
});

test('visible text of any language stays, with line breaks, tabs and emoji', () => {
  const text = 'Zażółć\n\t日本語 العربية עברית ☀️ 😀 \u2028\u2029 ` ${x} */ </script>';

  expect(findHiddenText({ [text]: [text] })).toEqual([]);
});
