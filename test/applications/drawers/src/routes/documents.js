import {
  createDocument,
  deleteDocument,
  importDocument,
  listDocuments,
  readDocument,
  restoreDocument,
  updateDocument,
} from '../repositories/documents.js'
import { folderPath } from '../repositories/folders.js'
import { replaceTags } from '../repositories/tags.js'
import { body, idParams } from './schemas.js'

const date = { type: 'string', format: 'date' }
const word = (maxLength) => ({ type: 'string', minLength: 1, maxLength, pattern: '\\S' })
const sizeBytes = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const fields = {
  folderId: { type: ['integer', 'null'], minimum: 1 },
  title: word(200),
  owner: word(60),
  status: { enum: ['draft', 'review', 'final'] },
  priority: { type: 'integer', minimum: 1, maximum: 5 },
  sizeBytes,
  dueOn: { type: ['string', 'null'], format: 'date' },
  source: { type: ['string', 'null'], minLength: 1, maxLength: 30 },
  sourceRef: { type: ['string', 'null'], minLength: 1, maxLength: 60 },
}
const list = body({
  folder: { type: 'integer', minimum: 1 },
  deep: { type: 'boolean', default: false },
  loose: { type: 'boolean', default: false },
  deleted: { type: 'boolean', default: false },
  status: { type: 'string', pattern: '^(draft|review|final)(,(draft|review|final))*$' },
  owner: { type: 'string' },
  source: { type: 'string' },
  q: { type: 'string', minLength: 1, maxLength: 80 },
  dueFrom: date,
  dueBefore: date,
  minSize: sizeBytes,
  maxPriority: { type: 'integer' },
  tag: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 5 },
  sort: { type: 'string', maxLength: 80, default: '-updated' },
  page: { type: 'integer', minimum: 1, maximum: 1000, default: 1 },
  pageSize: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
})

export async function documentRoutes(app) {
  app.post(
    '/documents',
    { schema: { body: body(fields, ['title', 'owner']) } },
    async (request, reply) => reply.code(201).send(await createDocument(request.body)),
  )

  app.get('/documents', { schema: { querystring: list } }, async (request) =>
    listDocuments(request.query),
  )

  app.get('/documents/:id', { schema: idParams }, async (request) => {
    const document = await readDocument(request.params.id)
    const path = document.folderId === null ? [] : await folderPath(document.folderId)
    return { ...document, path: path.map(({ name }) => name) }
  })

  app.patch(
    '/documents/:id',
    { schema: { ...idParams, body: body({ ...fields, version: { type: 'integer' } }) } },
    async (request) => updateDocument(request.params.id, request.body),
  )

  app.delete('/documents/:id', { schema: idParams }, async (request, reply) => {
    await deleteDocument(request.params.id)
    return reply.code(204).send()
  })

  app.post('/documents/:id/restore', { schema: idParams }, async (request) =>
    restoreDocument(request.params.id),
  )

  const tags = { type: 'array', maxItems: 20, uniqueItems: true, items: word(30) }
  app.put(
    '/documents/:id/tags',
    { schema: { ...idParams, body: body({ tags }, ['tags']) } },
    async (request) => {
      await replaceTags(request.params.id, request.body.tags)
      return readDocument(request.params.id)
    },
  )

  app.put(
    '/imports/:source/:ref',
    {
      schema: {
        params: body({ source: word(30), ref: word(60) }),
        body: body({ title: fields.title, owner: fields.owner, sizeBytes }, ['title', 'owner']),
      },
    },
    async (request, reply) => {
      const { source, ref } = request.params
      const { created, document } = await importDocument(source, ref, {
        sizeBytes: 0,
        ...request.body,
      })
      return reply.code(created ? 201 : 200).send(document)
    },
  )
}
