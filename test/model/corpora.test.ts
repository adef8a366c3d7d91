import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { JsonSchema } from '../../src/manifest/json-schema.ts';
import { parseManifest } from '../../src/manifest/load.ts';
import { SCHEMA_DEFAULTS } from '../../src/manifest/schema.ts';
import { buildProject } from '../../src/model/build.ts';
import { closeOutput, hardenInput } from '../../src/model/hardening/harden-schema.ts';
import type { JsonObject } from '../../src/model/project.ts';
import { declareTypes } from '../../src/model/schema-types.ts';
import { compileSchema, type ValidatorUse } from '../../src/model/validators.ts';

const corpora = new URL('../../../shared/corpora/', import.meta.url);
const listed = (folder: URL): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];

const dumps = new URL('mcp-npm-dumps/', corpora);
const servers = listed(dumps);

test.runIf(servers.length > 0)('every tool of real servers has samples, rejections, types and validators', async () => {
  for (const file of servers) {
    const { tools } = JSON.parse(readFileSync(new URL(file, dumps), 'utf8')) as {
      readonly tools: readonly { readonly inputSchema: object }[];
    };
    const { manifest, diagnostics } = parseManifest(
      JSON.stringify({
        version: 1,
        server: { name: 'copied', version: '1.0.0' },
        scopes: { 'all:use': 'Use everything' },
        tools: tools.map(({ execution: _execution, ...tool }: { inputSchema: object; execution?: unknown }) => ({
          ...tool,
          inputSchema: { type: 'object', ...tool.inputSchema },
          mutability: 'read-only',
          scopes: ['all:use'],
        })),
      }),
      'hardened-mcp.json',
    );
    // Firebase has a key of its own beside MCP's, which is for an author to take out.
    expect(diagnostics.filter(({ code, severity }) => severity === 'error' && code !== 'unknown-key')).toEqual([]);
    if (manifest === undefined) continue;
    const built = await buildProject(manifest, { manifestFile: 'hardened-mcp.json' });
    expect(built.diagnostics).toEqual([]);
    for (const tool of built.model?.tools ?? []) {
      expect(tool.validatorsSource).not.toMatch(/\brequire\(|new Function/);
      expect(tool.samples.rejected.length).toBeGreaterThan(0);
    }
  }
});

interface Group {
  readonly description: string;
  readonly schema: JsonObject | boolean;
  readonly tests: readonly { readonly description: string; readonly data: unknown }[];
}

const suites = ['draft2020-12/', 'draft7/'].map((draft) => new URL(`json-schema-test-suite/tests/${draft}`, corpora));

test.runIf(suites.every(existsSync))(
  'hardening the official suite of JSON Schema widens no schema and loses no result',
  async () => {
    const faults = await Promise.all(suites.flatMap(groupsOf).map(findFaults));
    expect(faults.flat()).toEqual([]);
  },
);

function groupsOf(suite: URL): readonly Group[] {
  const dialect = suite.pathname.includes('draft7') ? { $schema: 'http://json-schema.org/draft-07/schema#' } : {};
  return listed(suite).flatMap((file) => {
    const groups = JSON.parse(readFileSync(new URL(file, suite), 'utf8')) as readonly Group[];
    return groups.flatMap(({ description, schema, tests }) =>
      typeof schema === 'boolean' || readsElsewhere(schema)
        ? []
        : [{ description: `${file}: ${description}`, schema: { ...dialect, ...schema }, tests }],
    );
  });
}

/** The loader refuses references that leave the document, and any other dialect. */
function readsElsewhere(schema: JsonObject): boolean {
  return /localhost|"\$ref":"(?!#)|"\$dynamicRef"|"\$vocabulary"/.test(JSON.stringify(schema));
}

async function findFaults({ description, schema, tests }: Group): Promise<readonly string[]> {
  const hardened = hardenInput(schema, SCHEMA_DEFAULTS);
  const closed = closeOutput(schema);
  const accepts = (one: JsonSchema, use: ValidatorUse, data: unknown): boolean =>
    compileSchema(one, use).validate(structuredClone(data)) === true;
  const widened = tests.filter(({ data }) => accepts(hardened, 'input', data) && !accepts(schema, 'condition', data));
  const lost = tests.filter(({ data }) => accepts(schema, 'condition', data) && !accepts(closed, 'output', data));
  const names = { file: 'suite', identifier: 'suite', type: 'Suite' };
  const types = await declareTypes(names, { input: hardened, output: closed });
  return [
    ...[...widened, ...lost].map((one) => `${description}: ${one.description}`),
    ...(types.includes('SuiteArguments') ? [] : [`${description}: no types`]),
  ];
}
