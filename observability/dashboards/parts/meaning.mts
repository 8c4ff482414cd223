import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** What 0 and 1 stand for in a timeline, in words and in colour; more than 1 is as 1. */
export interface Meaning {
  zero: [text: string, color: string];
  one: [text: string, color: string];
}

export const upIsGood: Meaning = { zero: ['down', 'red'], one: ['up', 'green'] };
export const onIsBad: Meaning = { zero: ['off', 'green'], one: ['on', 'red'] };
export const openIsBad: Meaning = { zero: ['none', 'green'], one: ['open', 'red'] };

export function mappingsOf({ zero, one }: Meaning): ValueMapping[] {
  return [
    {
      type: MappingType.ValueToText,
      options: { '0': { text: zero[0], color: zero[1], index: 0 } },
    },
    {
      type: MappingType.RangeToText,
      options: { from: 1, to: null, result: { text: one[0], color: one[1], index: 1 } },
    },
  ];
}
