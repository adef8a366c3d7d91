/**
 * Generates in the directory that is its first argument, and kills itself with SIGKILL just before the n-th
 * change of the file system, n being its second argument. Without a second argument it prints how many there are.
 */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [, , root = '', at] = process.argv;
let changes = 0;

function countChange(): void {
  changes += 1;
  if (changes === Number(at)) process.kill(process.pid, 'SIGKILL');
}

const { link, rename, rm, writeFile } = fs;
Object.assign(fs, {
  link: (...parameters: Parameters<typeof link>) => (countChange(), link(...parameters)),
  rename: (...parameters: Parameters<typeof rename>) => (countChange(), rename(...parameters)),
  rm: (...parameters: Parameters<typeof rm>) => (countChange(), rm(...parameters)),
  writeFile: (...parameters: Parameters<typeof writeFile>) => (countChange(), writeFile(...parameters)),
});
syncBuiltinESMExports();

const { generate } = await import('../../src/index.ts');
const { status } = await generate({ cwd: root });
process.stdout.write(JSON.stringify({ status, changes }));
