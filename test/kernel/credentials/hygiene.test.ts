/** What holds a credential shows it in no way, and where a caller's token is nothing that is sent or written can reach. */
import { Console } from 'node:console';
import { readdir } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { format, inspect } from 'node:util';

import { expect, test } from 'vitest';

import { readKernel } from '../../../src/render/kernel.ts';
import { KnownSecrets } from '../../../templates/kernel/config/known-secrets.ts';
import { Secret } from '../../../templates/kernel/config/secret.ts';
import { describeError } from '../../../templates/kernel/describe-error.ts';
import type { ToolContext } from '../../../templates/kernel/handler.ts';
import { createLogger } from '../../../templates/kernel/log.ts';
import { delegate, subjectTokenOf } from '../../../templates/kernel/subject-token.ts';
import { authorized } from '../../../templates/kernel/upstream/upstream.ts';
import { READ_POLICY, run, toolOf } from '../pipeline/harness.ts';
import { settingsFor } from '../upstream/declared.ts';

const CANARY = 'canary-credential';

/** Every way in which an object becomes text by mistake. */
async function shownBy(value: object): Promise<string> {
  const stream = new PassThrough();
  const sink = new Console(stream, stream);
  for (const level of ['log', 'error', 'dir', 'table', 'trace'] as const) sink[level](value);
  sink.log('%s %o %O %j %d', value, value, value, value, value);
  stream.end();
  const lines: string[] = [];
  const log = createLogger(new KnownSecrets(), (line) => void lines.push(line));
  // What the types refuse: whoever writes plain JavaScript can still do it.
  log.error('a mistake', { value: value as never, nested: { list: [value as never] } });
  const deep = { showHidden: true, depth: 10, getters: true };
  const thrown = new Error(`${String(value)} went wrong`, { cause: value });
  return [
    await text(stream),
    ...lines,
    String(value),
    `${value as unknown as string}`,
    (value as unknown as string) + '',
    JSON.stringify([value, { value }]),
    JSON.stringify({ ...value }),
    JSON.stringify(Object.getOwnPropertyDescriptors(value)),
    inspect(value, deep),
    inspect(value, { ...deep, customInspect: false }),
    inspect(new Map([[value, new Set([value])]]), deep),
    inspect(new AggregateError([thrown]), deep),
    format('%s', thrown),
    JSON.stringify(describeError(thrown, new KnownSecrets())),
    String(thrown.stack),
    inspect(cloneOf({ ...value })),
  ].join('\n');
}

/** Where there can be one. */
function cloneOf(value: object): unknown {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

test('a secret cannot be printed, logged, serialised or thrown', async () => {
  const secret = new Secret(() => CANARY);
  expect(await shownBy(secret)).not.toContain(CANARY);
  expect(await shownBy({ secret })).not.toContain(CANARY);
  expect(secret.reveal()).toBe(CANARY);
});

test('a request with its credential cannot be, either', async () => {
  const settings = settingsFor(new URL('http://127.0.0.1'));
  const [api] = settings.upstreams.values();
  if (api === undefined) throw new Error('no upstream');
  const upstream = { ...api, authorize: (headers: Headers) => headers.set('authorization', `Bearer ${CANARY}`) };
  const encoded = { method: 'GET', url: new URL('http://127.0.0.1'), headers: new Headers(), body: undefined } as const;
  const ready = await authorized(upstream, encoded, {});
  if (ready.kind === 'refused') throw new Error('it was refused');
  expect(ready.request.headers.get('authorization')).toBe(`Bearer ${CANARY}`);
  for (const value of [ready, ready.request, ready.request.headers, upstream]) {
    expect(await shownBy(value)).not.toContain(CANARY);
  }
});

const KERNEL = new URL('../../../templates/kernel/', import.meta.url);

async function kernelFiles(): Promise<readonly string[]> {
  const files = await readdir(KERNEL, { recursive: true });
  return files.filter((file) => file.endsWith('.ts')).toSorted();
}

test("neither what calls upstreams nor a handler's types reach the code that reads callers' tokens", async () => {
  const upstream = (await kernelFiles()).filter((file) => file.startsWith('upstream/'));
  expect(upstream.length).toBeGreaterThan(20);
  // What files of the project's own import, and the pipeline that runs them.
  const { files } = await readKernel([
    ...upstream,
    'handler.ts',
    'tool.ts',
    'content.ts',
    'pipeline/write-path.ts',
    'runtime.ts',
  ]);
  expect([...files.keys()].filter((file) => file.startsWith('auth/'))).toEqual([]);
  expect([...files.keys()]).toContain('delegation.ts');
  expect([...(await readKernel(['handler.ts'])).files.keys()]).not.toContain('delegation.ts');
});

test("what a call carries shows nothing of its caller's token, which the exchange alone gets from it", async () => {
  const delegation = delegate(CANARY, 1);
  expect(await shownBy(delegation)).not.toContain(CANARY);
  expect(reachable([delegation])).not.toContain(CANARY);
  expect(subjectTokenOf(delegation).reveal()).toBe(CANARY);
  expect(() => subjectTokenOf({ ...delegation })).toThrow('not made by delegate');
});

test("no way leads from a handler's context to a caller's token, or to a credential", async () => {
  let context: ToolContext | undefined;
  const tool = toolOf(
    (_, ctx) => {
      context = ctx;
      ctx.upstream('api');
      return null;
    },
    { policy: READ_POLICY, input: { type: 'object' } },
  );
  const { upstreams } = settingsFor(new URL('http://127.0.0.1'));
  const delegation = delegate(CANARY, 0);
  const { call } = run({ tools: [tool], settings: { upstreams } });
  expect((await call({}, { delegation })).ok).toBe(true);
  if (context === undefined) throw new Error('the handler was not called');
  const found = reachable([context, context.upstream('api')]);
  expect(found.length).toBeGreaterThan(10);
  expect(found).not.toContain(delegation);
  expect(found).not.toContain(delegation.id);
  expect(found).not.toContain(upstreams);
  expect(found.filter((value) => typeof value === 'string' && /canary|secret/.test(value))).toEqual([]);
});

/** Everything that can be got at from here without calling anything. */
function reachable(from: readonly unknown[]): readonly unknown[] {
  const seen = new Set<unknown>();
  const open = [...from];
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) continue;
    if (value === globalThis) continue;
    for (const { value: member } of Object.values(Object.getOwnPropertyDescriptors(value))) open.push(member);
    open.push(Object.getPrototypeOf(value));
  }
  return [...seen];
}
