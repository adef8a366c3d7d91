/** Exact versions, in one place; a test compares them with this repository's package.json. */

/** Of this generator: stands in a project's lock and package.json, and nowhere else. */
export const GENERATOR_VERSION = '0.1.0';

/** What a generated server needs to run. */
export const RUNTIME_VERSIONS: Readonly<Record<string, string>> = {
  '@modelcontextprotocol/node': '2.1.2',
  '@modelcontextprotocol/server': '2.4.0',
  '@opentelemetry/api': '1.10.0',
  canonicalize: '5.1.0',
  'ipaddr.js': '2.5.0',
  jose: '6.2.17',
  oauth4webapi: '3.8.8',
  pg: '8.23.0',
  'rate-limiter-flexible': '11.4.0',
  redis: '6.3.0',
};

/** What a generated project needs to be built and tested. */
export const DEVELOPMENT_VERSIONS: Readonly<Record<string, string>> = {
  '@modelcontextprotocol/client': '2.4.0',
  '@types/node': '24.19.2',
  typescript: '7.0.2',
  vitest: '5.1.1',
};

/** What a project needs to be built only because it needs another package to run. */
export const TYPES_VERSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pg: { '@types/pg': '8.23.1' },
};

/** The Node versions on which a generated server runs. */
export const NODE_RANGE = '>=22.22.2';

/** What CI and the image of a project install its packages with, where it is not npm, which comes with Node.js. */
export const PACKAGE_MANAGER_VERSIONS = { pnpm: '12.21.0', yarn: '4.18.1', bun: '1.4.5' } as const;

/** The one that a container of it runs. */
export const IMAGE_NODE = '24.21.0';
