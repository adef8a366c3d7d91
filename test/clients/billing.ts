/** The example `billing`, generated, with an upstream of its own: what clients visit. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { startUpstream } from '../../scripts/demo/upstream.ts';
import { createProject, inTemporaryProject, readFixture } from '../../scripts/fixture-projects.ts';
import { serveProject } from '../conformance/server.ts';

export interface Place {
  readonly transport: 'stdio' | 'http';
  /** Over stdio: what a client starts, from the project's directory. */
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Over HTTP: of the MCP endpoint; the server runs. */
  readonly url: string | undefined;
  /** How many refunds the upstream has made. */
  readonly countRefunds: () => number;
}

/** Each visit finds an empty store and a fresh upstream. */
export async function atBilling(transport: Place['transport'], visit: (place: Place) => Promise<void>): Promise<void> {
  const upstream = await startUpstream({ token: 'a-token' });
  try {
    await inTemporaryProject(async (directory) => {
      await createProject(directory, await readFixture('billing'));
      await mkdir(join(directory, 'data'));
      const environment = {
        PATH: process.env['PATH'] ?? '',
        BILLING_API_URL: upstream.url,
        BILLING_API_TOKEN: 'a-token',
        MCP_SCOPES: 'refunds:write',
        MCP_WRITES: 'enabled',
        MCP_STORE_PATH: join(directory, 'data/operations.sqlite'),
      };
      const server = transport === 'http' ? await serveProject(directory, environment) : undefined;
      try {
        await visit({
          transport,
          command: process.execPath,
          args: ['src/index.ts', '--transport', 'stdio'],
          directory,
          environment,
          url: server?.url,
          countRefunds: () => upstream.effects.refunds,
        });
      } finally {
        await server?.stop();
      }
    });
  } finally {
    await upstream.close();
  }
}
