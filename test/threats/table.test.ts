/** The table of threats and the tests of this folder are one list. */
import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

const TABLE = new URL('../../docs/threats.md', import.meta.url);

async function readRows(): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(TABLE, 'utf8')).split('\n').filter((line) => line.startsWith('|'));
  const [, , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows;
}

test('every row has its test, and every test its row', async () => {
  const named = (await readRows()).map(([, , name = '']) => name.replaceAll('`', ''));
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.test.ts'));
  const tests = files.map((file) => file.replace('.test.ts', '')).filter((name) => name !== 'table');
  expect(named.toSorted()).toEqual(tests.toSorted());
});

test('every row says what the threat is and what removes it', async () => {
  for (const row of await readRows()) {
    expect(row).toHaveLength(3);
    for (const cell of row) expect(cell).not.toBe('');
  }
});
