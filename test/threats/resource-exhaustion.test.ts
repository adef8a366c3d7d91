/** What is too large, too deep, too much or made to be slow costs little: the server stays, within 256 MB, and answers others. */

import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { callOf, send } from '../kernel/auth/signed-in.ts';
import { startSilentUpstream } from '../kernel/upstream/loopback.ts';
import { connectHttp, connectStdio, setTarget, startHttp, useProject } from './target.ts';

useProject();

const SMALL_HEAP = '--max-old-space-size=256';

const MIB = 1_048_576;

/** Arguments as JSON text: what a client of its own would send. */
const HEAVY: Readonly<Record<string, string>> = {
  '4 MiB of numbers': `{"numbers":[${'1,'.repeat(2 * MIB)}1]}`,
  '4 MiB of empty objects': `{"children":[${'{},'.repeat(Math.ceil((4 * MIB) / 3))}{}]}`,
  '4 MiB of empty arrays': `{"numbers":[${'[],'.repeat(Math.ceil((4 * MIB) / 3))}[]]}`,
  'a text of 4 MiB': `{"picky":"${'a'.repeat(4 * MIB)}"}`,
  '900 KB of numbers': `{"numbers":[${'1,'.repeat(449_000)}1]}`,
  '900 KB of members': `{${Array.from({ length: 60_000 }, (_, index) => `"m${index}":0`).join()}}`,
  'arrays 400,000 deep': `{"numbers":${'['.repeat(400_000)}${']'.repeat(400_000)}}`,
  'objects 100,000 deep': `{"child":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
  'a number of 900,000 digits': `{"numbers":[${'9'.repeat(900_000)}]}`,
};

const messageOf = (args: string): string =>
  JSON.stringify({ ...callOf('shape'), params: { name: 'shape', arguments: 0 } }).replace(
    '"arguments":0',
    `"arguments":${args}`,
  );

test('what is too large or too deep is refused over HTTP, many at a time, in a heap of 256 MB', async () => {
  const target = await setTarget();
  const started = await startHttp(target, { nodeFlags: SMALL_HEAP });
  const token = await target.issuer.sign({ org: 'acme' });
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  for (const [what, args] of Object.entries(HEAVY)) {
    const body = messageOf(args);
    const statuses = await Promise.all(
      Array.from({ length: 3 }, async () => {
        // A body that is not read to its end may end the connection before the status is there.
        const response = await fetch(started.url, { method: 'POST', headers, body }).catch(() => undefined);
        const answer = (await response?.text().catch(() => '')) ?? '';
        return response?.status === 200 && answer.includes('invalid_input') ? 'invalid' : response?.status;
      }),
    );
    const taken = statuses.filter((status) => ![400, 413, 'invalid', undefined].includes(status));
    expect({ what, taken }).toEqual({ what, taken: [] });
  }
  expect((await send(started.url, token, callOf('shape'))).body).toContain('taken');
  expect(started.served.child.exitCode).toBe(null);
  const memory = await readFile(`/proc/${started.served.child.pid}/status`, 'utf8');
  expect(Number(/VmHWM:\s+(\d+) kB/.exec(memory)?.[1])).toBeLessThan(400_000);
});

test('on stdio what is within the size of a message is refused by its arguments, and the next call is answered', async () => {
  const { client } = await connectStdio(await setTarget(), { nodeFlags: SMALL_HEAP });
  for (const [what, args] of Object.entries(HEAVY).filter(([, text]) => text.length < 1_000_000)) {
    const isDeep = what.includes('deep');
    // The client's own parser does not take what is very deep.
    const given = isDeep ? '{"child":'.repeat(100) + '1' + '}'.repeat(100) : args;
    const reply = await client.callTool({ name: 'shape', arguments: JSON.parse(given) });
    expect({ what, isError: reply.isError }).toEqual({ what, isError: true });
  }
  expect(await client.callTool({ name: 'shape', arguments: {} })).toMatchObject({ content: [{ text: 'taken' }] });
});

test('texts that are made for a pattern to go back and forth are answered at once, as is who comes next', async () => {
  const target = await setTarget();
  const client = await connectHttp(await startHttp(target), await target.issuer.sign({ org: 'acme' }));
  const evil = ['a-'.repeat(200_000), `${'a'.repeat(400_000)}!`, `${'aaaaaaaaaa-'.repeat(9)}!`, '-'.repeat(400_000)];
  const replies = await Promise.all(evil.map((picky) => client.callTool({ name: 'shape', arguments: { picky } })));
  expect(replies.map(({ isError }) => isError)).toEqual(evil.map(() => true));
  expect(await client.callTool({ name: 'shape', arguments: { picky: 'abc-x' } })).toMatchObject({
    content: [{ text: 'taken' }],
  });
});

test('where it has no room for more calls, others are told to come again, and nothing is done for them', async () => {
  const silent = await startSilentUpstream();
  const target = await setTarget({ API_URL: silent.url.origin, MCP_DEADLINE_MS: '10000' });
  const { url } = await startHttp(target);
  const token = await target.issuer.sign({ org: 'acme', scope: 'write' });
  const waiting = Array.from({ length: 64 }, (_, index) =>
    send(url, token, { ...callOf('note'), params: { name: 'note', arguments: { text: `${index}` } } }),
  );
  await expect.poll(async () => (await send(url, token, callOf('echo'))).status).toBe(503);
  expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  const answers = await Promise.all(waiting);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await send(url, token, callOf('echo'))).status).toBe(200);
});
