/** The keyword `pattern`, which Ajv would run on every text, also on one that `maxLength` refuses. */
import { createRequire } from 'node:module';

import { _, type CodeKeywordDefinition, type KeywordCxt, type Name } from 'ajv';

/** Where a schema bounds its text, nothing longer gets to the pattern: the bound alone refuses it. */
export const BOUNDED_PATTERN: CodeKeywordDefinition = {
  keyword: 'pattern',
  type: 'string',
  schemaType: 'string',
  // Where Ajv has its own, so that errors keep their order.
  before: 'format',
  error: { message: 'must match pattern', params: ({ schemaCode }) => _`{pattern: ${schemaCode}}` },
  code(cxt: KeywordCxt) {
    const { data, parentSchema } = cxt;
    const { maxLength } = parentSchema;
    const mismatch = _`!${patternName(cxt)}.test(${data})`;
    cxt.fail(typeof maxLength === 'number' ? _`${lengthName(cxt)}(${data}) <= ${maxLength} && ${mismatch}` : mismatch);
  },
};

function patternName({ gen, schema }: KeywordCxt): Name {
  const pattern: string = schema;
  const ref = new RegExp(pattern, 'u');
  return gen.scopeValue('pattern', { key: ref.toString(), ref, code: _`new RegExp(${pattern}, "u")` });
}

const require = createRequire(import.meta.url);
const { default: ucs2length }: { readonly default: (text: string) => number } = require('ajv/dist/runtime/ucs2length');

/** The function with which Ajv's own code counts for `maxLength`. */
function lengthName({ gen }: KeywordCxt): Name {
  return gen.scopeValue('func', { ref: ucs2length, code: _`ucs2length` });
}
