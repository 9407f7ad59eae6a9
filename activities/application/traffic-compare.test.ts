import { describe, expect, it } from '@jest/globals';
import type { Exchange, Recording, RecordedResponse } from './exchange.ts';
import { fromJsonLines, toJsonLines } from './exchange.ts';
import { compareRecordings } from './traffic.ts';

const at = (iso: string): number => Date.parse(iso);
const first = { from: at('2026-03-01T10:00:00.500Z'), to: at('2026-03-01T10:01:00Z') };
const second = { from: at('2026-03-01T11:00:00Z'), to: at('2026-03-01T11:01:00Z') };

const BODY = {
  items: [
    { id: 1, price: '9.90', ratio: 1.5, name: 'Tea', note: null },
    { id: 2, price: '12.00', ratio: 2, name: 'Kettle', note: '' },
  ],
  total: 2,
};

function response(body: string, change: Partial<RecordedResponse> = {}): RecordedResponse {
  return { status: 200, contentType: 'application/json; charset=utf-8', body, ...change };
}

function recording(answer: RecordedResponse, window = first): Recording {
  const exchange: Exchange = {
    number: 1,
    request: { method: 'GET', path: '/items?page=1', headers: [] },
    response: answer,
  };
  return { window, exchanges: [exchange] };
}

function differences(left: RecordedResponse, right: RecordedResponse): string[] {
  return compareRecordings(recording(left), recording(right, second)).differences.map(({ at: place }) => place);
}

describe('comparing recorded with replayed traffic', () => {
  it('finds nothing where nothing differs', () => {
    const report = compareRecordings(
      recording(response(JSON.stringify(BODY))),
      recording(response(JSON.stringify(BODY)), second),
    );
    expect(report).toEqual({ requests: 1, equal: 1, different: 0, differences: [] });
  });

  const corruptions: [name: string, corrupt: (body: typeof BODY) => unknown, place: string][] = [
    ['order of a list', (body) => ({ ...body, items: [...body.items].reverse() }), '$.items[0].id'],
    [
      'one field',
      (body) => ({ ...body, items: [{ ...body.items[0], name: 'tea' }, body.items[1]] }),
      '$.items[0].name',
    ],
    [
      'number for string',
      (body) => ({ ...body, items: [{ ...body.items[0], price: 9.9 }, body.items[1]] }),
      '$.items[0].price',
    ],
    ['string for number', (body) => ({ ...body, total: '2' }), '$.total'],
    ['a missing element', (body) => ({ ...body, items: body.items.slice(0, 1) }), '$.items.length'],
    ['one element more', (body) => ({ ...body, items: [...body.items, body.items[1]] }), '$.items.length'],
    [
      'null for absent',
      (body) => ({ ...body, items: [{ ...body.items[0], note: undefined }, body.items[1]] }),
      '$.items[0] (keys)',
    ],
    [
      'empty string for null',
      (body) => ({ ...body, items: [{ ...body.items[0], note: '' }, body.items[1]] }),
      '$.items[0].note',
    ],
    ['order of keys', (body) => ({ total: body.total, items: body.items }), '$ (keys)'],
    ['list for object', (body) => ({ ...body, items: {} }), '$.items'],
  ];
  it.each(corruptions)('finds %s', (_name, corrupt, place) => {
    expect(
      differences(response(JSON.stringify(BODY)), response(JSON.stringify(corrupt(structuredClone(BODY))))),
    ).toEqual([place]);
  });

  it('finds a number that is written otherwise, though equal in JavaScript', () => {
    expect(differences(response('{"a":1.0}'), response('{"a":1}'))).toEqual(['body, character 6']);
    expect(differences(response('{"id":9007199254740993}'), response('{"id":9007199254740992}'))).toHaveLength(1);
  });

  it('finds status and content type', () => {
    expect(differences(response('{}'), response('{}', { status: 500 }))).toEqual(['status']);
    expect(differences(response('{}'), response('{}', { contentType: 'text/html' }))).toEqual(['content-type']);
  });

  it('finds an answer that never came', () => {
    const report = compareRecordings(recording(response('{}')), { window: second, exchanges: [] });
    expect(report.differences[0]?.replayed).toBe('absent');
  });

  it('lets the clock differ, in each form, where both values come from their own run', () => {
    expect(
      differences(response('{"at":"2026-03-01T10:00:30.123Z"}'), response('{"at":"2026-03-01T11:00:30.456Z"}')),
    ).toEqual([]);
    expect(
      differences(response('{"at":"2026-03-01 10:00:30.123456"}'), response('{"at":"2026-03-01 11:00:30.000001"}')),
    ).toEqual([]);
    expect(differences(response('{"at":"2026-03-01 10:00:00"}'), response('{"at":"2026-03-01 11:00:00"}'))).toEqual([]);
  });

  it('does not let stored moments differ', () => {
    expect(differences(response('{"at":"2026-02-01T10:00:30Z"}'), response('{"at":"2026-02-01T10:00:31Z"}'))).toEqual([
      '$.at',
    ]);
    expect(differences(response('{"at":"2026-02-01T10:00:30Z"}'), response('{"at":"2026-03-01T11:00:30Z"}'))).toEqual([
      '$.at',
    ]);
  });

  it('finds a moment that lost its fraction, its zone or its place', () => {
    expect(differences(response('{"at":"2026-03-01 10:00:30.123"}'), response('{"at":"2026-03-01 11:00:30"}'))).toEqual(
      ['$.at'],
    );
    expect(differences(response('{"at":"2026-03-01T10:00:30Z"}'), response('{"at":"2026-03-01 11:00:30"}'))).toEqual([
      '$.at',
    ]);
    expect(differences(response('{"at":"2026-03-01T10:00:30Z","b":1}'), response('{"at":null,"b":1}'))).toEqual([
      '$.at',
    ]);
  });

  it('reads its own lines back', () => {
    const one = recording(response(JSON.stringify(BODY)));
    expect(fromJsonLines(toJsonLines(one))).toEqual(one);
  });
});
