import { expect, test } from 'vitest';

import { servedEnvironment, startServed } from '../transport/process.ts';

test('a wrong environment ends with code 2, all problems on stderr and nothing on stdout', async () => {
  const served = startServed([], servedEnvironment({ MCP_WRITES: 'on', MCP_SCOPES: 'nope', MCP_LEASE_MS: 'x' }));
  expect(await served.exited).toBe(2);
  const { stdout, stderr } = served.output();
  expect(stdout).toBe('');
  for (const name of ['MCP_WRITES', 'MCP_SCOPES', 'MCP_LEASE_MS']) expect(stderr).toContain(name);
});

test('a store that cannot be opened ends with code 2 and names its variable', async () => {
  const served = startServed([], servedEnvironment({ MCP_STORE_PATH: '/dev/null/store.sqlite' }));
  expect(await served.exited).toBe(2);
  expect(served.output().stderr).toContain('MCP_STORE_PATH');
});

test('a port that is taken ends with code 2 and names its variable', async () => {
  const flags = ['--transport', 'http', '--insecure-local'];
  const first = startServed(flags);
  const port = /:(\d+)\/mcp/.exec(await first.stderr(/listening on /))?.[1] ?? '';
  const second = startServed([...flags, '--port', port]);
  expect(await second.exited).toBe(2);
  expect(second.output().stderr).toContain('MCP_HTTP_PORT');
});

for (const flags of [['--nope'], ['--transport', 'carrier-pigeon'], ['--port', '99999'], ['stray']]) {
  test(`the flags ${flags.join(' ')} end with code 2`, async () => {
    const served = startServed(flags);
    expect(await served.exited).toBe(2);
    expect(served.output().stderr).not.toMatch(/\n {4}at /);
  });
}

test('--help names the flags and the variables', async () => {
  const served = startServed(['--help']);
  expect(await served.exited).toBe(0);
  expect(served.output().stdout).toContain('--insecure-local');
  expect(served.output().stdout).toMatch(/MCP_SCOPES {2,}the caller's scopes/);
});

test('--check-config says what would start and what the caller may call, then ends', async () => {
  const served = startServed(['--check-config'], servedEnvironment({ MCP_SCOPES: '' }));
  expect(await served.exited).toBe(0);
  const { stdout } = served.output();
  expect(stdout).toContain('served 1.2.3');
  expect(stdout).toContain('0 of 5 tools: set MCP_SCOPES="read"');
  expect(stdout).toContain('MCP_WRITES=enabled');
});

test('what a caller may call is said on stderr as the server starts', async () => {
  const served = startServed([], servedEnvironment({ MCP_SCOPES: 'read' }));
  expect(await served.stderr(/may call/)).toContain('local may call 4 of 5 tools: set MCP_SCOPES=');
});
