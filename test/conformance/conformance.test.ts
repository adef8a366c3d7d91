import { expect, test } from 'vitest';

import { inTemporaryProject } from '../../scripts/fixture-projects.ts';
import { serveProject, writeProject } from './server.ts';
import { runSuite } from './suite.ts';

const REQUIRED = {
  '2026-07-28': [
    'tools-list',
    'tools-call-simple-text',
    'tools-call-image',
    'tools-call-audio',
    'tools-call-embedded-resource',
    'tools-call-mixed-content',
    'tools-call-error',
    'tools-call-with-progress',
    'dns-rebinding-protection',
    'http-header-validation',
    'input-required-result-request-state',
    'input-required-result-result-type',
    'input-required-result-tampered-state',
    'input-required-result-missing-input-response',
    'input-required-result-validate-input',
  ],
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'tools-call-simple-text',
    'tools-call-image',
    'tools-call-audio',
    'tools-call-embedded-resource',
    'tools-call-mixed-content',
    'tools-call-error',
    'tools-call-with-progress',
    'json-schema-2020-12',
    'dns-rebinding-protection',
  ],
} as const;

test.each(['2026-07-28', '2025-11-25'] as const)(
  'a generated server does what %s requires of a server of tools',
  async (revision) => {
    await inTemporaryProject(async (directory) => {
      await writeProject(directory);
      const server = await serveProject(directory);
      try {
        const { exitCode, passed, output } = await runSuite(server.url, revision, directory);
        expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
        expect(passed).toEqual(expect.arrayContaining([...REQUIRED[revision]]));
      } finally {
        await server.stop();
      }
    });
  },
  60_000,
);
