/** Numbers that fit a schema. */
type Keywords = Readonly<Record<string, unknown>>;

/** Candidates, plainest first; whoever asks has to try them. */
export function numberCandidates(schema: Keywords, type: 'integer' | 'number'): readonly number[] {
  const { low, high } = boundsOf(schema);
  const step = numberAt(schema, 'multipleOf') ?? (type === 'integer' ? 1 : undefined);
  const middle = (low + high) / 2;
  const gap = step ?? 1;
  const wanted = [1, low, high, middle, low + gap, high - gap, 2, 10, 0].filter(Number.isFinite);
  const snapped = step === undefined ? wanted : wanted.flatMap((value) => multiplesAround(value, step));
  const fitting = [...new Set(snapped)].filter((value) => isWithin(schema, value) && fitsType(value, type));
  return fitting.length > 0 ? fitting : [1];
}

function fitsType(value: number, type: 'integer' | 'number'): boolean {
  return type === 'number' || Number.isInteger(value);
}

function boundsOf(schema: Keywords): { readonly low: number; readonly high: number } {
  const lows = [numberAt(schema, 'minimum'), numberAt(schema, 'exclusiveMinimum')];
  const highs = [numberAt(schema, 'maximum'), numberAt(schema, 'exclusiveMaximum')];
  return {
    low: Math.max(...lows.map((bound) => bound ?? Number.NEGATIVE_INFINITY)),
    high: Math.min(...highs.map((bound) => bound ?? Number.POSITIVE_INFINITY)),
  };
}

function isWithin(schema: Keywords, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  return (
    !(typeof minimum === 'number' && value < minimum) &&
    !(typeof maximum === 'number' && value > maximum) &&
    !(typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) &&
    !(typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
  );
}

/** Rounded to what a double shows, so that 0.1 × 3 is 0.3. */
function multiplesAround(value: number, step: number): readonly number[] {
  return [Math.floor(value / step), Math.ceil(value / step)].map((count) => Number((count * step).toPrecision(15)));
}

function numberAt(schema: Keywords, keyword: string): number | undefined {
  const value = schema[keyword];
  return typeof value === 'number' ? value : undefined;
}
