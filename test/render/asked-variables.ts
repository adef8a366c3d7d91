/** Run with a project's folder: prints, as JSON, every variable that the project's configuration asks its environment for. */
import { join } from 'node:path';

import { readConfiguration } from '../../templates/kernel/config.ts';
import { readOperator } from '../../templates/kernel/operations/configuration.ts';

const [directory = ''] = process.argv.slice(2);
const { server, parts } = await import(join(directory, 'src/generated/server.ts'));

const asked = new Set<string>();
const variables = new Proxy<Record<string, string | undefined>>(
  {},
  {
    get(_, name) {
      if (typeof name === 'string') asked.add(name);
      return undefined;
    },
  },
);

/** That an empty environment is not enough is of no interest here. */
function ask(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    // The project has a kernel, and so a class, of its own.
    if (!(error instanceof Error && error.name === 'ConfigurationError')) throw error;
  }
}

if (parts.stdio !== undefined) {
  ask(() => readConfiguration(server, variables, { ...parts, http: undefined, signIn: undefined }));
}
if (parts.http !== undefined) ask(() => readConfiguration(server, variables, parts));
if (parts.writes !== undefined || parts.audit !== undefined) ask(() => readOperator(server, variables, parts));

console.log(JSON.stringify([...asked].toSorted()));
