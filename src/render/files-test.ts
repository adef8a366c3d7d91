/** The tests that a project is given: rows of the table in `files.ts`. */
import type { ProjectModel } from '../model/project.ts';
import type { FileRow, ProjectRow } from './files.ts';
import { hasLimits, limitsTestView } from './views/limits-test.ts';
import { sharedStore, type SharedStore } from './views/store.ts';
import { windowEnd } from './views/tool-test-window.ts';
import { toolTestView } from './views/tool-test.ts';

/** What the tests of every project stand on. */
const HARNESS = [
  'answer',
  'caller',
  'check-arguments',
  'check-caller',
  'check-errors',
  'connect',
  'environment',
  'loopback',
  'recovery',
  'reply',
  'runtime',
  'server',
  'stand-in',
  'subject',
  'under-test',
  'untouchable-store',
] as const;

/** What the tests of tools that write stand on, too. */
const WRITE_HARNESS = ['check-effects', 'crash', 'crashing-process', 'window'] as const;

/** The stores whose tests need one of their own; all others share the rest. */
const STORES = ['postgres', 'redis', undefined] as const;

export const testRows: readonly FileRow[] = [
  {
    each: 'tool',
    path: (tool) => `test/generated/tools/${tool.names.file}.test.ts`,
    source: 'test/generated/tools/tool.test.ts.hbs',
    owner: 'generated',
    view: toolTestView,
  },
  {
    each: 'project',
    path: 'test/generated/server.test.ts',
    source: 'test/generated/server.test.ts',
    owner: 'generated',
  },
  {
    each: 'project',
    path: 'test/generated/limits.test.ts',
    source: 'test/generated/limits.test.ts.hbs',
    owner: 'generated',
    when: hasLimits,
    view: limitsTestView,
  },
  harnessRow('check-limits', hasLimits),
  ...STORES.map(testStoreRow),
  ...[true, false].map(signInRow),
  harnessRow('trust-tests', (model) => model.auth !== undefined),
  harnessRow('memory-server', (model) => sharedStore(model) !== undefined),
  ...HARNESS.map((name) => harnessRow(name)),
  harnessRow('check-guards', isGuarded),
  harnessRow('check-window', ({ tools }) => tools.some((tool) => windowEnd(tool) !== undefined)),
  ...WRITE_HARNESS.map((name) => harnessRow(name, (model) => model.store !== undefined)),
];

function isGuarded({ tools }: ProjectModel): boolean {
  return tools.some(
    ({ approval, caps, preconditions }) => approval !== undefined || caps !== undefined || preconditions.length > 0,
  );
}

function testStoreRow(store: SharedStore | undefined): ProjectRow {
  const path = 'test/generated/harness/test-store.ts';
  return {
    each: 'project',
    path,
    source: store === undefined ? path : `test/generated/harness/test-store.${store}.ts`,
    owner: 'generated',
    when: (model) => sharedStore(model) === store,
  };
}

function signInRow(signsIn: boolean): ProjectRow {
  const path = 'test/generated/harness/sign-in.ts';
  const source = signsIn ? 'test/generated/harness/sign-in.oauth.ts' : path;
  const when = (model: ProjectModel): boolean => (model.auth !== undefined) === signsIn;
  return { each: 'project', path, source, owner: 'generated', when };
}

function harnessRow(name: string, when?: (model: ProjectModel) => boolean): ProjectRow {
  const path = `test/generated/harness/${name}.ts`;
  return { each: 'project', path, source: path, owner: 'generated', ...(when === undefined ? {} : { when }) };
}
