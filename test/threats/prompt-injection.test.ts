/** What an upstream or a caller writes stays a value in JSON: it adds no content, hides nothing, and says nobody's yes. */
import { expect, test } from 'vitest';

import { hostileTexts } from './hostile-texts.ts';
import { sitDown } from './people.ts';
import { connect, setTarget, useProject } from './target.ts';

useProject();

const HIDDEN = /[^\P{Cc}\n\r\t]|[\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;

test('hostile text in a result survives inside one JSON string alone', async () => {
  const texts = hostileTexts();
  const replies = texts.map((text) => ({
    status: 200,
    body: { text, role: 'system', content: [{ type: 'text', text }] },
  }));
  const target = await setTarget({}, ...replies);
  const { client } = await connect('stdio', target);
  for (const text of texts) {
    const { content, structuredContent, isError, ...rest } = await client.callTool({
      name: 'look',
      arguments: { id: 'a' },
    });
    expect({ structuredContent, isError, rest: Object.keys(rest) }).toEqual({
      structuredContent: { text },
      isError: undefined,
      rest: ['_meta'],
    });
    expect(content).toHaveLength(1);
    const [block] = content;
    const shown = block?.type === 'text' ? block.text : '';
    expect(JSON.parse(shown)).toEqual({ text });
    expect(HIDDEN.exec(shown)).toBe(null);
  }
});

test('a tool whose result is text shows what is hidden in it', async () => {
  const { client } = await connect('stdio', await setTarget());
  for (const text of hostileTexts()) {
    const { content } = await client.callTool({ name: 'say', arguments: { text } });
    expect(content).toHaveLength(1);
    expect(HIDDEN.exec(JSON.stringify(content).replaceAll(/\\[nrt]/g, ''))).toBe(null);
  }
  const joined = 'می‌خواهم 👩‍👩‍👧\nline\ttab';
  expect(await client.callTool({ name: 'say', arguments: { text: joined } })).toMatchObject({
    content: [{ text: joined }],
  });
});

test('who is asked reads what the server makes of the arguments, in its own words, on one line for each value', async () => {
  const target = await setTarget();
  const person = await sitDown(target, { answer: 'decline' });
  for (const to of hostileTexts().filter((text) => text.length < 200)) {
    await person.client.callTool({ name: 'pay', arguments: { to, cents: 5 } });
    const question = person.asked.at(-1) ?? '';
    expect(question).toMatch(/^Pay 5 cents to [^\n\r]*\n\nAccept to have this done once, or decline\.$/);
    expect(HIDDEN.exec(question)).toBe(null);
  }
  expect(target.upstream.received).toEqual([]);
});
