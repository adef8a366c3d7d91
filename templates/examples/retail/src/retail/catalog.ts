/** The products of the example's shop: fifty product types, each with a variant per combination of options. */
import { roundToCents } from './money.ts';
import type { Product, Variant } from './types.ts';

type Axes = Readonly<Record<string, readonly string[]>>;

const TYPES: readonly (readonly [name: string, price: number, axes: Axes])[] = [
  ['Air Purifier', 240.5, { 'room size': ['small', 'medium', 'large'], 'filter type': ['HEPA', 'carbon'] }],
  ['Alarm Clock', 24.9, { color: ['white', 'red', 'black'], display: ['digital', 'analog'] }],
  ['Backpack', 89.95, { color: ['grey', 'navy', 'green'], size: ['small', 'large'] }],
  ['Bath Towel', 18.5, { color: ['white', 'blue', 'sand'], size: ['hand', 'bath'] }],
  ['Bicycle', 620, { frame: ['S', 'M', 'L'], gears: ['8', '21'] }],
  ['Blender', 74.25, { color: ['black', 'steel'], capacity: ['1.0 L', '1.5 L', '2.0 L'] }],
  ['Bluetooth Speaker', 65.4, { color: ['red', 'blue', 'black'], 'water resistance': ['yes', 'no'] }],
  ['Bookshelf', 132.8, { wood: ['oak', 'pine', 'walnut'], shelves: ['4', '5'] }],
  ['Camping Lantern', 34.75, { color: ['orange', 'olive'], power: ['battery', 'solar', 'gas'] }],
  ['Chess Set', 54.6, { material: ['wood', 'marble', 'plastic'], board: ['foldable', 'fixed'] }],
  ['Coffee Grinder', 58.3, { color: ['black', 'steel'], drive: ['manual', 'electric'] }],
  ['Cutting Board', 21.15, { material: ['bamboo', 'walnut', 'plastic'], size: ['S', 'L'] }],
  ['Desk Chair', 215.45, { color: ['black', 'grey'], armrests: ['fixed', 'adjustable', 'none'] }],
  ['Desk Lamp', 42.95, { color: ['black', 'white', 'silver'], brightness: ['low', 'high'] }],
  ['Digital Camera', 489.9, { resolution: ['20 MP', '24 MP', '30 MP'], zoom: ['3x', '5x'] }],
  ['Dumbbell Set', 96.7, { weight: ['20 kg', '30 kg', '40 kg'], material: ['iron', 'rubber'] }],
  ['Earbuds', 79.2, { color: ['black', 'white', 'mint'], 'noise cancelling': ['yes', 'no'] }],
  ['Electric Kettle', 46.85, { color: ['white', 'black', 'steel'], capacity: ['1 L', '1.7 L'] }],
  ['Espresso Machine', 312.4, { pressure: ['9 bar', '15 bar', '19 bar'], capsules: ['yes', 'no'] }],
  ['Fleece Blanket', 27.6, { color: ['beige', 'teal', 'grey'], size: ['single', 'double'] }],
  ['Fountain Pen', 38.25, { nib: ['fine', 'medium', 'broad'], color: ['black', 'blue'] }],
  [
    'Gaming Mouse',
    59.9,
    { color: ['black', 'white'], sensor: ['optical', 'laser'], connection: ['wired', 'wireless'] },
  ],
  ['Garden Hose', 31.3, { length: ['15 m', '25 m', '50 m'], material: ['vinyl', 'rubber'] }],
  ['Grill', 268.75, { fuel: ['charcoal', 'gas', 'electric'], size: ['portable', 'large'] }],
  ['Hair Dryer', 49.4, { color: ['pink', 'black'], power: ['1600 W', '2000 W', '2400 W'] }],
  ['Headphones', 149.95, { type: ['on-ear', 'over-ear', 'in-ear'], connection: ['wired', 'wireless'] }],
  ['Hiking Boots', 139.5, { size: ['8', '9', '10', '11'], waterproof: ['yes', 'no'] }],
  ['Indoor Plant Pot', 16.9, { color: ['terracotta', 'white', 'black'], size: ['15 cm', '25 cm'] }],
  ['Jigsaw Puzzle', 22.45, { pieces: ['500', '1000', '2000'], theme: ['animals', 'art'] }],
  ['Kitchen Scale', 29.8, { color: ['black', 'white'], capacity: ['5 kg', '10 kg'] }],
  ['Laptop Stand', 44.1, { material: ['aluminium', 'wood'], height: ['fixed', 'adjustable'] }],
  ['Luggage Set', 198.6, { pieces: ['2', '3'], color: ['red', 'navy', 'silver'] }],
  ['Mechanical Keyboard', 112.35, { switch: ['clicky', 'linear', 'tactile'], layout: ['full', 'compact'] }],
  ['Monitor', 279.9, { size: ['24"', '27"', '32"'], panel: ['IPS', 'VA'] }],
  ['Notebook', 9.75, { ruling: ['lined', 'dotted', 'blank'], cover: ['soft', 'hard'] }],
  ['Office Desk', 334.2, { wood: ['oak', 'birch'], width: ['120 cm', '140 cm', '160 cm'] }],
  ['Paint Brush Set', 19.25, { bristle: ['synthetic', 'natural'], pieces: ['6', '12'] }],
  ['Picnic Basket', 63.7, { persons: ['2', '4'], lining: ['red', 'blue'] }],
  ['Rain Jacket', 104.95, { color: ['yellow', 'navy'], size: ['S', 'M', 'L'] }],
  ['Robot Vacuum', 389.5, { mop: ['yes', 'no'], dock: ['plain', 'self-emptying'] }],
  ['Running Shoes', 118.4, { color: ['white', 'black'], size: ['8', '9', '10'] }],
  ['Sleeping Bag', 87.3, { warmth: ['summer', '3 seasons', 'winter'], length: ['regular', 'long'] }],
  ['Smart Watch', 229.9, { color: ['black', 'gold'], band: ['silicone', 'leather', 'metal'] }],
  ['Table Tennis Set', 33.6, { rackets: ['2', '4'], net: ['yes', 'no'] }],
  ['Tablet', 349, { storage: ['64 GB', '128 GB', '256 GB'], connection: ['wifi', 'cellular'] }],
  ['Tea Kettle', 41.5, { material: ['steel', 'glass', 'ceramic'], capacity: ['1 L', '1.5 L'] }],
  ['Tent', 256.8, { persons: ['2', '4', '6'], seasons: ['3', '4'] }],
  ['Wall Clock', 36.2, { diameter: ['25 cm', '35 cm'], color: ['white', 'black', 'wood'] }],
  ['Water Bottle', 17.95, { capacity: ['500 ml', '750 ml', '1 L'], color: ['black', 'green'] }],
  ['Yoga Mat', 39.85, { thickness: ['4 mm', '6 mm'], material: ['PVC', 'TPE', 'rubber'] }],
];

/** Every product of the shop, in the order of the names. */
export const PRODUCTS: readonly Product[] = TYPES.map(([name, price, axes], index) => {
  const variants = combinations(axes).map((options, position) => variantOf({ index, position, price, options }));
  return {
    name,
    product_id: String(6_000_000_000 + index * 7_654_321),
    variants: Object.fromEntries(variants.map((variant) => [variant.item_id, variant])),
  };
});

/** Ids, prices and stock follow from the position, so that the shop is the same on every machine. */
function variantOf(of: {
  readonly index: number;
  readonly position: number;
  readonly price: number;
  readonly options: Record<string, string>;
}): Variant {
  return {
    item_id: String(1_000_000_000 + of.index * 31_415_927 + of.position * 2_718_281),
    options: of.options,
    available: (of.index + of.position) % 4 !== 3,
    price: roundToCents(of.price * (1 + of.position * 0.06)),
  };
}

function combinations(axes: Axes): Record<string, string>[] {
  return Object.entries(axes).reduce<Record<string, string>[]>(
    (found, [axis, values]) => found.flatMap((options) => values.map((value) => ({ ...options, [axis]: value }))),
    [{}],
  );
}
