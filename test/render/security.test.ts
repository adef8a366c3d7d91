/** What SECURITY.md says of callers, of the project's own code and of what stays. */
import { expect, test } from 'vitest';

import type { ProjectModel } from '../../src/model/project.ts';
import { renderProject } from '../../src/render/render.ts';
import { makeModel, readTool, writeTool } from './model-fixture.ts';

async function securityOf(model: ProjectModel): Promise<string> {
  const files = await renderProject(model);
  return files.find(({ path }) => path === 'SECURITY.md')?.contents ?? '';
}

const { server } = makeModel();
const auth: ProjectModel['auth'] = { issuer: { env: 'I' }, audience: { env: 'A' }, claims: { roles: 'roles' } };
const handler = writeTool({ kind: 'handler', request: undefined });

test('without sign-in it says that whoever reaches HTTP is the one that the environment names', async () => {
  const security = await securityOf(makeModel());
  expect(security).toContain('Whoever comes over stdio, over HTTP or on the command line of `operations` is whom');
  expect(security).toContain('starts under `--insecure-local` only');
});

test('with sign-in the environment speaks for those alone who do not come over HTTP', async () => {
  const security = await securityOf(makeModel({ auth }));
  expect(security).toContain('Whoever comes over stdio or on the command line of `operations` is whom');
  expect(security).not.toContain('insecure-local');
  const overHttp: ProjectModel['server'] = { ...server, transports: ['http'] };
  const reading = await securityOf(makeModel({ auth, server: overHttp, store: undefined, tools: [readTool()] }));
  expect(reading).not.toContain('is whom the environment names');
});

test('over stdio alone it says nothing of HTTP', async () => {
  expect(await securityOf(makeModel({ server: { ...server, transports: ['stdio'] } }))).not.toMatch(/HTTP|TLS/);
});

test('it says what handlers may do, where there are any', async () => {
  expect(await securityOf(makeModel({ tools: [handler] }))).toContain('may then do what the process may');
  expect(await securityOf(makeModel({ tools: [readTool()] }))).not.toContain('Handlers in');
});

test('it says that functions which find tokens see them, where there are any', async () => {
  const [upstream] = makeModel().upstreams;
  const upstreams = upstream === undefined ? [] : [{ ...upstream, credential: { type: 'provider' } as const }];
  expect(await securityOf(makeModel({ upstreams }))).toContain('find tokens for upstreams, so they see them');
  expect(await securityOf(makeModel())).not.toContain('src/credentials/');
});

test('it says that the store can tell what is hidden, where a write has something to hide', async () => {
  const without = 'SHA-256 hashes without a key';
  expect(await securityOf(makeModel({ tools: [writeTool({ sensitive: ['/pin'] })] }))).toContain(without);
  expect(await securityOf(makeModel({ tools: [writeTool(), readTool({ sensitive: ['/pin'] })] }))).not.toContain(
    without,
  );
});

test('it says what stays, and for how long', async () => {
  expect(await securityOf(makeModel({ retentionMs: 172_800_000 }))).toMatch(
    /store and audit events hold .* for (?:48h|2d) at least/,
  );
  expect(await securityOf(makeModel({ store: undefined, tools: [readTool()] }))).toContain(
    'Audit events hold who called',
  );
});
