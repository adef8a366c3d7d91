/** The image that a project's Dockerfile makes, as far as its text tells. */
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import type { ProjectModel } from '../../src/model/project.ts';
import { PACKAGE_MANAGERS, type PackageManager } from '../../src/render/package-manager.ts';
import { renderProject } from '../../src/render/render.ts';
import { makeModel } from './model-fixture.ts';
import { parseDockerfile, stepOf } from './parse-dockerfile.ts';

const SIGNED_IN: ProjectModel['auth'] = {
  issuer: { env: 'MCP_ISSUER' },
  audience: { env: 'MCP_AUDIENCE' },
  claims: { roles: 'roles' },
};

async function filesOf(model: ProjectModel, packageManager: PackageManager = 'npm') {
  const files = await renderProject(model, { packageManager });
  const find = (path: string) => files.find((file) => file.path === path)?.contents ?? '';
  const dockerfile = find('Dockerfile');
  const stages = parseDockerfile(dockerfile);
  return { find, dockerfile, stages, last: stages.at(-1) };
}

test('it starts as start:hardened does, but for the settings file, and may read the secrets that are mounted', async () => {
  const { find, last } = await filesOf(makeModel());
  const script = String(JSON.parse(find('package.json')).scripts['start:hardened']).split(' ');
  const [program, secrets, ...rest] = stepOf(last, 'ENTRYPOINT').words;
  expect([program, secrets]).toEqual(['/usr/local/bin/node', '--allow-fs-read=/run/secrets']);
  expect(['node', '--env-file-if-exists=.env', ...rest]).toEqual(script);
});

test('the last stage is not root, runs nothing while it is built, and copies only from other stages', async () => {
  const { last } = await filesOf(makeModel());
  expect(last?.image).toBe('gcr.io/distroless/cc-debian13:nonroot');
  expect(stepOf(last, 'USER').words).toEqual(['65532:65532']);
  expect(last?.steps.filter(({ keyword }) => keyword === 'RUN')).toEqual([]);
  const copied = last?.steps.filter(({ keyword }) => keyword === 'COPY') ?? [];
  expect(copied.map(({ flags, words }) => [flags['from'], ...words])).toEqual([
    ['packages', '/usr/local/bin/node', '/usr/local/bin/node'],
    ['installed', '/app/package.json', 'package.json'],
    ['installed', '/app/node_modules', 'node_modules'],
    ['built', '/app/dist', 'dist'],
    ['installed', '/app/data', 'data'],
  ]);
});

test('its Node.js is the one that this repository is tested with', async () => {
  const { devDependencies } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const { stages } = await filesOf(makeModel());
  expect(stages[0]?.image).toBe(`node:${devDependencies.node}-trixie-slim`);
});

test.each(PACKAGE_MANAGERS)(
  'with %s no script of a package runs, and what is built is not what is installed',
  async (manager) => {
    const { stages } = await filesOf(makeModel(), manager);
    const [packages, built, installed] = stages;
    const silenced = packages?.steps.some(({ text }) => text === 'YARN_ENABLE_SCRIPTS=false') === true;
    for (const stage of [built, installed]) {
      const [install] = stage?.steps ?? [];
      expect(install?.keyword).toBe('RUN');
      expect(silenced || install?.words.includes('--ignore-scripts')).toBe(true);
    }
    expect(installed?.steps[0]?.text).toMatch(/--omit=dev|--prod/);
    expect(built?.steps[0]?.text).not.toMatch(/--omit=dev|--prod/);
  },
);

test.each(PACKAGE_MANAGERS)('with %s all that it copies is let through, and nothing else', async (manager) => {
  const { find, stages } = await filesOf(makeModel(), manager);
  const [first, ...allowed] = find('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  const copies = stages.flatMap(({ steps }) =>
    steps.filter(({ keyword, flags }) => keyword === 'COPY' && !flags['from']),
  );
  const copied = copies.flatMap(({ words }) => words.slice(0, -1));
  expect(copied).toEqual(expect.arrayContaining(['package.json', 'src']));
  expect(copied.filter((path) => !allowed.includes(`!${path}`))).toEqual([]);
});

test('where callers sign in it serves HTTP to all that reach the container, and says how it is', async () => {
  const { last } = await filesOf(makeModel({ auth: SIGNED_IN }));
  expect(stepOf(last, 'CMD').words).toEqual(['--transport', 'http']);
  expect(last?.steps.map(({ text }) => text)).toContain('MCP_HTTP_HOST=0.0.0.0');
  expect(stepOf(last, 'HEALTHCHECK').text).toContain('/healthz');
});

test('where nobody signs in it opens nothing', async () => {
  const { dockerfile, last } = await filesOf(makeModel());
  expect(last?.steps.map(({ keyword }) => keyword)).not.toContain('CMD');
  expect(dockerfile).not.toMatch(/0\.0\.0\.0|insecure|EXPOSE|HEALTHCHECK/);
});
