import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { del, get, listed, makeDocument, makeFolder, NO_ID, put, unique } from './client.js'

describe('lists of documents', () => {
  test('of one folder, or of all below it too', async () => {
    const top = await makeFolder()
    const inner = await makeFolder(top)
    const [a, b] = [await makeDocument({ folderId: top }), await makeDocument({ folderId: inner })]
    assert.deepEqual(await listed(`folder=${top}&sort=title`), [a])
    assert.deepEqual(await listed(`folder=${top}&deep=true&sort=title`), [a, b])
  })

  test('of those in no folder, and of those in the bin', async () => {
    const owner = unique('owner')
    const loose = await makeDocument({ owner })
    const kept = await makeDocument({ owner, folderId: await makeFolder() })
    const gone = await makeDocument({ owner })
    await del(`/documents/${gone}`)
    assert.deepEqual(await listed(`owner=${owner}&loose=true`), [loose])
    assert.deepEqual(await listed(`owner=${owner}&deleted=true`), [gone])
    assert.deepEqual(await listed(`owner=${owner}&sort=title`), [loose, kept])
  })

  test('filters are all meant at once', async () => {
    const owner = unique('owner')
    const make = (fields) => makeDocument({ owner, ...fields })
    const wanted = await make({
      status: 'review',
      dueOn: '2026-03-10',
      sizeBytes: 500,
      priority: 2,
    })
    await make({ status: 'draft', dueOn: '2026-03-10', sizeBytes: 500, priority: 2 })
    await make({ status: 'review', dueOn: '2026-04-01', sizeBytes: 500, priority: 2 })
    await make({ status: 'review', dueOn: null, sizeBytes: 500, priority: 2 })
    await make({ status: 'final', dueOn: '2026-03-10', sizeBytes: 499, priority: 2 })
    await make({ status: 'final', dueOn: '2026-03-10', sizeBytes: 500, priority: 3 })
    assert.deepEqual(
      await listed(
        `owner=${owner}&status=review,final&dueFrom=2026-03-10&dueBefore=2026-04-01&minSize=500&maxPriority=2`,
      ),
      [wanted],
    )
  })

  test('a search looks anywhere in the title, case and accents aside, wildcards being letters', async () => {
    const word = unique('café')
    const id = await makeDocument({ title: `the ${word} lease` })
    assert.deepEqual(
      await listed(`q=${encodeURIComponent(word.replace('é', 'E').toUpperCase())}`),
      [id],
    )
    const percent = await makeDocument({ title: `${word} 50% off` })
    assert.deepEqual(await listed(`q=${encodeURIComponent(`${word} 50%`)}`), [percent])
    assert.deepEqual(await listed(`q=${encodeURIComponent(`${word}%off`)}`), [])
  })

  test('tags are all wanted together', async () => {
    const [red, blue] = [unique('red'), unique('blue')]
    const [both, one] = [await makeDocument(), await makeDocument()]
    await put(`/documents/${both}/tags`, { tags: [red, blue] })
    await put(`/documents/${one}/tags`, { tags: [red] })
    assert.deepEqual(await listed(`tag=${red}&sort=title`), [both, one])
    assert.deepEqual(await listed(`tag=${red}&tag=${blue}`), [both])
    assert.deepEqual(await listed(`tag=${blue}&tag=${unique()}`), [])
    for (const id of [both, one]) await del(`/documents/${id}`)
  })

  test('several columns sort, each up or down; ties are in order of id', async () => {
    const owner = unique('owner')
    const make = (priority, title) => makeDocument({ owner, priority, title })
    const ids = [await make(2, 'b'), await make(1, 'A'), await make(1, 'c'), await make(2, 'a')]
    const [first, second, third, fourth] = ids
    assert.deepEqual(await listed(`owner=${owner}&sort=priority,-title`), [
      third,
      second,
      first,
      fourth,
    ])
    assert.deepEqual(await listed(`owner=${owner}&sort=-priority`), [first, fourth, second, third])
    assert.deepEqual(await listed(`owner=${owner}&sort=title`), [second, fourth, first, third])
    assert.deepEqual(await listed(`owner=${owner}&sort=id;drop`), ids)
  })

  test('without a due date comes last, or first when reversed', async () => {
    const owner = unique('owner')
    const none = await makeDocument({ owner })
    const early = await makeDocument({ owner, dueOn: '2025-12-31' })
    const late = await makeDocument({ owner, dueOn: '2026-01-01' })
    assert.deepEqual(await listed(`owner=${owner}&sort=due`), [early, late, none])
    assert.deepEqual(await listed(`owner=${owner}&sort=-due`), [none, late, early])
  })

  test('pages are of one list, with its total', async () => {
    const owner = unique('owner')
    const ids = []
    for (let index = 0; index < 5; index += 1) ids.push(await makeDocument({ owner }))
    const { body } = await get(`/documents?owner=${owner}&sort=title&page=2&pageSize=2`)
    assert.deepEqual(
      body.documents.map(({ id }) => id),
      ids.slice(2, 4),
    )
    assert.deepEqual([body.total, body.page, body.pageSize], [5, 2, 2])
    const after = (await get(`/documents?owner=${owner}&page=9`)).body
    assert.deepEqual([after.documents, after.total], [[], 5])
  })

  test('what is not understood is refused', async () => {
    for (const query of [
      'status=lost',
      'page=0',
      'pageSize=101',
      'dueFrom=May',
      'folder=x',
      'colour=red',
    ]) {
      assert.equal((await get(`/documents?${query}`)).status, 400, query)
    }
  })
})

describe('tags', () => {
  test('a document has the tags of the last set, in order', async () => {
    const id = await makeDocument()
    const tags = async (list) => (await put(`/documents/${id}/tags`, { tags: list })).body.tags
    assert.deepEqual(await tags(['b', 'a']), ['a', 'b'])
    assert.deepEqual(await tags(['c', 'A']), ['a', 'c'])
    assert.deepEqual(await tags([]), [])
  })

  test('twice the same tag, too many, or a document in the bin are refused', async () => {
    const id = await makeDocument()
    assert.equal((await put(`/documents/${id}/tags`, { tags: ['a', 'a'] })).status, 400)
    const many = Array.from({ length: 21 }, (_, index) => `tag-${index}`)
    assert.equal((await put(`/documents/${id}/tags`, { tags: many })).status, 400)
    await del(`/documents/${id}`)
    assert.equal((await put(`/documents/${id}/tags`, { tags: ['a'] })).status, 404)
    assert.equal((await put(`/documents/${NO_ID}/tags`, { tags: [] })).status, 404)
  })

  test('the most used tags come first, those of documents in the bin not counted', async () => {
    const tag = unique('tag')
    const ids = [await makeDocument(), await makeDocument(), await makeDocument()]
    for (const id of ids) await put(`/documents/${id}/tags`, { tags: [tag] })
    const count = async () =>
      (await get('/tags?limit=100')).body.tags.find((each) => each.tag === tag)?.documents
    assert.equal(await count(), 3)
    await del(`/documents/${ids[0]}`)
    assert.equal(await count(), 2)
    const { tags } = (await get('/tags?limit=2')).body
    assert.equal(tags.length, 2)
    assert.ok(tags[0].documents >= tags[1].documents)
    for (const id of ids.slice(1)) await del(`/documents/${id}`)
    assert.equal(await count(), undefined)
    assert.equal((await get('/tags?limit=0')).status, 400)
  })
})
