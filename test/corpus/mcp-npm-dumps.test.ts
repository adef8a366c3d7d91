/** Real servers' tool lists, all the way: manifest, project, compiler, process, official client. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';
import { expect, test } from 'vitest';

import { connect } from '../../scripts/demo/connection.ts';
import { createProject, inTemporaryProject, REPOSITORY } from '../../scripts/fixture-projects.ts';
import { readReply } from './reply.ts';
import { modelOf, readToolLists, type ToolList, withEchoHandlers, wrapInManifest } from './tool-list.ts';

const CORPUS = join(REPOSITORY, '../shared/corpora/mcp-npm-dumps');
const own = readToolLists(join(REPOSITORY, 'fixtures/corpus'));
const corpus = existsSync(CORPUS) ? readToolLists(CORPUS) : [];
const further = corpus.filter(({ server }) => !own.some((list) => list.server === server));

test.each(own)('$server: every tool is generated, compiled, listed and called', checkServer, 120_000);

test.skipIf(further.length === 0).each(further.length === 0 ? [{ server: 'the corpus', tools: [] }] : further)(
  '$server: every tool is generated, compiled, listed and called',
  checkServer,
  120_000,
);

async function checkServer(list: ToolList): Promise<void> {
  const manifest = wrapInManifest(list);
  const model = await modelOf(manifest);
  await inTemporaryProject(async (directory) => {
    await createProject(directory, withEchoHandlers(manifest, model));
    const compiler = await execa('tsc', ['-p', directory], { preferLocal: true, all: true, reject: false });
    expect(compiler.all).toBe('');

    const env = { MCP_SCOPES: `${list.server}:use` };
    const { client, close } = await connect({ cwd: directory, entry: 'src/index.ts', env }, STDIO);
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name, description }) => ({ name, description }))).toEqual(
        list.tools.map(({ name, description }) => ({ name, description })),
      );
      for (const { name, samples, outputSchema } of model.tools) {
        const [accepted] = samples.accepted;
        const valid = readReply(await client.callTool({ name, arguments: { ...accepted } }));
        const answer = outputSchema === undefined ? accepted : samples.result;
        expect({ name, ...valid }).toMatchObject({ name, ok: true, body: answer });

        const [rejected] = samples.rejected;
        const invalid = readReply(await client.callTool({ name, arguments: { ...rejected?.arguments } }));
        const violation = expect.objectContaining({ field: rejected?.field, rule: rejected?.rule });
        expect({ name, ...invalid }).toMatchObject({ name, ok: false, error: { category: 'invalid_input' } });
        expect(invalid.violations).toContainEqual(violation);
      }
    } finally {
      await close();
    }
  });
}

const STDIO = { transport: 'stdio', era: 'modern' } as const;
