/** Writes schema/manifest.schema.json, by which editors complete and check a manifest. */
import { writeFile } from 'node:fs/promises';

import { z } from 'zod';

import { manifestSchema } from '../src/manifest/schema.ts';

const file = new URL('../schema/manifest.schema.json', import.meta.url);

export type JsonSchemaDocument = ReturnType<typeof exportSchema>;

/** The manifest's JSON Schema, as of what people write: before defaults are filled in. */
export function exportSchema() {
  const { $schema, ...schema } = z.toJSONSchema(manifestSchema, { io: 'input' });
  return {
    $schema,
    $id: 'https://unpkg.com/create-hardened-mcp/schema/manifest.schema.json',
    title: 'Manifest of a hardened MCP server, version 1',
    ...schema,
  };
}

/** The text of the published file. */
export function renderSchema(): string {
  return `${JSON.stringify(exportSchema(), undefined, 2)}\n`;
}

if (import.meta.main) await writeFile(file, renderSchema());
