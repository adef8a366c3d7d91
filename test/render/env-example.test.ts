/** `.env.example` names what the server asks its environment for, and nothing else. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

import {
  createProject,
  FIXTURES,
  inTemporaryProject,
  readFixture,
  type FixtureSource,
} from '../../scripts/fixture-projects.ts';

const ASK = fileURLToPath(new URL('asked-variables.ts', import.meta.url));

interface Named {
  readonly asked: readonly string[];
  /** With a line of their own. */
  readonly lines: readonly string[];
  /** In the comment before a line. */
  readonly comments: ReadonlyMap<string, string>;
}

function readNames(source: FixtureSource): Promise<Named> {
  return inTemporaryProject(async (directory) => {
    await createProject(directory, source);
    const { stdout } = await promisify(execFile)(process.execPath, [ASK, directory]);
    const file = await readFile(join(directory, '.env.example'), 'utf8');
    const variables = [...file.matchAll(/^# (.+)\n(?:# )?([A-Z][A-Z0-9_]*)=/gm)];
    return {
      // It is what this test just printed.
      asked: JSON.parse(stdout) as readonly string[],
      lines: variables.map(([, , name = '']) => name).toSorted(),
      comments: new Map(variables.map(([, comment = '', name = '']) => [name, comment])),
    };
  });
}

/** A secret is asked for twice, by its name and as a file; it has one line, and the comment names the file. */
function isFileForm(name: string, asked: readonly string[]): boolean {
  return name.endsWith('_FILE') && asked.includes(name.slice(0, -'_FILE'.length));
}

/** What it should have, and what it has: lines, and files that the comments of secrets name. */
async function compare(source: FixtureSource) {
  const { asked, lines, comments } = await readNames(source);
  const files = asked.filter((name) => isFileForm(name, asked));
  const named = files.filter((file) => comments.get(file.slice(0, -'_FILE'.length))?.includes(file) === true);
  return { wanted: { lines: asked.filter((name) => !files.includes(name)), files }, found: { lines, files: named } };
}

test.each(FIXTURES)('.env.example of %s names every variable that the project asks for, and no other', async (name) => {
  const { wanted, found } = await compare(await readFixture(name));
  expect(found).toEqual(wanted);
  expect(wanted.lines).toContain('MCP_DEADLINE_MS');
});

const SIGN_IN = `auth:
  type: oauth
  issuer: { env: SHOP_ISSUER }
  audience: { env: SHOP_URL }
  introspection: { url: { env: SHOP_ASK }, clientId: { env: SHOP_CLIENT }, clientSecret: { secret: SHOP_CLIENT_SECRET } }`;

test.each([
  ['billing', 'sign-in', ['auth: { type: none }', SIGN_IN]],
  ['billing', 'PostgreSQL', ['store: sqlite', 'store: postgres']],
  [
    'billing',
    'a user name and a password',
    [
      'type: bearer, token: { secret: BILLING_API_TOKEN }',
      'type: basic, username: { env: BILLING_USER }, password: { secret: BILLING_PASSWORD }',
    ],
  ],
  ['billing', 'audit in its store', ['limits: {', 'audit: { sink: store }\nlimits: {']],
  ['minimal', 'audit in a store', ['tools:', 'audit: { sink: store }\nidempotency: { store: redis }\ntools:']],
  ['minimal', 'sign-in over HTTP alone', ['version: 1.0.0\n', `version: 1.0.0\n  transports: [http]\n${SIGN_IN}\n`]],
] as const)('.env.example of %s with %s is as complete', async (name, _, [from, to]) => {
  const { manifest, userFiles } = await readFixture(name);
  expect(manifest).toContain(from);
  const { wanted, found } = await compare({ manifest: manifest.replace(from, to), userFiles });
  expect(found).toEqual(wanted);
});
