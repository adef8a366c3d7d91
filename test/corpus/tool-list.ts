/** Turns a copied `tools/list` result into a manifest with the least annotations, and a project of it that echoes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FixtureSource } from '../../scripts/fixture-projects.ts';
import { parseManifest } from '../../src/manifest/load.ts';
import { buildProject } from '../../src/model/build.ts';
import type { ProjectModel, ToolModel } from '../../src/model/project.ts';
import { literal } from '../../src/render/literal.ts';

/** One server's tools, as its `tools/list` answered. */
export interface ToolList {
  readonly server: string;
  readonly tools: readonly CopiedTool[];
}

export interface CopiedTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** Every `*.tools.json` of a directory. */
export function readToolLists(directory: string): ToolList[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.tools.json'));
  return files.sort().map((file) => ({
    server: file.replace('.tools.json', ''),
    // The cast holds for answers of real servers, which the SDK's own schema describes so.
    tools: (JSON.parse(readFileSync(join(directory, file), 'utf8')) as Pick<ToolList, 'tools'>).tools,
  }));
}

/** Everything is a read, everybody needs one scope, and a schema without a type is an object's. */
export function wrapInManifest({ server, tools }: ToolList): string {
  const scope = `${server}:use`;
  return JSON.stringify({
    version: 1,
    server: { name: server, version: '1.0.0' },
    scopes: { [scope]: `Use ${server}` },
    tools: tools.map((tool) =>
      Object.assign(protocolKeys(tool), {
        mutability: 'read-only',
        scopes: [scope],
        inputSchema: Object.assign({ type: 'object' }, tool.inputSchema),
      }),
    ),
  });
}

/** Some servers add keys of their own, which a manifest refuses. */
function protocolKeys(tool: CopiedTool): object {
  const known = new Set(['name', 'title', 'description', 'outputSchema', 'annotations', '_meta', 'icons', 'execution']);
  return Object.fromEntries(Object.entries(tool).filter(([key]) => known.has(key)));
}

/** The model of a manifest; throws where it is refused, with the diagnostics. */
export async function modelOf(text: string): Promise<ProjectModel> {
  const { manifest, diagnostics } = parseManifest(text, 'hardened-mcp.yaml');
  const built =
    manifest === undefined ? undefined : await buildProject(manifest, { manifestFile: 'hardened-mcp.yaml' });
  if (built?.model === undefined) throw new Error(JSON.stringify([...diagnostics, ...(built?.diagnostics ?? [])]));
  return built.model;
}

/** Handlers that answer with their arguments, or with the sample that their output schema accepts. */
export function withEchoHandlers(manifest: string, model: ProjectModel): FixtureSource {
  const handlers = model.tools
    .filter((tool) => tool.kind === 'handler')
    .map((tool) => [`src/tools/${tool.names.file}.ts`, echoHandler(tool)] as const);
  return { manifest, userFiles: Object.fromEntries(handlers) };
}

function echoHandler({ names, outputSchema, samples }: ToolModel): string {
  const answer =
    outputSchema === undefined
      ? '(args) => JSON.parse(JSON.stringify(args))'
      : `() => JSON.parse(${literal(JSON.stringify(samples.result))})`;
  return `import type { ${names.type}Handler } from '../generated/types/${names.file}.ts';

export const handler: ${names.type}Handler = ${answer};
`;
}
