/** The rights that README.md names are enough for a server, and no less is. */
import { randomBytes } from 'node:crypto';

import { createClient } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';

import { renderProject } from '../../src/render/render.ts';
import { postgresAudit } from '../../templates/kernel/audit-store/postgres.ts';
import { redisAudit } from '../../templates/kernel/audit-store/redis.ts';
import { openPostgresStore } from '../../templates/kernel/idempotency/postgres-store.ts';
import { openRedisStore } from '../../templates/kernel/idempotency/redis-store.ts';
import { RETENTION_MS } from '../kernel/idempotency/conformance.ts';
import { postgresMissing, postgresPlace, redisMissing, redisPlace, runSql } from '../kernel/idempotency/services.ts';
import { makeModel } from '../render/model-fixture.ts';
import { useAudit, useStore } from './use-store.ts';

/** The block of README.md that names them, for a role of this test's own. */
async function rightsFor(store: 'postgres' | 'redis', language: string): Promise<string> {
  const files = await renderProject(makeModel({ store, audit: { store, retentionMs: RETENTION_MS } }));
  const readme = files.find(({ path }) => path === 'README.md')?.contents ?? '';
  const [, block] =
    new RegExp(`needs no more rights there than these:\n\n\`\`\`${language}\n([^]*?)\n\`\`\``).exec(readme) ?? [];
  if (block === undefined) throw new Error('README.md names no rights');
  return block;
}

/** Nothing where it was not refused. */
async function refusalOf(work: Promise<void>): Promise<string> {
  try {
    await work;
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe.skipIf(postgresMissing !== '')(`on PostgreSQL${postgresMissing}`, () => {
  test('they are enough, and without any of them something is refused', async () => {
    const { edit, roleUrl, grants } = await postgresRole();
    const use = async (round: string) => {
      const store = await openPostgresStore({ url: roleUrl, retentionMs: RETENTION_MS });
      await useStore(store, round).finally(() => store.close());
      await useAudit(await postgresAudit.open(roleUrl, 'realm'), round);
    };
    await use('all');
    expect(grants.length).toBeGreaterThan(15);
    const unneeded: string[] = [];
    for (const { right, on, role } of grants) {
      await edit(`REVOKE ${right} ON ${on} FROM ${role}`);
      const refusal = await refusalOf(use(`without-${right}-${on}`));
      if (!/permission denied|no schema has been selected/.test(refusal))
        unneeded.push(`${right} ON ${on}: ${refusal}`);
      await edit(`GRANT ${right} ON ${on} TO ${role}`);
    }
    expect(unneeded).toEqual([]);
  });

  test.each([
    'DROP TABLE hardened_mcp_operations',
    'TRUNCATE hardened_mcp_operations',
    'UPDATE hardened_mcp_epochs SET held = false',
    'DELETE FROM hardened_mcp_schema',
    'CREATE TABLE mine (id INTEGER)',
  ])('they refuse %s', async (statement) => {
    const { editAs } = await postgresRole();
    await expect(editAs(statement)).rejects.toThrow(/permission denied|must be owner/);
  });
});

/** A role that holds what README.md says, in a schema whose tables another role made. */
async function postgresRole() {
  const { url, edit, remove } = await postgresPlace();
  await (await openPostgresStore({ url, retentionMs: RETENTION_MS })).close();
  await (await postgresAudit.open(url, 'realm')).close();
  const role = `role_${randomBytes(8).toString('hex')}`;
  const schema = /search_path=(\w+)/.exec(decodeURIComponent(url))?.[1] ?? '';
  const sql = (await rightsFor('postgres', 'sql'))
    .replaceAll('"notes"', role)
    .replace('SCHEMA public', `SCHEMA ${schema}`);
  await edit(sql);
  onTestFinished(async () => {
    await edit(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await remove();
  });
  const roleUrl = Object.assign(new URL(url), { username: role, password: '…' }).href;
  const granted = sql.matchAll(/GRANT ([A-Z, ]+?)\s+ON (SCHEMA |SEQUENCE )?([\w, ]+) TO/g);
  const grants = [...granted].flatMap(([, rights = '', kind = '', names = '']) =>
    rights.split(', ').flatMap((right) => names.split(', ').map((name) => ({ right, on: kind + name, role }))),
  );
  return { edit, editAs: (statement: string) => runSql(roleUrl, statement), roleUrl, grants };
}

describe.skipIf(redisMissing !== '')(`on Redis${redisMissing}`, () => {
  test('they are enough, and without any of them something is refused', async () => {
    const { admin, name, use, commands } = await redisUser();
    await use('all');
    expect(commands.length).toBeGreaterThan(15);
    const unneeded: string[] = [];
    for (const command of commands) {
      await admin(['ACL', 'SETUSER', name, `-${command}`]);
      const refusal = await refusalOf(use(`without-${command}`));
      if (!/NOPERM|can't run this command/.test(refusal)) unneeded.push(`${command}: ${refusal}`);
      await admin(['ACL', 'SETUSER', name, `+${command}`]);
    }
    expect(unneeded).toEqual([]);
  });

  test.each(['FLUSHALL', 'KEYS *', 'CONFIG GET *', 'ACL LIST', 'GET of-somebody-else'])(
    'they refuse %s',
    async (command) => {
      const { asUser } = await redisUser();
      await expect(asUser(command.split(' '))).rejects.toThrow('NOPERM');
    },
  );
});

/** A user who holds what README.md says, under a prefix of this test's own. */
async function redisUser() {
  const { url, prefix, client, remove } = await redisPlace();
  const [name, password] = [`user_${randomBytes(8).toString('hex')}`, randomBytes(16).toString('hex')];
  const line = (await rightsFor('redis', 'text')).replace('SETUSER notes', `SETUSER ${name}`);
  const words = line.replace('<password>', password).replace('{hardened-mcp}:', prefix).split(' ');
  await client.sendCommand(words);
  const userUrl = Object.assign(new URL(url), { username: name, password });
  userUrl.search = '';
  const user = createClient({ url: userUrl.href });
  await user.connect();
  onTestFinished(async () => {
    user.destroy();
    await client.sendCommand(['ACL', 'DELUSER', name]);
    await remove();
  });
  const use = async (round: string) => {
    const store = await openRedisStore({ url: userUrl.href, prefix, retentionMs: RETENTION_MS });
    await useStore(store, round).finally(() => store.close());
    const auditUrl = new URL(userUrl);
    auditUrl.searchParams.set('prefix', prefix);
    await useAudit(await redisAudit.open(auditUrl.href, 'realm'), round);
  };
  const commands = words.filter((word) => word.startsWith('+')).map((word) => word.slice(1));
  return {
    name,
    use,
    commands,
    admin: (c: string[]) => client.sendCommand(c),
    asUser: (c: string[]) => user.sendCommand(c),
  };
}
