import { expect, test } from 'vitest';

import { findDependencies } from '../../src/output/dependencies.ts';

const needed = { '@modelcontextprotocol/server': '2.4.0' };
const having = (range: string): string => JSON.stringify({ dependencies: { '@modelcontextprotocol/server': range } });

test.each(['2.4.0', '^2.4.0', '~2.4.1', '>=2.5.0', '2.10.0', 'file:../server', 'workspace:*', 'latest'])(
  'a dependency on %s is enough for 2.4.0',
  (range) => {
    expect(findDependencies(having(range), needed)).toEqual([]);
  },
);

test.each(['2.3.9', '^2.3.0', '1.40.0', '3.0.0', '2.4.0-beta.1', '>=2.0.0'])(
  'a dependency on %s is not enough for 2.4.0',
  (range) => {
    expect(findDependencies(having(range), needed)).toEqual([
      { kind: 'dependency', path: 'package.json', name: '@modelcontextprotocol/server', needed: '2.4.0', found: range },
    ]);
  },
);

test.each([['{}'], [undefined], ['no JSON'], ['{"devDependencies":{"@modelcontextprotocol/server":"2.4.0"}}']])(
  'a package.json of %s lacks the dependency',
  (text) => {
    expect(findDependencies(text, needed)).toEqual([
      { kind: 'dependency', path: 'package.json', name: '@modelcontextprotocol/server', needed: '2.4.0' },
    ]);
  },
);
