import { expect, test } from 'vitest';

import { generatorSpec } from '../../src/commands/create/generator-spec.ts';
import { ownPackage } from '../../src/commands/own-package.ts';

test('a working copy of the repository names itself', () => {
  expect(generatorSpec(undefined, '/somewhere')).toBe(`file:${ownPackage().root}`);
});

test.for([
  ['file:../generator', 'file:/home/generator'],
  ['./create-hardened-mcp-1.0.0.tgz', 'file:/home/ada/create-hardened-mcp-1.0.0.tgz'],
  ['generator.tgz', 'file:/home/ada/generator.tgz'],
  ['/opt/generator', 'file:/opt/generator'],
  ['1.2.3', '1.2.3'],
  ['next', 'next'],
  ['create-hardened-mcp@1.2.3', '1.2.3'],
  ['github:acme/create-hardened-mcp#v1', 'github:acme/create-hardened-mcp#v1'],
  ['https://example.com/generator.tgz', 'https://example.com/generator.tgz'],
] as const)('%s becomes %s, whatever directory the project lies in', ([wish, spec]) => {
  expect(generatorSpec(wish, '/home/ada')).toBe(spec);
});
