/** A property that no schema names is refused wherever it stands, and not stripped: what it was meant to do is not done. */
import { expect, test } from 'vitest';

import { connect, setTarget, useProject } from './target.ts';

useProject();

const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  echo: { text: 'a' },
  say: { text: 'a' },
  look: { id: 'a' },
  note: { text: 'a' },
  relay: { text: 'a' },
  pay: { to: 'bo', cents: 1 },
  manage: {},
  by_key: {},
  by_password: {},
  by_grant: {},
  by_vault: {},
  arm: { seam: '' },
  get_operation_status: { operation_id: `op_${'0'.repeat(32)}` },
  shape: {
    child: { text: 'a' },
    children: [{ text: 'a' }, { text: 'b' }],
    either: { text: 'a' },
    all: { text: 'a' },
    shared: { text: 'a' },
  },
};

/** The value with one more property in one of its objects, once for each object; with the object's JSON Pointer. */
function withExtra(
  value: unknown,
  name: string,
  pointer = '',
): readonly (readonly [where: string, changed: unknown])[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      withExtra(item, name, `${pointer}/${index}`).map(
        ([where, changed]) => [where, value.with(index, changed)] as const,
      ),
    );
  }
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, member]) =>
    withExtra(member, name, `${pointer}/${key}`).map(
      ([where, changed]) => [where, { ...value, [key]: changed }] as const,
    ),
  );
  return [[pointer, { ...value, [name]: 'x' }], ...inside];
}

test.each(['stdio', 'http'] as const)(
  'one property too many in any object is refused by its place (%s)',
  async (transport) => {
    const target = await setTarget();
    const { client } = await connect(transport, target);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(ARGUMENTS).sort());
    let objects = 0;
    for (const [name, args] of Object.entries(ARGUMENTS)) {
      const changes = ['extra', 'constructor', 'Text'].flatMap((extra) =>
        withExtra(args, extra).map((one) => [extra, ...one] as const),
      );
      for (const [extra, where, changed] of changes) {
        const reply = await client.callTool({ name, arguments: Object(changed) });
        const text = JSON.stringify(reply.content);
        expect({ name, where, isError: reply.isError, isInvalid: text.includes('invalid_input') }).toEqual({
          name,
          where,
          isError: true,
          isInvalid: true,
        });
        expect(text).toContain(`${where}/${extra}`);
        objects += 1;
      }
    }
    expect(objects).toBe(3 * (Object.keys(ARGUMENTS).length + 6));
    expect(target.upstream.received).toEqual([]);
    const { content } = await client.callTool({ name: 'shape', arguments: { ...ARGUMENTS['shape'] } });
    expect(content).toMatchObject([{ text: 'taken' }]);
  },
);
