import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { codeSpan, docComment, inline, markdown } from '../../src/render/comment.ts';

test('no text ends its doc comment, or leaves its line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('*', '/', '\\', '\n', '\r', '\u2028', ' ', 'a', '\u202e') }),
      (text) => {
        const comment = docComment(text);
        expect(comment.indexOf('*/')).toBe(comment.length - 2);
        expect(comment).toMatch(/^\/\*\*\n( \*( .*)?\n)* \*\/$/);
        expect(comment).not.toMatch(/[\r\u2028\u202e]/);
      },
    ),
  );
});

test('a text that looks like a directive is not in the last line, where the compiler reads directives', () => {
  expect(docComment('@ts-expect-error').split('\n').at(-1)).toBe(' */');
});

test('a doc comment shows the start of a text that is too long', () => {
  const lines = docComment(Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n')).split('\n');
  expect(lines).toHaveLength(26);
  expect(lines.at(-2)).toBe(' * …');
});

test('inline text stays on its line', () => {
  expect(inline(' a\n b\u2028c\r\n ')).toBe('a b c');
});

test('text in Markdown starts no cell, no code, no link and no HTML', () => {
  expect(markdown('a | b `c` [d](e) <script> *f*\n# g')).toBe(String.raw`a \| b \`c\` \[d\](e) \<script\> \*f\* # g`);
  expect(markdown('# heading')).toBe(String.raw`\# heading`);
  expect(markdown('1. item')).toBe(String.raw`1\. item`);
  expect(markdown('127.0.0.1')).toBe('127.0.0.1');
});

test('no text ends its code span', () => {
  expect(codeSpan('get_invoice')).toBe('`get_invoice`');
  expect(codeSpan('`a` ``b`` | c')).toBe('``` `a` ``b`` \\| c ```');
});
