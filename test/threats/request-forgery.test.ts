/** Requests go where the manifest says: no argument, name or answer leads them, or their parts, elsewhere. */
import { join } from 'node:path';

import { array, constantFrom, record, sample } from 'fast-check';
import { expect, test } from 'vitest';

import { REPOSITORY } from '../../scripts/fixture-projects.ts';
import { startServed } from '../kernel/transport/process.ts';
import { startUpstream } from '../kernel/upstream/loopback.ts';
import { connect, connectStdio, FINE, setTarget, useProject } from './target.ts';

const project = useProject();

const PRELOAD = `--import=${join(REPOSITORY, 'fixtures/threats/preload.mjs')}`;

/** Every one is an address that no upstream may be at, or is taken for no URL. */
const METADATA = [
  'https://169.254.169.254/',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://0xa9.0xfe.0xa9.0xfe/',
  'https://0251.0376.0251.0376/',
  'https://025177524776/',
  'https://169.254.43518/',
  'https://169.16689662/',
  'https://169.254.169.254./',
  'https://①⑥⑨.②⑤④.①⑥⑨.②⑤④/',
  'https://%31%36%39.254.169.254/',
  'https://169。254。169。254/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[2002:a9fe:a9fe::]/',
  'https://[fd00:ec2::254]/',
  'https://[::]/',
  'https://0.0.0.0/',
];

test('no spelling of a metadata address is taken for an upstream, though its host were allowed', async () => {
  const target = await setTarget();
  const environment = { ...target.environment, URLS: [...METADATA, 'https://8.8.8.8/'].join(' ') };
  const checked = startServed([], environment, join(project(), 'src/check-urls.ts'));
  expect(await checked.exited).toBe(0);
  const problems: Readonly<Record<string, readonly string[]>> = JSON.parse(checked.output().stdout);
  const taken = Object.keys(problems).filter((url) =>
    problems[url]?.every((one) => !one.includes('no upstream may be')),
  );
  expect(taken).toEqual(['https://8.8.8.8/']);
});

const INSIDE = [
  ['169.254.169.254'],
  ['127.0.0.1'],
  ['::1'],
  ['10.0.0.1'],
  ['::ffff:169.254.169.254'],
  ['8.8.8.8', '169.254.169.254'],
  ['fe80::1%lo'],
];

test('a name that leads inside, from one question to the next or at once, is connected to never', async () => {
  const target = await setTarget({ API_URL: 'https://api.example', DNS: JSON.stringify(INSIDE) });
  const { client, end } = await connectStdio(target, { nodeFlags: PRELOAD });
  const codes: unknown[] = [];
  for (const index of INSIDE.keys()) {
    const reply = await client.callTool({ name: 'note', arguments: { text: `${index}` } });
    codes.push(/UPSTREAM_ADDRESS_REFUSED/.exec(JSON.stringify(reply))?.[0]);
  }
  expect(codes).toEqual(INSIDE.map(() => 'UPSTREAM_ADDRESS_REFUSED'));
  const log = await end();
  expect(log.match(/^looked up .*/gm)).toEqual(INSIDE.map(() => 'looked up api.example'));
  expect(log.match(/^connects to .*/gm)).toBe(null);
});

test('a redirect leads nowhere: neither to metadata nor to another server', async () => {
  const other = await startUpstream(FINE);
  const locations = ['http://169.254.169.254/latest/meta-data/', other.url.href, '//169.254.169.254/', '/v1/elsewhere'];
  const replies = [301, 302, 303, 307, 308].flatMap((status) =>
    locations.map((location) => ({ status, headers: { location } })),
  );
  const target = await setTarget({ DNS: '[["127.0.0.1"]]' }, ...replies);
  const { client, end } = await connectStdio(target, { nodeFlags: PRELOAD });
  for (const index of replies.keys()) {
    expect(await client.callTool({ name: 'note', arguments: { text: `${index}` } })).toMatchObject({ isError: true });
  }
  expect(target.upstream.received.map(({ url }) => url)).toEqual(replies.map(() => '/v1/notes'));
  expect(other.received).toEqual([]);
  const connected = new Set((await end()).match(/^connects to .*/gm));
  expect([...connected]).toEqual(['connects to 127.0.0.1']);
});

const NASTY = [
  '\r\n',
  '\r',
  '\n',
  '\0',
  '..',
  '.',
  '/',
  '\\',
  '?',
  '#',
  '%2e',
  '%00',
  '%0d%0a',
  '&',
  '=',
  ';',
  ':',
  '@',
  ' ',
  'X-Injected: 1',
  '\u{1f600}',
  '\ud800',
  'ä',
  'a',
  '//evil.example',
];

test('whatever stands in an argument stays in its segment, parameter, header or member, or is refused', async () => {
  const target = await setTarget();
  const { client } = await connect('stdio', target);
  const { received } = target.upstream;
  const nasty = array(constantFrom(...NASTY), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  const samples = [
    ...NASTY.map((id) => ({ id, q: id, note: id })),
    ...sample(record({ id: nasty, q: nasty, note: nasty }), { numRuns: 100, seed: 7 }),
  ];
  const refused: string[] = [];
  for (const args of samples) {
    const { length } = received;
    const reply = await client.callTool({ name: 'look', arguments: args });
    if (received.length === length) refused.push(JSON.stringify(reply));
    for (const { url, headers } of received.slice(length)) {
      const { pathname, searchParams } = new URL(url, target.upstream.url);
      expect(pathname.split('/').map(decodeURIComponent)).toEqual(['', 'v1', 'things', args.id, 'parts']);
      expect([...searchParams]).toEqual([['q', args.q]]);
      expect(headers['x-note']).toBe(args.note.trim());
      expect(headers).not.toHaveProperty('x-injected');
    }
  }
  expect(refused.filter((reply) => !reply.includes('invalid_input'))).toEqual([]);
  expect(refused.length).toBeGreaterThan(10);
  expect(received.length).toBeGreaterThan(10);
});
