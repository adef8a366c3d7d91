/** Compiles src/ to dist/, and the templates with it. */
import { readFile, writeFile } from 'node:fs/promises';

import { execa } from 'execa';

import { compileTemplate } from '../src/render/compile-template.ts';
import { files } from '../src/render/files.ts';
import { PROJECT_TEMPLATES } from '../src/render/package-root.ts';

await execa('tsc', ['-p', 'tsconfig.build.json'], { preferLocal: true, stdio: 'inherit' });
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
