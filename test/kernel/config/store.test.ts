import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { ConfigurationError, readConfiguration } from '../../../templates/kernel/config.ts';
import { memory } from '../../../templates/kernel/idempotency/memory.ts';
import { postgres } from '../../../templates/kernel/idempotency/postgres.ts';
import { redis } from '../../../templates/kernel/idempotency/redis.ts';
import { sqlite } from '../../../templates/kernel/idempotency/sqlite.ts';
import type { StoreKind } from '../../../templates/kernel/idempotency/store.ts';
import { writesOn } from '../../../templates/kernel/pipeline/write-path.ts';
import type { ServerDeclaration } from '../../../templates/kernel/tool.ts';

const server: ServerDeclaration = {
  name: 'billing',
  version: '1.0.0',
  scopes: {},
  roles: {},
  upstreams: [],
  tools: [],
  retentionMs: 1_000,
};

const read = (kind: StoreKind, variables: Record<string, string>) =>
  readConfiguration(server, variables, { writes: writesOn(kind) });

const URLS = [
  [postgres, 'postgres://ada:hunter2@db.example:5432/app?sslmode=verify-full', 'postgres://db.example:5432/app'],
  [redis, 'rediss://ada:hunter2@cache.example?prefix=billing', 'rediss://cache.example'],
] as const;

test.each(URLS)('the URL of a shared store is a secret: only where it leads is shown (%#)', (kind, url, shown) => {
  const configuration = read(kind, { MCP_STORE_URL: url });
  expect(configuration.store?.shown).toBe(shown);
  expect(configuration.store?.address()).toBe(url);
  expect(inspect(configuration, { depth: 20, showHidden: true }) + JSON.stringify(configuration)).not.toContain(
    'hunter2',
  );
});

test('what is no URL is not shown at all', () => {
  for (const url of [
    'ada hunter2',
    'postgres://ada:hunter2/@db.example/app',
    'postgres://ada:12/hunter2@db.example/app',
  ]) {
    expect(read(postgres, { MCP_STORE_URL: url }).store?.shown).toBe('what MCP_STORE_URL names');
  }
});

test.each([
  [{}, /MCP_STORE_URL is not set/],
  [{ MCP_STORE_URL: 'postgres://db.example/app', MCP_STORE_URL_FILE: '/dev/null' }, /both set/],
])('a shared store needs one URL, in the variable or in a file (%#)', (variables, problem) => {
  expect(() => read(postgres, variables)).toThrow(ConfigurationError);
  expect(() => read(postgres, variables)).toThrow(problem);
});

test('the SQLite file is beside the project, unless it is named', () => {
  expect(read(sqlite, {}).store?.address()).toMatch(/[/\\]data[/\\]billing\.sqlite$/);
  expect(read(sqlite, { MCP_STORE_PATH: '/srv/operations.sqlite' }).store?.shown).toBe('/srv/operations.sqlite');
});

test('production refuses a store that forgets on restart', () => {
  expect(read(memory, { NODE_ENV: 'test' }).store?.shown).toContain('memory');
  expect(() => read(memory, { NODE_ENV: 'production' })).toThrow(/store: sqlite/);
});

test('a server whose tools only read has no store', () => {
  expect(readConfiguration(server, {}).store).toBeUndefined();
});
