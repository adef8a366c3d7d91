/** The tests that every project has of its server as a whole, run in projects that differ in how it is reached. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';
import { expect, test } from 'vitest';

import { createProject, inTemporaryProject, readFixture, REPOSITORY } from '../../scripts/fixture-projects.ts';
import { editServer } from '../../src/commands/create/server-edits.ts';

async function makeBilling(directory: string, transports: readonly string[]): Promise<void> {
  const { manifest, userFiles } = await readFixture('billing');
  await createProject(directory, { manifest: editServer(manifest, { transports }), userFiles });
}

async function runServerTests(cwd: string) {
  const env = { NO_COLOR: '1', FORCE_COLOR: undefined };
  const options = { cwd, env, preferLocal: true, localDir: REPOSITORY, all: true, reject: false } as const;
  const { exitCode, all } = await execa('vitest', ['run', 'test/generated/server.test.ts'], options);
  return { exitCode, output: all };
}

test.each(['stdio', 'http', 'stdio http'])(
  'they pass in a project over %s, and leave nothing in it',
  async (names) => {
    const transports = names.split(' ');
    await inTemporaryProject(async (directory) => {
      await makeBilling(directory, transports);
      const before = await readdir(directory);
      const { exitCode, output } = await runServerTests(directory);
      expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
      expect(output).toContain(`${3 * transports.length} passed`);
      expect(await readdir(directory)).toEqual(before);
    });
  },
  60_000,
);

const NO_SIGN_IN = /^auth: .*\n/m;
const OAUTH = `auth:
  type: oauth
  issuer: https://login.example
  audience: { env: MCP_AUDIENCE }
  claims: { tenant: org_id }
`;
const NESTED = OAUTH.replace('claims: { tenant: org_id }', 'claims: { roles: /org/roles, tenant: /org/id }').concat(
  '  addresses: private\n',
);
const INTROSPECTION = `  introspection:
    url: { env: INTROSPECTION_URL }
    clientId: billing
    clientSecret: { secret: INTROSPECTION_SECRET }
`;

const OWN_CREDENTIAL = /^ {4}credential: .*\n/m;
const EXCHANGED = `    credential:
      type: oauth-token-exchange
      tokenUrl: { env: BILLING_TOKEN_URL }
      clientId: billing
      clientSecret: { secret: BILLING_CLIENT_SECRET }
      actorToken: { secret: BILLING_ACTOR_TOKEN }
`;

test.each([
  ['JWTs', OAUTH, '$&', true],
  ['opaque tokens', OAUTH + INTROSPECTION, '$&', false],
  ['JWTs whose claims are nested, and whose upstream is called in their name', NESTED, EXCHANGED, true],
])(
  'they pass in a project whose callers sign in with %s, which compiles',
  async (_, auth, credential, needsJose) => {
    await inTemporaryProject(async (directory) => {
      const { manifest, userFiles } = await readFixture('billing');
      const signedIn = manifest.replace(NO_SIGN_IN, auth).replace(OWN_CREDENTIAL, credential);
      const transports = ['stdio', 'http'];
      await createProject(directory, { manifest: editServer(signedIn, { transports }), userFiles });
      const { exitCode, output } = await runServerTests(directory);
      expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
      const compiled = await execa('tsc', ['-p', directory], { preferLocal: true, localDir: REPOSITORY, all: true });
      expect(compiled.all).toBe('');
      const packages = await readFile(join(directory, 'package.json'), 'utf8');
      expect(packages.includes('"jose"')).toBe(needsJose);
    });
  },
  120_000,
);

test('over HTTP they notice a server that shows every tool to everybody', async () => {
  await inTemporaryProject(async (directory) => {
    await makeBilling(directory, ['http']);
    const file = join(directory, 'src/kernel/runtime.ts');
    const source = await readFile(file, 'utf8');
    const broken = source.replace('mayCall(tool.policy, caller)', 'true');
    expect(broken).not.toBe(source);
    await writeFile(file, broken);
    const { exitCode, output } = await runServerTests(directory);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/1 failed.*2 passed/);
  });
}, 60_000);
