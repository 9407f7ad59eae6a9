import Fastify from 'fastify'
import { pool } from './db.js'
import { handleError } from './errors.js'
import { popularTags } from './repositories/tags.js'
import { documentRoutes } from './routes/documents.js'
import { folderRoutes } from './routes/folders.js'
import { body } from './routes/schemas.js'

export function buildApp() {
  const app = Fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array' } } })
  app.setErrorHandler(handleError)
  app.setNotFoundHandler((request, reply) => reply.code(404).send({ error: 'no such route' }))
  app.addHook('onClose', () => pool.end())

  app.get('/health', async () => {
    await pool.query('SELECT 1')
    return { status: 'ok' }
  })
  app.register(folderRoutes)
  app.register(documentRoutes)
  app.get(
    '/tags',
    {
      schema: {
        querystring: body({ limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 } }),
      },
    },
    async (request) => ({ tags: await popularTags(request.query.limit) }),
  )
  return app
}
