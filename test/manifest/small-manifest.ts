import { parseManifest, type LoadResult } from '../../src/manifest/load.ts';

/** A manifest that is right; `edit` changes one copy of it. */
export function smallManifest() {
  return {
    version: 1,
    server: { name: 'shop', version: '1.0.0' } as Record<string, unknown>,
    scopes: { 'items:read': 'Read items', 'items:write': 'Change items' } as Record<string, unknown>,
    upstreams: { store: { baseUrl: { env: 'STORE_URL' }, allowedHosts: ['store.example'] } } as Record<
      string,
      Record<string, unknown>
    >,
    idempotency: { retention: '48h' } as Record<string, unknown>,
    tools: [
      {
        name: 'get_item',
        mutability: 'read-only',
        scopes: ['items:read'],
        inputSchema: { type: 'object', required: ['id'], properties: { id: { type: 'string', minLength: 1 } } },
        request: { upstream: 'store', method: 'GET', path: '/items/{id}' },
      },
      {
        name: 'change_item',
        mutability: 'irreversible',
        scopes: ['items:write'],
        inputSchema: {
          type: 'object',
          required: ['id', 'note'],
          properties: { id: { type: 'string', minLength: 1 }, note: { type: 'string' } },
        },
        idempotency: { strategy: 'derived-key', key: ['$args#/id'], recovery: 'quarantine' },
        approval: 'none',
        because: 'The shop keeps every version.',
      },
    ] as Record<string, unknown>[],
  };
}

export type SmallManifest = ReturnType<typeof smallManifest>;

/** Loads the small manifest after an edit, as JSON. */
export function loadEdited(edit: (manifest: SmallManifest) => void): LoadResult {
  const manifest = smallManifest();
  edit(manifest);
  return parseManifest(JSON.stringify(manifest, undefined, 2), 'hardened-mcp.json');
}

/** What is found after an edit: `code pointer`, in the order of the text. */
export function findingsAfter(edit: (manifest: SmallManifest) => void): string[] {
  return loadEdited(edit).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);
}

/** The tool of that index, which the small manifest has. */
export function toolOf(manifest: SmallManifest, index: number): Record<string, unknown> {
  const tool = manifest.tools[index];
  if (tool === undefined) throw new Error(`the small manifest has no tool ${index}`);
  return tool;
}
