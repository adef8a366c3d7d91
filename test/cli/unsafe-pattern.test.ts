import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readTree } from '../../scripts/fixture-projects.ts';
import { editFile, generatedProject } from './project.ts';
import { runCli } from './run-cli.ts';

/** A run of the pattern on it would not end within anybody's life. */
const TEXT = `${'a'.repeat(60)}!`;

async function digest(cwd: string): Promise<string> {
  const files = [...(await readTree(join(cwd, 'src'))), ...(await readTree(join(cwd, '.hardened-mcp')))];
  return createHash('sha256').update(JSON.stringify(files)).digest('hex');
}

test.each([
  ['a default', `properties: { a: { type: string, pattern: "^(a+)+$", default: ${TEXT} } }`],
  ['an example', `properties: { a: { type: string, pattern: "^(a+)+$", examples: [${TEXT}] } }`],
  ['the name of a property', `required: [${TEXT}], patternProperties: { "^(a+)+$": {} }`],
  ['the empty text', `properties: { a: { type: string, pattern: '^(?:a?|b?){60}\\b' } }`],
])('a pattern that would never be done with %s is refused before it is run', async (_, schema) => {
  const cwd = await generatedProject();
  const before = await digest(cwd);
  await editFile(cwd, 'hardened-mcp.yaml', 'properties: {}', schema);
  for (const command of ['generate', 'check']) {
    const { exitCode, stderr } = await runCli([command], { cwd });
    expect({ command, exitCode }).toEqual({ command, exitCode: 2 });
    expect(stderr).toContain('error[schema-pattern-unsafe]');
  }
  expect(await digest(cwd)).toBe(before);
});
