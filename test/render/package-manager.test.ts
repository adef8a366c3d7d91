import { expect, test } from 'vitest';

import { invokingPackageManager } from '../../src/render/package-manager.ts';

test.for([
  ['npm/11.6.0 node/v24.15.0 linux x64 workspaces/false', 'npm'],
  ['pnpm/10.2.0 npm/? node/v24.15.0 linux x64', 'pnpm'],
  ['yarn/4.9.1 npm/? node/v24.15.0 linux x64', 'yarn'],
  ['bun/1.3.0 npm/? node/v24.3.0 linux x64', 'bun'],
  ['something-new/1.0.0', 'npm'],
  [undefined, 'npm'],
] as const)('the user agent %s means %s', ([userAgent, manager]) => {
  expect(invokingPackageManager(userAgent)).toBe(manager);
});
