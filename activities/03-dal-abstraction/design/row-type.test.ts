import { expect, it } from '@jest/globals';
import { withoutDriver } from './row-type.ts';

it.each([
  ['AlbumRow', 'AlbumRow'],
  ['RowDataPacket', undefined],
  ['(RowDataPacket & { id: string; plays: number })', '{ id: string; plays: number }'],
  ['AlbumRow & RowDataPacket', 'AlbumRow'],
  ['(RowDataPacket & AlbumRow & { plays: number })', '(AlbumRow & { plays: number })'],
  ['(AlbumRow | TrackRow)', '(AlbumRow | TrackRow)'],
  ["Pick<AlbumRow, 'id'>", "Pick<AlbumRow, 'id'>"],
])('of the row type %s the application owns %s', (type, own) => {
  expect(withoutDriver(type)).toBe(own);
});
