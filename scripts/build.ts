/** Compiles src/ to dist/, the templates with it, and puts the analysis of patterns beside what uses it. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { compileTemplate } from '../src/render/compile-template.ts';
import { files } from '../src/render/files.ts';
import { PROJECT_TEMPLATES } from '../src/render/package-root.ts';

await execa('tsc', ['-p', 'tsconfig.build.json'], { preferLocal: true, stdio: 'inherit' });
await writeFile(new URL('../dist/manifest/patterns/recheck.cjs', import.meta.url), await readRecheck());
await writeFile(new URL('../dist/render/compiled-templates.js', import.meta.url), await compileTemplates());

/** A module that exports every template by its path below `templates/project/`. */
async function compileTemplates(): Promise<string> {
  const sources = new Set(files.map(({ source }) => source).filter((source) => source.endsWith('.hbs')));
  const members = [...sources].map(async (source) => {
    const text = await readFile(new URL(source, PROJECT_TEMPLATES), 'utf8');
    return `${JSON.stringify(source)}: ${compileTemplate(text)},\n`;
  });
  return `export default {\n${(await Promise.all(members)).join('')}};\n`;
}

/** Its build without Java and native programs, under its licence. */
async function readRecheck(): Promise<string> {
  const read = (path: string): Promise<string> => readFile(fileURLToPath(import.meta.resolve(path)), 'utf8');
  const library = 'recheck/lib/browser.js';
  const [licence, code] = await Promise.all([read(library.replace('lib/browser.js', 'LICENSE')), read(library)]);
  return `/*! recheck, https://makenowjust-labs.github.io/recheck/\n\n${licence.trim()}\n*/\n${code}`;
}
