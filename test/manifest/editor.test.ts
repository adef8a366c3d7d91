/** What an editor offers to somebody who writes a manifest, asked of the language service that editors use. */
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';
import { getLanguageService, TextDocument } from 'vscode-json-languageservice';

const SCHEMA_URL = new URL('../../schema/manifest.schema.json', import.meta.url);

/** The text with a `|` where the cursor is; the document names its schema, as a manifest does. */
function open(textWithCursor: string) {
  const offset = textWithCursor.indexOf('|');
  const text = textWithCursor.replace('|', '');
  const service = getLanguageService({
    schemaRequestService: (url) => Promise.resolve(readFileSync(new URL(url), 'utf8')),
  });
  const document = TextDocument.create('file:///project/hardened-mcp.json', 'json', 1, text);
  return { service, document, parsed: service.parseJSONDocument(document), position: document.positionAt(offset) };
}

async function completions(textWithCursor: string): Promise<readonly string[]> {
  const { service, document, parsed, position } = open(textWithCursor);
  const list = await service.doComplete(document, position, parsed);
  return (list?.items ?? []).map(({ label }) => label.replaceAll('"', ''));
}

const start = `{ "$schema": "${SCHEMA_URL.href}", "version": 1, "server": { "name": "x", "version": "1.0.0" }, "tools": [{ `;

test('the fields of a tool are offered', async () => {
  expect(await completions(`${start}"|" }] }`)).toEqual(
    expect.arrayContaining(['name', 'mutability', 'scopes', 'inputSchema', 'request', 'idempotency', 'errors']),
  );
});

test('the values of a field are offered', async () => {
  const offered = await completions(`${start}"mutability": | }] }`);
  expect(offered.toSorted()).toEqual(['additive', 'destructive', 'irreversible', 'read-only']);
});

test('a field says what it is for', async () => {
  const { service, document, parsed, position } = open(`${start}"sco|pes": [] }] }`);
  const hover = await service.doHover(document, position, parsed);
  expect(JSON.stringify(hover?.contents)).toContain('Every one is needed');
});

test('an unknown field is underlined', async () => {
  const { service, document, parsed } = open(`${start}"scops": [] }] }`);
  const problems = await service.doValidation(document, parsed);
  expect(problems.map(({ message }) => message).join()).toContain('scops');
});
