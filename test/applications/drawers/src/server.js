import { buildApp } from './app.js'

if (!process.env.DATABASE_URL) {
  console.error('DATABASE_URL must be set, such as mysql://user@127.0.0.1:3306/drawers')
  process.exit(1)
}

const app = buildApp()
const address = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3000) })
console.log(`drawers at ${address}`)

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => app.close())
