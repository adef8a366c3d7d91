import { assert, property, stringMatching, uniqueArray } from 'fast-check';
import { expect, test } from 'vitest';

import { nameTool, nameTools } from '../../src/model/names.ts';

test.each([
  ['get_invoice', { file: 'get_invoice', identifier: 'getInvoice', type: 'GetInvoice' }],
  ['issue-refund.v2', { file: 'issue-refund.v2', identifier: 'issueRefundV2', type: 'IssueRefundV2' }],
  ['delete', { file: 'delete', identifier: 'deleteTool', type: 'Delete' }],
  ['2fa', { file: '2fa', identifier: 'tool2fa', type: 'Tool2Fa' }],
  ['con', { file: 'tool_con', identifier: 'con', type: 'Con' }],
  ['NUL.txt', { file: 'tool_NUL_txt', identifier: 'nULTxt', type: 'NULTxt' }],
  ['types.d', { file: 'tool_types_d', identifier: 'typesD', type: 'TypesD' }],
  ['..', { file: 'tool___', identifier: 'tool', type: 'Tool' }],
])('%s has a file, an identifier and a type that every system accepts', (name, names) => {
  expect(nameTool(name)).toEqual(names);
});

test('tools whose names come out the same are numbered', () => {
  expect(nameTools(['con', 'tool_con', 'delete', 'delete_tool'])).toEqual([
    { file: 'tool_con', identifier: 'con', type: 'Con' },
    { file: 'tool_con_2', identifier: 'toolCon', type: 'ToolCon' },
    { file: 'delete', identifier: 'deleteTool', type: 'Delete' },
    { file: 'delete_tool', identifier: 'deleteTool_2', type: 'DeleteTool' },
  ]);
});

test('any list of tools has files, identifiers and types of its own, on case-insensitive file systems too', () => {
  const toolName = stringMatching(/^[A-Za-z0-9_.-]{1,64}$/);
  assert(
    property(uniqueArray(toolName, { maxLength: 12 }), (tools) => {
      const names = nameTools(tools);
      for (const kind of ['file', 'identifier', 'type'] as const) {
        expect(new Set(names.map((name) => name[kind].toLowerCase())).size).toBe(tools.length);
      }
      for (const { file, identifier, type } of names) {
        expect(file).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/);
        expect(identifier).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
        expect(type).toMatch(/^[A-Z][A-Za-z0-9_]*$/);
      }
    }),
  );
});
