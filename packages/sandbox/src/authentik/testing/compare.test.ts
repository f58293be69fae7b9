import type { Reply } from '../../replay/send';
import { shapeProblems } from '../../replay/compare';
import { compare } from './compare';
import type { Exchange } from '../../replay/exchange';

function exchange(response: Partial<Exchange['response']>): Exchange {
  return {
    title: 'x',
    request: { method: 'GET', path: '/' },
    response: {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      ...response,
    },
  };
}

function reply(body: unknown, other: Partial<Reply> = {}): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...other,
  };
}

const problems = (recorded: Exchange, actual: Reply) =>
  compare(
    recorded,
    { body: recorded.response.body, location: undefined },
    actual,
  );

describe('compare', () => {
  it('sees a missing member, an extra one and another type', () => {
    expect(shapeProblems({ a: 1 }, {})).toEqual(['.a is missing']);
    expect(shapeProblems({}, { a: 1 })).toEqual(['.a is too much']);
    expect(shapeProblems({ a: 1 }, { a: '1' })).toEqual([
      '.a: number became string',
    ]);
    expect(shapeProblems({ a: null }, { a: [] })).toEqual([
      '.a: null became list',
    ]);
  });

  it('wants the elements of lists to have counterparts', () => {
    expect(shapeProblems([1], [2, 3])).toEqual([]);
    expect(shapeProblems([], [1])).toHaveLength(1);
    expect(shapeProblems([{ a: 1 }], [{ b: 1 }])).not.toEqual([]);
    expect(shapeProblems([{ a: 1 }, { b: 1 }], [{ a: 1 }])).not.toEqual([]);
  });

  it('lets identifiers and times differ, but no other value', () => {
    const recorded = exchange({
      body: {
        pk: 4,
        target: '5b09eebc-559e-414b-a295-e15e3d6620fd',
        created: '2026-11-23T18:55:01.501382Z',
        enabled: true,
        groups: ['a', 'b'],
      },
    });
    const same = {
      pk: 9,
      target: '297d3e99-588a-401b-a811-c2b04d6dc3a0',
      created: '2026-11-24T01:02:03.000000Z',
      enabled: true,
      groups: ['b', 'a'],
    };
    expect(problems(recorded, reply(same))).toEqual([]);
    expect(problems(recorded, reply({ ...same, enabled: false }))).toEqual([
      '.enabled: true became false',
    ]);
    expect(problems(recorded, reply({ ...same, target: 'nope' }))).not.toEqual(
      [],
    );
    expect(
      problems(recorded, reply({ ...same, groups: ['a', 'c'] })),
    ).not.toEqual([]);
  });

  it('sees another status, header, error text and page', () => {
    const ok = exchange({ body: {} });
    expect(problems(ok, reply({}, { status: 201 }))).toHaveLength(1);
    const html = { headers: { 'content-type': 'text/html' } };
    expect(problems(ok, reply('{}', html))).not.toEqual([]);
    const error = exchange({ status: 400, body: { slug: ['taken'] } });
    expect(
      problems(error, reply({ slug: ['taken'] }, { status: 400 })),
    ).toEqual([]);
    expect(
      problems(error, reply({ slug: ['Taken'] }, { status: 400 })),
    ).toHaveLength(1);
    const allow = exchange({
      body: {},
      headers: { 'Content-Type': 'application/json', Allow: 'GET' },
    });
    expect(problems(allow, reply({}))).toEqual(['Allow GET became undefined']);
    const page = exchange({
      headers: { 'Content-Type': 'text/html' },
      html: { title: 't', h1: 'Not Found', p: [] },
    });
    const found = '<title>t</title><h1>Found</h1>';
    expect(problems(page, reply(found, html))).toHaveLength(1);
  });

  it('lets a random text differ that is as long, whatever its letters', () => {
    const recorded = exchange({ body: { uid: '5njV2qtwESATzeLALL812Lylna' } });
    const letters = 'YEJRcxbQScdJfIGKePzBhliBGA';
    expect(problems(recorded, reply({ uid: letters }))).toEqual([]);
    expect(problems(recorded, reply({ uid: letters.toLowerCase() }))).toEqual(
      [],
    );
    expect(problems(recorded, reply({ uid: `${letters}x` }))).toHaveLength(1);
    expect(
      problems(recorded, reply({ uid: letters.replace('Y', ' ') })),
    ).toHaveLength(1);
  });

  it('looks into tokens', () => {
    const encode = (value: object) =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = (claims: object) =>
      `${encode({ alg: 'RS256' })}.${encode(claims)}.x`;
    const recorded: Exchange = {
      ...exchange({ body: { id_token: '' } }),
      decoded: {
        id_token: { header: { alg: 'RS256' }, claims: { groups: ['a'] } },
      },
    };
    const answer = (claims: object) =>
      compare(
        recorded,
        { body: { id_token: token(claims) }, location: undefined },
        reply({ id_token: token(claims) }),
      );
    expect(answer({ groups: ['a'] })).toEqual([]);
    expect(answer({ groups: ['b'] })).toHaveLength(1);
    expect(answer({})).toContain('id_token claims.groups is missing');
  });
});
