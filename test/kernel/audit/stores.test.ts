/** Audit in every kind of store: kept in order, chained, and removed when its time is over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, onTestFinished, test } from 'vitest';

import type { AuditLog, AuditLogKind } from '../../../templates/kernel/audit-store/audit-log.ts';
import { keptAudit } from '../../../templates/kernel/audit-store/kept-audit.ts';
import { openMemoryAudit } from '../../../templates/kernel/audit-store/memory.ts';
import { postgresAudit } from '../../../templates/kernel/audit-store/postgres.ts';
import { redisAudit } from '../../../templates/kernel/audit-store/redis.ts';
import { removeOld } from '../../../templates/kernel/audit-store/remove-old.ts';
import { sqliteAudit } from '../../../templates/kernel/audit-store/sqlite.ts';
import type { KeptAudit } from '../../../templates/kernel/settings.ts';
import { postgresMissing, postgresPlace, redisMissing, redisPlace } from '../idempotency/services.ts';
import { eventOf } from './event.ts';

const YEAR_MS = 365 * 86_400_000;

interface Place {
  readonly open: (realm?: string) => Promise<AuditLog>;
  /** Changes a line from outside, once the store's guards are gone; its place counts from 0. */
  readonly change: (place: number) => Promise<void>;
  /** As `change`, with the guards in place. */
  readonly tryToChange?: (place: number) => Promise<void>;
}

interface Store {
  readonly name: string;
  readonly missing: string;
  readonly place: () => Promise<Place>;
}

const stores: readonly Store[] = [
  { name: 'SQLite', missing: '', place: sqlite },
  { name: 'PostgreSQL', missing: postgresMissing, place: postgres },
  { name: 'Redis', missing: redisMissing, place: redis },
];

function opener(kind: AuditLogKind, address: string): Place['open'] {
  return async (realm = 'realm') => {
    const log = await kind.open(address, realm);
    onTestFinished(() => log.close());
    return log;
  };
}

async function sqlite(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'kept-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'store.sqlite');
  const edit = async (sql: string): Promise<void> => {
    const database = new DatabaseSync(path);
    try {
      database.exec(sql);
    } finally {
      database.close();
    }
  };
  const update = (place: number) => `UPDATE audit SET line = replace(line, 'ada', 'eve') WHERE position = ${place + 1}`;
  return {
    open: opener(sqliteAudit, path),
    change: (place) => edit(`DROP TRIGGER audit_stands; ${update(place)}`),
    tryToChange: (place) => edit(update(place)),
  };
}

async function postgres(): Promise<Place> {
  const { url, edit, remove } = await postgresPlace();
  onTestFinished(remove);
  const update = (place: number) =>
    `UPDATE hardened_mcp_audit SET line = replace(line, 'ada', 'eve') WHERE position = ${place + 1}`;
  return {
    open: opener(postgresAudit, url),
    change: (place) => edit(`DROP TRIGGER hardened_mcp_audit_stands ON hardened_mcp_audit; ${update(place)}`),
    tryToChange: (place) => edit(update(place)),
  };
}

/** An entry of a stream cannot be changed at all: only removed. */
async function redis(): Promise<Place> {
  const { url, prefix, client, remove } = await redisPlace();
  onTestFinished(remove);
  return {
    open: opener(redisAudit, url),
    change: async (place) => {
      const entry = ((await client.xRange(`${prefix}audit:realm`, '-', '+')) ?? [])[place];
      await client.xDel(`${prefix}audit:realm`, entry?.id ?? '');
    },
  };
}

async function linesOf(audit: KeptAudit, since?: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of audit.lines(since)) lines.push(line);
  return lines;
}

function processOf(ends: ReadonlyMap<string, unknown>): string {
  const [name = ''] = ends.keys();
  return name;
}

const toolsIn = (lines: readonly string[]): readonly unknown[] => lines.map((line) => JSON.parse(line).tool);

for (const { name, missing, place } of stores) {
  describe.skipIf(missing !== '')(`audit in ${name}${missing}`, () => {
    test('what many processes say at once is kept in order, chained, and found again in pages', async () => {
      const { open } = await place();
      const servers = await Promise.all(
        [0, 1, 2].map(async (_, index) => ({ index, audit: keptAudit(await open(), YEAR_MS) })),
      );
      const numbers = Array.from({ length: 220 }, (_, number) => number);
      await Promise.all(
        servers.flatMap(({ index, audit }) => numbers.map((number) => audit.record(eventOf(`${index}.${number}`)))),
      );
      const [first] = servers;
      if (first === undefined) throw new Error('no server');
      const said = toolsIn(await linesOf(first.audit));
      for (const { index } of servers) {
        const own = said.filter((tool) => String(tool).startsWith(`${index}.`));
        expect(own).toEqual(numbers.map((number) => `${index}.${number}`));
      }
      expect(await first.audit.inspect()).toMatchObject({ events: 660, findings: [], processes: { size: 3 } });
    });

    test('a server and an environment see what is their own', async () => {
      const { open } = await place();
      const [mine, theirs] = [keptAudit(await open('mine'), YEAR_MS), keptAudit(await open('theirs'), YEAR_MS)];
      await mine.record(eventOf('a'));
      await theirs.record(eventOf('b'));
      expect(toolsIn(await linesOf(mine))).toEqual(['a']);
      await removeOld(await open('theirs'), -YEAR_MS);
      expect(toolsIn(await linesOf(theirs))).toEqual([]);
      expect(toolsIn(await linesOf(mine))).toEqual(['a']);
    });

    test('only what is as young as asked for is read', async () => {
      const { open } = await place();
      const log = await open();
      const audit = keptAudit(log, YEAR_MS);
      await audit.record(eventOf('a'));
      const [line] = await log.page({ limit: 1 });
      expect(await linesOf(audit, line?.at)).toHaveLength(1);
      expect(await linesOf(audit, (line?.at ?? 0) + 1)).toEqual([]);
    });

    test('what is past its time goes, and what its process says then still follows it', async () => {
      const { open } = await place();
      const log = await open();
      const audit = keptAudit(log, YEAR_MS);
      for (const tool of ['a', 'b', 'c']) await audit.record(eventOf(tool));
      expect(await removeOld(log, YEAR_MS)).toBe(0);
      expect(await removeOld(log, -YEAR_MS)).toBe(3);
      for (const tool of ['d', 'e']) await audit.record(eventOf(tool));
      expect(toolsIn(await linesOf(audit))).toEqual(['d', 'e']);
      expect(await audit.inspect()).toMatchObject({ events: 2, findings: [] });
      const [ends] = (await log.ends()).values();
      expect(ends?.sequence).toBe(3);
      // As a slower server still does.
      await log.remove(
        name === 'Redis' ? '0-0' : '0',
        new Map([[processOf(await log.ends()), { sequence: 1, hash: '' }]]),
      );
      expect(await audit.inspect()).toMatchObject({ findings: [] });
    });

    test('a line that was changed from outside is found', async () => {
      const { open, change } = await place();
      const audit = keptAudit(await open(), YEAR_MS);
      for (const tool of ['a', 'b', 'c']) await audit.record(eventOf(tool));
      expect((await audit.inspect()).findings).toEqual([]);
      await change(1);
      expect((await audit.inspect()).findings).toHaveLength(1);
    });

    test('a store that was opened before is opened again, with what is in it', async () => {
      const { open } = await place();
      const before = await open();
      await keptAudit(before, YEAR_MS).record(eventOf('a'));
      await before.close();
      const after = keptAudit(await open(), YEAR_MS);
      await after.record(eventOf('b'));
      expect(toolsIn(await linesOf(after))).toEqual(['a', 'b']);
      expect(await after.inspect()).toMatchObject({ findings: [], processes: { size: 2 } });
    });
  });
}

for (const { name, missing, place } of stores.filter(({ name: kind }) => kind !== 'Redis')) {
  test.skipIf(missing !== '')(`a line in ${name} cannot be changed by mistake${missing}`, async () => {
    const { open, tryToChange = () => Promise.resolve() } = await place();
    const audit = keptAudit(await open(), YEAR_MS);
    for (const tool of ['a', 'b', 'c']) await audit.record(eventOf(tool));
    await expect(tryToChange(1)).rejects.toThrow('what audit says is not changed');
    expect(await audit.inspect()).toMatchObject({ findings: [] });
  });
}

test('lines whose fate nobody knows leave no gap: the process begins anew', async () => {
  const log = openMemoryAudit();
  const faults = ['lost before', 'lost after'];
  const faulty: AuditLog = {
    ...log,
    append: async (lines) => {
      const fault = lines[0]?.line.includes('"tool":"bad"') ? faults.shift() : undefined;
      if (fault !== 'lost before') await log.append(lines);
      if (fault !== undefined) throw new Error('the store is away');
    },
  };
  const audit = keptAudit(faulty, YEAR_MS);
  await audit.record(eventOf('a'));
  await expect(audit.record(eventOf('bad'))).rejects.toThrow('away');
  await audit.record(eventOf('b'));
  await expect(audit.record(eventOf('bad'))).rejects.toThrow('away');
  await audit.record(eventOf('c'));
  expect(toolsIn(await linesOf(audit))).toEqual(['a', 'b', 'bad', 'c']);
  expect(await audit.inspect()).toMatchObject({ findings: [], processes: { size: 3 } });
});

test('only the oldest lines go, so that no process loses some from its middle', async () => {
  let now = 0;
  const log = openMemoryAudit(() => now);
  const audit = keptAudit(log, YEAR_MS);
  for (const [tool, at] of [
    ['a', 1],
    ['b', 100],
    ['c', 2],
  ] as const) {
    now = at;
    await audit.record(eventOf(tool));
  }
  now = 60;
  expect(await removeOld(log, 50)).toBe(1);
  expect(toolsIn(await linesOf(audit))).toEqual(['b', 'c']);
  expect(await audit.inspect()).toMatchObject({ findings: [] });
});
