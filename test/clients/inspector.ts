/** The MCP Inspector's command line. Its 120 packages are no other test's, so it has a lockfile of its own and is installed here. */
import { existsSync, mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import type { Place } from './billing.ts';
import type { ToolAnswer, Visitor } from './visit.ts';

const FOLDER = fileURLToPath(new URL('inspector', import.meta.url));
const PACKAGE = '@modelcontextprotocol/inspector';

/** Installs what the lockfile says, unless it is there. Needs the registry. */
export async function installInspector(): Promise<void> {
  const { packages } = await readJson(join(FOLDER, 'package-lock.json'));
  // npm writes this file last.
  const installed = join(FOLDER, 'node_modules/.package-lock.json');
  const wanted = packages[`node_modules/${PACKAGE}`].version;
  if (existsSync(installed)) {
    const { packages: found } = await readJson(installed);
    if (found[`node_modules/${PACKAGE}`]?.version === wanted) return;
  }
  await execa('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER });
}

async function readJson(path: string) {
  return JSON.parse(await readFile(path, 'utf8'));
}

export type ProtocolEra = 'auto' | 'legacy' | 'modern';

/** Runs it once for each request. Rejects where it says anything but a result. */
export function inspectorAt(place: Place, era: ProtocolEra): Visitor {
  const how = ['--cli', '--format', 'json', '--quiet', '--protocol-era', era, '--transport', place.transport];
  const ask = async (...request: readonly string[]) => {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [join(FOLDER, `node_modules/${PACKAGE}/clients/launcher/build/index.js`), ...how, ...request, ...target(place)],
      // What it keeps about servers belongs to nobody's home.
      {
        env: { PATH: place.environment['PATH'], HOME: mkdtempSync(join(tmpdir(), 'inspector-')) },
        extendEnv: false,
        reject: false,
      },
    );
    const answer: { readonly result?: unknown } = stdout === '' ? {} : JSON.parse(stdout);
    if (answer.result === undefined) throw new Error(`The Inspector ended with ${exitCode}:\n${stdout}\n${stderr}`);
    return { exitCode, result: answer.result };
  };
  return {
    listTools: async () => {
      const { result } = await ask('--method', 'tools/list');
      return (result as { readonly tools: readonly { readonly name: string }[] }).tools;
    },
    callTool: async (name, args) => {
      const given = JSON.stringify(args);
      const { result, exitCode } = await ask('--method', 'tools/call', '--tool-name', name, '--tool-args-json', given);
      const answer = result as ToolAnswer;
      if (answer.isError !== true && exitCode !== 0) throw new Error(`The Inspector ended with ${exitCode}`);
      return answer;
    },
  };
}

function target({ command, args, directory, environment, url }: Place): readonly string[] {
  if (url !== undefined) return ['--server-url', url];
  const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  return [...variables, '--cwd', directory, '--', command, ...args];
}
