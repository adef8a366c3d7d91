/** For `README.md.hbs` and `AGENTS.md.hbs`. */
import type { ProjectModel } from '../../model/project.ts';

export interface ReadmeView {
  readonly manifestFile: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly stdio: boolean;
  readonly http: boolean;
  readonly writes: boolean;
  readonly handlers: readonly { readonly name: string; readonly file: string }[];
  readonly tools: readonly { readonly name: string; readonly kind: string; readonly about: string }[];
}

export function readmeView(model: ProjectModel): ReadmeView {
  const { name, title, description, transports } = model.server;
  return {
    manifestFile: model.manifestFile,
    name,
    title: title ?? name,
    description: description ?? `An MCP server with ${count(model.tools.length)}.`,
    stdio: transports.includes('stdio'),
    http: transports.includes('http'),
    writes: model.store !== undefined,
    handlers: model.tools
      .filter((tool) => tool.kind === 'handler')
      .map((tool) => ({ name: tool.name, file: `src/tools/${tool.names.file}.ts` })),
    tools: model.tools.map((tool) => ({
      name: tool.name,
      kind: tool.mutability,
      about: firstSentence(tool.description ?? tool.title ?? ''),
    })),
  };
}

function count(tools: number): string {
  return tools === 1 ? 'one tool' : `${tools} tools`;
}

function firstSentence(text: string): string {
  const [sentence = ''] = /^.*?[.!?](?=\s|$)/su.exec(text) ?? [text];
  return sentence.length > 200 ? `${sentence.slice(0, 199).replace(/[\ud800-\udbff]$/, '')}…` : sentence;
}
