/** The check of generated code finds what it is for, however it is written. */
import { expect, test } from 'vitest';

import { findForbidden } from './forbidden.ts';

const find = (source: string, rules = {}) => findForbidden(source, 'ts', { modules: new Set(['node:fs']), ...rules });

test.each([
  "import { exec } from 'node:child_process';",
  "import { exec as run } from 'child_process';",
  "import * as anything from 'node:child_process';",
  "import 'node:child_process';",
  "export { exec } from 'node:child_process';",
  "export * from 'node:child_process';",
  "const { exec } = await import('node:child_process');",
  'await import(`node:child_process`);',
  "import fs = require('fs');",
  "import vm from 'node:vm';",
  "import { Worker } from 'node:worker_threads';",
  "import { createRequire } from 'node:module';",
  "import { env } from 'node:process';",
  "import leftPad from 'left-pad';",
  'await import(name);',
  "await import('./' + name);",
  'await import(`./${name}.ts`);',
  "require('node:fs');",
  "const load = require; load('child_process');",
  "eval('1');",
  "(0, eval)('1');",
  "const run = eval; run('1');",
  "globalThis.eval('1');",
  "globalThis['eval']('1');",
  "const all = globalThis; all['eval']('1');",
  'const { eval: run } = globalThis;',
  "Reflect.get(globalThis, 'eval');",
  "global.eval('1');",
  "new Function('return 1')();",
  "Function('return 1')();",
  "Function.prototype.constructor('return 1')();",
  "Reflect.construct(Function, ['return 1']);",
  "[]['constructor']['constructor']('return 1')();",
  "[].at.constructor('return 1')();",
  'const make = (() => {}).constructor;',
  'const make = (() => {})[`constructor`];',
  'const { constructor } = () => {};',
  "const { 'constructor': make } = () => {};",
  'new WebAssembly.Module(bytes);',
  "process.env['HOME'];",
  "process['env'];",
  'process?.env;',
  '(process).env;',
  'process!.env;',
  'const { env } = process;',
  'const all = process; all.env;',
  'read(process);',
  "Reflect.get(process, 'env');",
  "process.binding('spawn_sync');",
  "process.getBuiltinModule('child_process');",
  "process.dlopen(module, 'x.node');",
  'const shown = { process };',
])('it finds %s', (source) => {
  expect(find(`const before = 1;\n${source}`)).toContainEqual(expect.stringMatching(/^2: /));
});

test.each([
  "import { readFileSync } from 'node:fs';",
  "import { a } from './a.ts';",
  "const schemas = () => import('../validators/refund.js');",
  'type Result = import("./a.ts").Result;',
  "const text = 'process.env, eval(1) and require(1)'; // process.env",
  'process.stdout.write(String(process.argv));',
  'globalThis.console = console;',
  'class Made { constructor() {} }',
  "const row = { constructor: 1, process: 2, eval: 3, 'Function': 4 };",
  'row.process; row.env; row.eval;',
])('it lets %s pass', (source) => {
  expect(find(source)).toEqual([]);
});

test('what a file may do besides is its own', () => {
  expect(find('process.env', { ofProcess: ['env'] })).toEqual([]);
  expect(find('let data1 = data.constructor;', { readsConstructor: true })).toEqual([]);
  for (const called of ["('1')", '.constructor', '`1`', ".call(null, '1')", "['bind'](null, '1')"]) {
    expect(find(`data.constructor${called}`, { readsConstructor: true })).toContain('1: constructor');
  }
});
