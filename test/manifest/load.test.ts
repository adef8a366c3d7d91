import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { describeDiagnostic } from '../../src/diagnostics/diagnostic.ts';
import { findManifest, loadManifest, parseManifest } from '../../src/manifest/load.ts';
import { smallManifest } from './small-manifest.ts';

const yaml = `version: 1
server: { name: shop, version: 1.0.0 }
tools:
  - name: get_item
    mutability: read-only
    scopes: []
    public: true
    inputSchema: { type: object }
`;

test('YAML and JSON that say the same give the same manifest, with defaults filled in and durations in milliseconds', () => {
  const json = JSON.stringify(smallManifest());

  const fromJson = parseManifest(json, 'hardened-mcp.json');
  const fromYaml = parseManifest(json, 'hardened-mcp.yaml');

  expect(fromJson.diagnostics).toEqual([]);
  expect(fromYaml.manifest).toEqual(fromJson.manifest);
  expect(fromJson.manifest?.idempotency).toEqual({ store: 'sqlite', retention: 172_800_000 });
  expect(fromJson.manifest?.upstreams?.store).toMatchObject({
    timeout: 10_000,
    retries: { attempts: 3, maxDelay: 5_000 },
    maxResponseBytes: 1_000_000,
    credential: { type: 'none' },
  });
});

test('a byte order mark and Windows line ends change nothing', () => {
  const { manifest, diagnostics } = parseManifest(`\ufeff${yaml.replaceAll('\n', '\r\n')}`, 'hardened-mcp.yaml');

  expect(diagnostics).toEqual([]);
  expect(manifest?.tools[0]?.name).toBe('get_item');
});

test('columns are right behind Windows line ends', () => {
  const { diagnostics } = parseManifest(
    yaml.replace('get_item', 'get item').replaceAll('\n', '\r\n'),
    'hardened-mcp.yaml',
  );

  expect(diagnostics[0]?.span).toEqual({ file: 'hardened-mcp.yaml', line: 4, column: 11, endLine: 4, endColumn: 19 });
});

test('a property named __proto__ in a schema or a body survives', () => {
  const text = yaml.replace('{ type: object }', '{ type: object, properties: { __proto__: { type: string } } }');
  const schema = parseManifest(text, 'hardened-mcp.yaml').manifest?.tools[0]?.inputSchema;

  expect(Object.keys(schema?.properties ?? {})).toEqual(['__proto__']);
});

test('a __proto__ that would be dropped is refused', () => {
  const { diagnostics } = parseManifest(`${yaml}scopes: { __proto__: Everything }\n`, 'hardened-mcp.yaml');

  expect(diagnostics.map(({ code, pointer }) => [code, pointer])).toEqual([['unknown-key', '/scopes/__proto__']]);
});

test('aliases that multiply are refused, and quickly', () => {
  const levels = Array.from(
    { length: 12 },
    (_, level) =>
      `l${level}: &l${level} [${Array(9)
        .fill(level === 0 ? 'x' : `*l${level - 1}`)
        .join(', ')}]`,
  );

  const { diagnostics } = parseManifest(levels.join('\n'), 'hardened-mcp.yaml');

  expect(diagnostics.map(({ code }) => code)).toEqual(['yaml-alias']);
});

test('an alias that contains itself is refused', () => {
  expect(parseManifest('a: &a [*a]', 'hardened-mcp.yaml').diagnostics[0]?.code).toBe('nested-too-deep');
});

test.each(['[', '{"a":'])('a text that opens %j ten thousand times is refused without a crash', (open) => {
  const yamlCodes = parseManifest(open.repeat(10_000), 'hardened-mcp.yaml').diagnostics.map(({ code }) => code);
  const jsonCodes = parseManifest(open.repeat(10_000), 'hardened-mcp.json').diagnostics.map(({ code }) => code);

  expect(yamlCodes).toEqual(['nested-too-deep']);
  expect(jsonCodes).toEqual(['manifest-syntax']);
});

test('an alias to nothing is named', () => {
  const { diagnostics } = parseManifest('a: *nothing', 'hardened-mcp.yaml');

  expect(diagnostics[0]?.args).toEqual({ problem: 'nothing before this is named &nothing.' });
  expect(diagnostics[0]?.span).toMatchObject({ line: 1, column: 4, endColumn: 12 });
});

test('YAML 1.1 is another language', () => {
  expect(parseManifest('%YAML 1.1\n---\na: yes', 'hardened-mcp.yaml').diagnostics[0]?.code).toBe('manifest-syntax');
});

test('several documents in one file are an error', () => {
  expect(parseManifest(`${yaml}---\n${yaml}`, 'hardened-mcp.yaml').diagnostics[0]?.code).toBe('manifest-syntax');
});

test('diagnostics come in the order of the text', () => {
  const { diagnostics } = parseManifest(yaml.replace('public: true', 'publik: true').replace('shop', 'Shop'), 'x.yaml');

  expect(diagnostics.map(({ span }) => span?.line)).toEqual([2, 7]);
});

test('text that is no UTF-8 is refused', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'hardened-mcp.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xff]));

  const { diagnostics } = await loadManifest({ file: 'hardened-mcp.yaml', cwd });

  expect(diagnostics.map(describeDiagnostic)).toEqual(['"hardened-mcp.yaml" cannot be read: it is no UTF-8 text.']);
});

test('a file that is not there is a diagnostic', async () => {
  const { diagnostics, manifest } = await loadManifest({ file: 'nowhere.yaml', cwd: await temporaryDirectory() });

  expect(manifest).toBeUndefined();
  expect(diagnostics[0]).toMatchObject({ code: 'manifest-unreadable', args: { reason: 'there is no such file' } });
});

test('YAML is looked for before JSON, and under its three names only', async () => {
  const cwd = await temporaryDirectory();
  expect(await findManifest(cwd)).toBeUndefined();

  for (const name of ['hardened-mcp.json', 'hardened-mcp.yml', 'hardened-mcp.yaml']) {
    await writeFile(join(cwd, name), yaml);
    expect(await findManifest(cwd)).toBe(name);
  }
});

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hardened-mcp-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}
