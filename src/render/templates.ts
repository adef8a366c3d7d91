/** The templates of a project's files: as the build compiled them, or compiled now from the sources. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { runInThisContext } from 'node:vm';

import { openTemplate, type CompiledTemplate, type Template } from './handlebars.ts';
import { PROJECT_TEMPLATES } from './package-root.ts';

/** Written by the build beside this module, whose default export has every template by its path. */
const BUILT = new URL('compiled-templates.js', import.meta.url);

const opened = new Map<string, Promise<Template>>();

/** `source` is a path below `templates/project/`. */
export function loadTemplate(source: string): Promise<Template> {
  const template = opened.get(source) ?? readCompiled(source).then(openTemplate);
  opened.set(source, template);
  return template;
}

/** The text of a file that is no template. */
export function readVerbatim(source: string): Promise<string> {
  return readFile(new URL(source, PROJECT_TEMPLATES), 'utf8');
}

const built: Promise<{ readonly default: Readonly<Record<string, CompiledTemplate>> }> | undefined = existsSync(BUILT)
  ? import(BUILT.href)
  : undefined;

async function readCompiled(source: string): Promise<CompiledTemplate> {
  const compiled = (await built)?.default[source];
  if (compiled !== undefined) return compiled;
  const [{ compileTemplate }, text] = await Promise.all([import('./compile-template.ts'), readVerbatim(source)]);
  return runInThisContext(`(${compileTemplate(text)})`);
}
