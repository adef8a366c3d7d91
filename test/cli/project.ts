/** A small project on disk, generated from a manifest that tests may change. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { create } from '../../src/index.ts';
import { emptyDirectory } from './run-cli.ts';

export const MANIFEST = `version: 1
server: { name: crm, version: 1.0.0 }
tools:
  - name: count_customers
    description: Return how many customers there are.
    mutability: read-only
    public: true
    scopes: []
    inputSchema: { type: object, properties: {} }
`;

export async function generatedProject(): Promise<string> {
  const cwd = await emptyDirectory();
  const { status } = await create({ cwd, manifest: { file: 'hardened-mcp.yaml', text: MANIFEST } });
  if (status !== 'written') throw new Error(`The project for the test could not be made: ${status}`);
  return cwd;
}

/** Replaces a text that has to be there. */
export async function editFile(cwd: string, path: string, from: string, to: string): Promise<void> {
  const before = await readFile(join(cwd, path), 'utf8');
  if (!before.includes(from)) throw new Error(`${path} does not contain ${from}`);
  await writeFile(join(cwd, path), before.replace(from, to));
}

export const TOOL_FILE = 'src/generated/tools/count_customers.ts';
