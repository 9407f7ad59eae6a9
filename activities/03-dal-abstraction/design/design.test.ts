import { describe, expect, it } from '@jest/globals';
import type { CallSite } from '../../../core/data-access.ts';
import { designLayer } from './design.ts';

type Tables = Parameters<typeof designLayer>[1];

const column = (name: string): Tables[number]['columns'][number] => ({ name }) as Tables[number]['columns'][number];
const unique = (name: string, ...columns: string[]): Tables[number]['indexes'][number] =>
  ({
    name,
    unique: true,
    parts: columns.map((one) => ({ column: one })),
  }) as unknown as Tables[number]['indexes'][number];

const TABLES: Tables = [
  {
    name: 'albums',
    columns: ['id', 'title', 'artist', 'plays'].map(column),
    primaryKey: ['id'],
    indexes: [unique('t', 'title')],
    foreignKeys: [],
  },
  {
    name: 'album_tracks',
    columns: ['album_id', 'position', 'name'].map(column),
    primaryKey: ['album_id', 'position'],
    indexes: [],
    foreignKeys: [
      {
        name: 'f',
        columns: ['album_id'],
        referencedTable: 'albums',
        referencedColumns: ['id'],
        onDelete: 'CASCADE',
        onUpdate: 'RESTRICT',
      },
    ],
  },
];

let number = 0;
function callSite(sql: string, more: Partial<CallSite> = {}): CallSite {
  number += 1;
  const [first = '', ...rest] = sql.split('?');
  return {
    id: `CS-${number}`,
    span: { file: 'a.ts', line: number, column: 1, start: 0, end: 0 },
    within: 'Repository.method',
    api: 'execute',
    style: 'promise',
    receiver: 'pool',
    statement: (/^\s*(\w+)/.exec(sql)?.[1] ?? 'other').toLowerCase() as CallSite['statement'],
    result: 'rows',
    inputs: rest.map((_, index) => ({ name: `p${index}`, source: `p${index}`, type: 'string' })),
    template: {
      parts: [
        { kind: 'text', text: first },
        ...rest.flatMap((text, index) => [
          { kind: 'parameter' as const, expression: `p${index}` },
          { kind: 'text' as const, text },
        ]),
      ],
    },
    ...more,
  };
}

const names = (...sites: CallSite[]): string[] =>
  designLayer(sites, TABLES).methods.map((one) => `${one.aggregate}.${one.name}`);

describe('designing the layer', () => {
  it('names methods for what they do, and puts parts with their owner', () => {
    expect(
      names(
        callSite('SELECT * FROM albums WHERE id = ?'),
        callSite('SELECT * FROM albums WHERE artist = ? ORDER BY id'),
        callSite('SELECT COUNT(*) AS n FROM albums WHERE artist = ?'),
        callSite('INSERT INTO albums (title) VALUES (?)'),
        callSite('UPDATE albums SET plays = plays + 1 WHERE id = ?'),
        callSite('DELETE FROM album_tracks WHERE album_id = ? AND position = ?'),
        callSite(
          'INSERT INTO album_tracks (album_id, position, name) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE name = VALUES(name)',
        ),
        callSite('SELECT artist, COUNT(*) FROM albums GROUP BY artist'),
        callSite('SELECT title FROM albums WHERE id = ? FOR UPDATE'),
      ),
    ).toEqual([
      'albums.findById',
      'albums.listByArtist',
      'albums.countByArtist',
      'albums.insert',
      'albums.updatePlaysById',
      'albums.deleteAlbumTracksByAlbumIdAndPosition',
      'albums.upsertAlbumTracks',
      'albums.summarisePerArtist',
      'albums.lockById',
    ]);
  });

  it('gives statements of one name different ones, always the same', () => {
    const sites = [
      callSite('SELECT * FROM albums WHERE id = ?'),
      callSite('SELECT title FROM albums WHERE id = ?'),
      callSite('SELECT id, title FROM albums WHERE id = ?', { within: 'Repository.short' }),
      callSite('SELECT id, title, plays FROM albums WHERE id = ?', { within: 'GET /x' }),
    ];
    expect(names(...sites)).toEqual([
      'albums.findById',
      'albums.findTitleById',
      'albums.findByIdForShort',
      'albums.findById2',
    ]);
  });

  it('lets call sites of one statement share a method, and tells them apart by type', () => {
    const one = callSite('SELECT * FROM albums WHERE id = ?', { rowType: 'A' });
    const design = designLayer([one, { ...one, id: 'X' }, { ...one, id: 'Y', rowType: 'B' }], TABLES);
    expect(design.methods.map((method) => method.callSites.map(({ id }) => id))).toEqual([[one.id, 'X'], ['Y']]);
  });

  it('makes a ping of the question whether the database is there', () => {
    const design = designLayer([callSite('SELECT 1')], TABLES);
    expect([design.methods.length, design.pings.length]).toEqual([0, 1]);
  });
});
