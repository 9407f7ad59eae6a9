import {
  createFolder,
  deleteFolder,
  folderTree,
  listFolders,
  moveFolder,
  readFolder,
  restoreFolder,
  updateFolder,
} from '../repositories/folders.js'
import { body, idParams } from './schemas.js'

const name = { type: 'string', minLength: 1, maxLength: 80, pattern: '\\S' }
const parentId = { type: ['integer', 'null'], minimum: 1 }

export async function folderRoutes(app) {
  app.post(
    '/folders',
    { schema: { body: body({ name, parentId }, ['name']) } },
    async (request, reply) => reply.code(201).send(await createFolder(request.body)),
  )

  app.get('/folders', async () => ({ folders: await listFolders() }))

  app.get('/folders/:id', { schema: idParams }, async (request) => readFolder(request.params.id))

  app.get(
    '/folders/:id/tree',
    {
      schema: {
        ...idParams,
        querystring: body({ depth: { type: 'integer', minimum: 0, maximum: 50, default: 50 } }),
      },
    },
    async (request) => ({ folders: await folderTree(request.params.id, request.query.depth) }),
  )

  app.patch('/folders/:id', { schema: { ...idParams, body: body({ name }) } }, async (request) =>
    updateFolder(request.params.id, request.body),
  )

  app.post(
    '/folders/:id/move',
    { schema: { ...idParams, body: body({ parentId }, ['parentId']) } },
    async (request) => moveFolder(request.params.id, request.body.parentId),
  )

  app.delete('/folders/:id', { schema: idParams }, async (request) =>
    deleteFolder(request.params.id),
  )

  app.post('/folders/:id/restore', { schema: idParams }, async (request) =>
    restoreFolder(request.params.id),
  )
}
