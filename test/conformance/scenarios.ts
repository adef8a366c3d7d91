/** What becomes of each scenario that the suite has for servers: it passes, is expected to fail, or is out of scope. */
import { readFile } from 'node:fs/promises';

import { execa } from 'execa';
import { parse } from 'yaml';

import { REPOSITORY } from '../../scripts/fixture-projects.ts';

export type Revision = '2026-07-28' | '2025-11-25';

export const REVISIONS: readonly Revision[] = ['2026-07-28', '2025-11-25'];

const BOTH = [
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
];

export const REQUIRED: Readonly<Record<Revision, readonly string[]>> = {
  '2026-07-28': [
    ...BOTH,
    'server-sse-multiple-streams',
    'http-header-validation',
    'input-required-result-request-state',
    'input-required-result-result-type',
    'input-required-result-tampered-state',
    'input-required-result-missing-input-response',
    'input-required-result-unsupported-methods',
    'input-required-result-validate-input',
  ],
  '2025-11-25': [...BOTH, 'server-initialize', 'ping'],
};

/** Extensions of the protocol that the server does not offer, by how their scenarios' names begin. */
const EXTENSIONS_NOT_OFFERED = {
  'tasks-': 'Work that goes on after a call is asked about with get_operation_status, which every client can call.',
  'sep-2640-skills-': 'Skills are resources, of which a server of tools has none.',
} as const;

export interface Scenario {
  readonly name: string;
  /** Revisions of the protocol, or `extension`. */
  readonly applies: readonly string[];
}

/** All that the suite has for servers, whatever the revision. */
export async function listScenarios(): Promise<readonly Scenario[]> {
  const { stdout } = await execa('conformance', ['list', '--server'], { preferLocal: true, localDir: REPOSITORY });
  return [...stdout.matchAll(/^ +- (\S+) \[(\S+)\]$/gm)].map(([, name = '', applies = '']) => {
    return { name, applies: applies.split(',') };
  });
}

export function isOutOfScope({ name, applies }: Scenario): boolean {
  return applies.includes('extension') && Object.keys(EXTENSIONS_NOT_OFFERED).some((start) => name.startsWith(start));
}

export function expectedFailuresFile(revision: Revision): URL {
  return new URL(`expected-failures-${revision}.yaml`, import.meta.url);
}

/** Scenarios that are expected to fail, whole or in some of their checks. */
export async function readExpectedFailures(revision: Revision): Promise<readonly string[]> {
  const file: unknown = parse(await readFile(expectedFailuresFile(revision), 'utf8'));
  // The suite refuses files of another shape.
  const { server } = file as { readonly server: readonly string[] };
  return [...new Set(server.map((entry) => entry.replace(/:.*/, '')))];
}
