import { grantTurns, type Turn, type TurnKind } from './grant-turns.js';

describe(grantTurns.name, () => {
  it.each<[string, Turn[], string[]]>([
    ['the first, whatever it wants', [aTurn('a', 'exclusive')], ['a']],
    ['all that share', [aTurn('a', 'shared'), aTurn('b', 'shared')], ['a', 'b']],
    ['nobody beside one that has it alone', [held('a', 'exclusive'), aTurn('b', 'shared')], []],
    ['one alone only when nobody has it', [held('a', 'shared'), aTurn('b', 'exclusive')], []],
    [
      'nobody who came behind one that waits',
      [held('a', 'shared'), aTurn('b', 'exclusive'), aTurn('c', 'shared')],
      [],
    ],
    [
      'those in front of one that waits',
      [held('a', 'shared'), aTurn('b', 'shared'), aTurn('c', 'exclusive')],
      ['b'],
    ],
    ['nobody when all have it', [held('a', 'shared'), held('b', 'shared')], []],
  ])('lets %s', (_, turns, granted) => {
    expect(grantTurns(turns)).toEqual(granted);
  });
});

function aTurn(importId: string, kind: TurnKind): Turn {
  return { importId, kind, isGranted: false };
}

function held(importId: string, kind: TurnKind): Turn {
  return { importId, kind, isGranted: true };
}
